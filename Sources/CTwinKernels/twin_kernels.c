#include "twin_kernels.h"

#include "twin_line.h"
#include "twin_move.h"

INLINE void exps_of(const double *x, double *y, size_t count) {
  size_t j = 0;
  for (; j + LANES <= count; j += LANES) *(v8_any *)(y + j) = exp_8(*(const v8_any *)(x + j));
  for (; j < count; j++) y[j] = exp_1(x[j]);
}

/* ---- one machine code per vector width ---- */

/* A call of the code made for cells with or without hysteresis, and with or without a surface that lags. */
#define MADE_FOR(model, function, ...)                                                             \
  ((model)->lag_h > 0                                                                              \
    ? ((model)->hysteresis_rate > 0 ? function(__VA_ARGS__, 1, 1) : function(__VA_ARGS__, 0, 1))   \
    : ((model)->hysteresis_rate > 0 ? function(__VA_ARGS__, 1, 0) : function(__VA_ARGS__, 0, 0)))

#define KERNELS(width, narrow, target)                                                             \
  target __attribute__((noinline)) static void lines_##width(                                      \
    const twin_cells *cells, const stretch *s, int blended) {                                      \
    line_of_stretch(cells, s, blended);                                                            \
  }                                                                                                \
  target __attribute__((noinline)) static void limits_##width(const twin_cells *cells,             \
    const stretch *s, const limit_step *limit, int blended, line_part_8 *found,                    \
    const line_look *look) {                                                                       \
    limit_of_stretch(cells, s, limit, blended, found, look);                                       \
  }                                                                                                \
  static const stretch_code code_##width = {lines_##width, limits_##width};                        \
  target static twin_pack_line begin_##width(const twin_cells *cells,                              \
    const twin_cell_model *model, const twin_step_coefficients *step, double estimated_a,          \
    twin_bounds bounds, twin_pack_limits *limits) {                                                \
    return MADE_FOR(model, begin_pack, cells, &code_##width, model, step, estimated_a, bounds,     \
      limits, narrow);                                                                             \
  }                                                                                                \
  target static int share_##width(const twin_cells *cells, const twin_cell_model *model,           \
    const twin_step_coefficients *step, double pack_a, twin_bounds bounds, twin_pack_line *line,   \
    twin_pack_limits *limits) {                                                                    \
    return MADE_FOR(model, share_pack, cells, &code_##width, model, step, pack_a, bounds, line,    \
      limits, narrow);                                                                             \
  }                                                                                                \
  target static void finish_##width(const twin_cells *cells, const twin_cell_model *model,         \
    const twin_step_coefficients *step, double pack_a, const twin_heat *heat,                      \
    const twin_surroundings *around, twin_summary *summary, twin_losses *losses) {                 \
    MADE_FOR(                                                                                      \
      model, finish_pack, cells, model, step, pack_a, heat, around, summary, losses, narrow);      \
  }                                                                                                \
  target static twin_summary summarise_##width(const twin_cells *cells) {                          \
    return summarise_pack(cells);                                                                  \
  }                                                                                                \
  target static void apply_##width(const double *matrix, size_t nodes, size_t stride,              \
    const double *x, double *y) {                                                                  \
    apply_matrix(matrix, nodes, stride, x, y);                                                     \
  }                                                                                                \
  target static void exps_##width(const double *x, double *y, size_t count) {                      \
    exps_of(x, y, count);                                                                          \
  }                                                                                                \
  static const twin_kernels kernels_##width = {#width, begin_##width, share_##width,               \
    finish_##width, summarise_##width, apply_##width, exps_##width};

KERNELS(portable, 1, )
#if defined(__x86_64__)
KERNELS(avx2, 0, __attribute__((target("avx2"))))
KERNELS(avx512, 0, __attribute__((target("avx512f,avx512vl,avx512dq"))))
#endif

const twin_kernels *twin_kernels_for(int width) {
  switch (width) {
  case TWIN_PORTABLE: return &kernels_portable;
#if defined(__x86_64__)
  case TWIN_AVX2: return __builtin_cpu_supports("avx2") ? &kernels_avx2 : NULL;
  case TWIN_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq")
      ? &kernels_avx512 : NULL;
#endif
  default: return NULL;
  }
}

void twin_currents(const twin_cells *pack, double pack_a, double *current) {
  if (pack->parallel == 1 && pack->strings == 1) {
    for (size_t j = 0; j < pack->count; j++) current[j] = pack_a;
    return;
  }
  double *string_a = current + pack->count;
  share_strings(pack, pack_a, string_a);
  const double *e = of_groups(pack, TWIN_GROUP_E), *r = of_groups(pack, TWIN_GROUP_R);
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  for (size_t g = 0; g < pack->series * pack->strings; g++) {
    const double volt = e[g] - r[g] * string_a[g / pack->series];
    for (size_t j = g * pack->parallel; j < (g + 1) * pack->parallel; j++)
      current[j] = current_1(pack->cells + TWIN_PLACE(0, j), volt, blend[g], 1);
  }
}

double twin_exp(double x) { return exp_1(x); }

double twin_log(double x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inf() : __builtin_nan("");
  if (x > 1.7976931348623157e308) return x;
  int64_t shift = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    shift = -54;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int64_t exponent = (int64_t)(bits >> 52) - 1023;
  bits = (bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  /* log m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716 */
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 0;
  for (int i = 21; i >= 3; i -= 2) sum = (sum + 1.0 / (double)i) * s2;
  const double k = (double)(exponent + shift);
  return k * 6.93147180369123816490e-01
    + (2 * s + (2 * s * sum + k * 1.90821492927058770002e-10));
}
