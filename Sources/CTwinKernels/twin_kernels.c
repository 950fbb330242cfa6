#include "twin_kernels.h"

#include <stdint.h>
#include <string.h>

/* Everything below becomes part of the function of each vector width, so that it uses its vectors. */
#define INLINE static inline __attribute__((always_inline))

#define LANES TWIN_LANES
#define BLOCK ((size_t)TWIN_COLUMNS * LANES)

typedef double v8 __attribute__((vector_size(64)));
typedef double v8_any __attribute__((vector_size(64), aligned(8), may_alias));
typedef double d2 __attribute__((vector_size(16)));
typedef double d2_any __attribute__((vector_size(16), aligned(8), may_alias));
typedef double v4 __attribute__((vector_size(32)));
typedef double v4_any __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t i8 __attribute__((vector_size(64)));
typedef int64_t i2 __attribute__((vector_size(16)));
typedef int32_t n2 __attribute__((vector_size(8)));
typedef int32_t n2_any __attribute__((vector_size(8), aligned(4), may_alias));
typedef int32_t n8 __attribute__((vector_size(32)));
typedef int32_t n8_any __attribute__((vector_size(32), aligned(4), may_alias));

/* Constants of the first half of a step. */
typedef struct {
  const double *table, *heat_table;
  double intervals, last, first_c, per_k, last_hot, to_mid, half, m1, m2, a1, a2, n1, n2, b1, b2;
  double per_mean, sign, turn;
} prepare_step;

typedef struct {
  double soc, volt, per_second, sign;
} limit_step;

/* Constants of the second half. */
typedef struct {
  const double *table;
  double intervals, last, width, kept, per_hour, to_watt, half, a1, a2, m1, m2, n1, n2, c1, c2, turn, mean_a;
} move_step;

/* Sums and extremes by lane; the order of additions does not depend on the width. */
typedef struct {
  double e[LANES], r[LANES], soc[LANES], room[LANES], fall[LANES];
} line_lanes;

typedef struct {
  double low_z[LANES], high_z[LANES], low_v[LANES], high_v[LANES], sum_z[LANES], sum_w[LANES];
  double series[LANES], pairs[LANES], bleed[LANES], link[LANES], entropic[LANES], heat[LANES];
} move_lanes;

/* Cells that short loops go over at a time: where they lie in the tables, what the tables say there, and
   what follows. One loop over all of it would hold too few cells in flight to hide how long one takes. */
enum { TILE = 8 * LANES };

typedef struct {
  double f[TILE], g[TILE], h[TILE];
  double ocv[TILE], rise[TILE], entropic[TILE], r0[TILE], r1[TILE], r2[TILE], hysteresis[TILE];
  int32_t row[TILE], hot[TILE];
} __attribute__((aligned(64))) prepare_tile;

typedef struct {
  double i[TILE], z[TILE], f[TILE], u[TILE], rise[TILE], w[TILE], watt[TILE];
  int32_t row[TILE];
} __attribute__((aligned(64))) move_tile;

/* ---- one cell ---- */

#define WIDTH 1
#define REAL double
#define F(name) name##_1
#define ZERO 0.0
#define PICK(condition, a, b) ((condition) ? (a) : (b))
#define LOAD(c, column) ((c)[(column) * LANES])
#define STORE(c, column, value) ((c)[(column) * LANES] = (value))
#define INDEX(x, row) index_1(x, row)
#define POWER_OF_TWO(shifted) power_1(shifted)
#define AT(array, k) ((array)[k])

INLINE double index_1(double x, int32_t *row) {
  *row = (int32_t)x;
  return (double)*row;
}

INLINE double power_1(double shifted) {
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4338000000000000ULL + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

INLINE void look_up_1(const prepare_step *p, prepare_tile *tile, size_t k) {
  const double *a = p->table + TWIN_ROW * (size_t)tile->row[k];
  const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k];
  const double g = tile->g[k], h = tile->h[k];
  double value[TWIN_ROW_VALUES];
  for (size_t q = 0; q < TWIN_ROW_VALUES; q++) value[q] = a[q] + g * a[TWIN_ROW_VALUES + q];
  for (size_t q = 0; q < TWIN_HEAT_VALUES; q++)
    value[TWIN_ROW_R0 + q] *= b[q] + h * b[TWIN_HEAT_VALUES + q];
  tile->ocv[k] = value[TWIN_ROW_OCV];
  tile->rise[k] = value[TWIN_ROW_OCV_RISE];
  tile->entropic[k] = value[TWIN_ROW_ENTROPIC];
  tile->r0[k] = value[TWIN_ROW_R0];
  tile->r1[k] = value[TWIN_ROW_R1];
  tile->r2[k] = value[TWIN_ROW_R2];
  tile->hysteresis[k] = value[TWIN_ROW_HYSTERESIS];
}

INLINE void look_up_energy_1(const move_step *p, move_tile *tile, size_t k) {
  const double *a = p->table + TWIN_ROW * (size_t)tile->row[k];
  tile->u[k] = a[TWIN_ROW_OCV];
  tile->rise[k] = a[TWIN_ROW_OCV_RISE];
  tile->w[k] = a[TWIN_ROW_ENERGY];
}

#include "twin_block.h"

INLINE void keep_line_1(line_lanes *all, const line_part_1 *part, size_t lane) {
  all->e[lane] += part->e;
  all->r[lane] += part->r;
  all->soc[lane] = part->soc < all->soc[lane] ? part->soc : all->soc[lane];
  if (part->room * all->fall[lane] < all->room[lane] * part->fall) {
    all->room[lane] = part->room;
    all->fall[lane] = part->fall;
  }
}

INLINE void keep_move_1(move_lanes *all, const move_part_1 *part, size_t lane) {
  all->low_z[lane] = part->low_z < all->low_z[lane] ? part->low_z : all->low_z[lane];
  all->high_z[lane] = part->high_z > all->high_z[lane] ? part->high_z : all->high_z[lane];
  all->low_v[lane] = part->low_v < all->low_v[lane] ? part->low_v : all->low_v[lane];
  all->high_v[lane] = part->high_v > all->high_v[lane] ? part->high_v : all->high_v[lane];
  all->sum_z[lane] += part->sum_z;
  all->sum_w[lane] += part->sum_w;
  all->series[lane] += part->series;
  all->pairs[lane] += part->pairs;
  all->bleed[lane] += part->bleed;
  all->link[lane] += part->link;
  all->entropic[lane] += part->entropic;
  all->heat[lane] += part->heat;
}

#undef WIDTH
#undef REAL
#undef F
#undef ZERO
#undef PICK
#undef LOAD
#undef STORE
#undef INDEX
#undef POWER_OF_TWO
#undef AT

/* ---- two cells, for machines whose vectors hold no more: eight would not fit their registers ---- */

#define WIDTH 2
#define REAL d2
#define F(name) name##_2
#define ZERO ((d2){0, 0})
#define PICK(condition, a, b) pick_2((condition), (a), (b))
#define LOAD(c, column) (*(const d2_any *)((c) + (column) * LANES))
#define STORE(c, column, value) (*(d2_any *)((c) + (column) * LANES) = (value))
#define INDEX(x, row) index_2(x, row)
#define POWER_OF_TWO(shifted) ((d2)(((i2)(shifted) - 0x4338000000000000LL + 1023) << 52))
#define AT(array, k) (*(d2_any *)((array) + (k)))

INLINE d2 pick_2(i2 condition, d2 a, d2 b) {
  return (d2)((condition & (i2)a) | (~condition & (i2)b));
}

INLINE d2 index_2(d2 x, int32_t *row) {
  const n2 whole = __builtin_convertvector(x, n2);
  *(n2_any *)row = whole;
  return __builtin_convertvector(whole, d2);
}

#define TWO(p) (*(const d2_any *)(p))
#define FORMER(a, b) __builtin_shufflevector(a, b, 0, 2)
#define LATTER(a, b) __builtin_shufflevector(a, b, 1, 3)

INLINE void look_up_2(const prepare_step *p, prepare_tile *tile, size_t k) {
  d2 value[2][4];
  for (size_t l = 0; l < 2; l++) {
    const double *a = p->table + TWIN_ROW * (size_t)tile->row[k + l];
    const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k + l];
    const double g = tile->g[k + l], h = tile->h[k + l];
    for (size_t q = 0; q < 4; q++)
      value[l][q] = TWO(a + 2 * q) + g * TWO(a + TWIN_ROW_VALUES + 2 * q);
    for (size_t q = 0; q < 2; q++)
      value[l][2 + q] *= TWO(b + 2 * q) + h * TWO(b + TWIN_HEAT_VALUES + 2 * q);
  }
  AT(tile->ocv, k) = FORMER(value[0][0], value[1][0]);
  AT(tile->rise, k) = LATTER(value[0][0], value[1][0]);
  AT(tile->entropic, k) = LATTER(value[0][1], value[1][1]);
  AT(tile->r0, k) = FORMER(value[0][2], value[1][2]);
  AT(tile->r1, k) = LATTER(value[0][2], value[1][2]);
  AT(tile->r2, k) = FORMER(value[0][3], value[1][3]);
  AT(tile->hysteresis, k) = LATTER(value[0][3], value[1][3]);
}

INLINE void look_up_energy_2(const move_step *p, move_tile *tile, size_t k) {
  const double *a = p->table + TWIN_ROW * (size_t)tile->row[k];
  const double *b = p->table + TWIN_ROW * (size_t)tile->row[k + 1];
  AT(tile->u, k) = FORMER(TWO(a), TWO(b));
  AT(tile->rise, k) = LATTER(TWO(a), TWO(b));
  AT(tile->w, k) = FORMER(TWO(a + TWIN_ROW_ENERGY), TWO(b + TWIN_ROW_ENERGY));
}

#include "twin_block.h"

#undef WIDTH
#undef REAL
#undef F
#undef ZERO
#undef PICK
#undef LOAD
#undef STORE
#undef INDEX
#undef POWER_OF_TWO
#undef AT

/* ---- eight cells ---- */

#define WIDTH 8
#define REAL v8
#define F(name) name##_8
#define ZERO ((v8){0, 0, 0, 0, 0, 0, 0, 0})
#define PICK(condition, a, b) pick_8((condition), (a), (b))
#define LOAD(c, column) (*(const v8_any *)((c) + (column) * LANES))
#define STORE(c, column, value) (*(v8_any *)((c) + (column) * LANES) = (value))
#define INDEX(x, row) index_8(x, row)
#define POWER_OF_TWO(shifted) ((v8)(((i8)(shifted) - 0x4338000000000000LL + 1023) << 52))
#define AT(array, k) (*(v8_any *)((array) + (k)))

INLINE v8 pick_8(i8 condition, v8 a, v8 b) {
  return (v8)((condition & (i8)a) | (~condition & (i8)b));
}

INLINE v8 index_8(v8 x, int32_t *row) {
  const n8 whole = __builtin_convertvector(x, n8);
  *(n8_any *)row = whole;
  return __builtin_convertvector(whole, v8);
}

/* Four columns of eight cells, one cell each, turned so that cells lie side by side. WIDE puts cells 0
   and 4 together, and so on; then pairs of columns, then pairs of cells. */
#define WIDE(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define ODD(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)

INLINE void turn_8(const v4 r[LANES], v8 *c0, v8 *c1, v8 *c2, v8 *c3) {
  const v8 a = WIDE(r[0], r[4]), b = WIDE(r[1], r[5]), c = WIDE(r[2], r[6]), d = WIDE(r[3], r[7]);
  const v8 ab = LOW(a, b), cd = LOW(c, d), ab1 = HIGH(a, b), cd1 = HIGH(c, d);
  *c0 = EVEN(ab, cd);
  *c1 = EVEN(ab1, cd1);
  *c2 = ODD(ab, cd);
  *c3 = ODD(ab1, cd1);
}

#define FOUR(p) (*(const v4_any *)(p))

INLINE void look_up_8(const prepare_step *p, prepare_tile *tile, size_t k) {
  v4 first[LANES], second[LANES];
#pragma clang loop unroll(full)
  for (size_t l = 0; l < LANES; l++) {
    const double *a = p->table + TWIN_ROW * (size_t)tile->row[k + l];
    const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k + l];
    const double g = tile->g[k + l], h = tile->h[k + l];
    first[l] = FOUR(a) + g * FOUR(a + TWIN_ROW_VALUES);
    second[l] = (FOUR(a + TWIN_ROW_R0) + g * FOUR(a + TWIN_ROW_VALUES + TWIN_ROW_R0))
      * (FOUR(b) + h * FOUR(b + TWIN_HEAT_VALUES));
  }
  v8 energy, c0, c1, c2, c3;
  turn_8(first, &c0, &c1, &energy, &c3);
  AT(tile->ocv, k) = c0;
  AT(tile->rise, k) = c1;
  AT(tile->entropic, k) = c3;
  turn_8(second, &c0, &c1, &c2, &c3);
  AT(tile->r0, k) = c0;
  AT(tile->r1, k) = c1;
  AT(tile->r2, k) = c2;
  AT(tile->hysteresis, k) = c3;
}

INLINE void look_up_energy_8(const move_step *p, move_tile *tile, size_t k) {
  v4 r[LANES];
#pragma clang loop unroll(full)
  for (size_t l = 0; l < LANES; l++) r[l] = FOUR(p->table + TWIN_ROW * (size_t)tile->row[k + l]);
  v8 u, rise, w, entropic;
  turn_8(r, &u, &rise, &w, &entropic);
  AT(tile->u, k) = u;
  AT(tile->rise, k) = rise;
  AT(tile->w, k) = w;
}

_Static_assert(TWIN_ROW_OCV == 0 && TWIN_ROW_OCV_RISE == 1 && TWIN_ROW_ENERGY == 2
  && TWIN_ROW_ENTROPIC == 3 && TWIN_ROW_R0 == 4 && TWIN_ROW_R1 == 5 && TWIN_ROW_R2 == 6
  && TWIN_ROW_HYSTERESIS == 7, "the order in which rows are turned");

#include "twin_block.h"

INLINE void keep_line_8(line_lanes *all, const line_part_8 *part, size_t live) {
  double x[5][LANES];
  const v8 *from = (const v8 *)part;
  for (size_t k = 0; k < 5; k++) *(v8_any *)x[k] = from[k];
  for (size_t l = 0; l < live; l++) {
    const line_part_1 one = {x[0][l], x[1][l], x[2][l], x[3][l], x[4][l]};
    keep_line_1(all, &one, l);
  }
}

INLINE void keep_move_2(move_lanes *all, const move_part_2 *part, size_t lane) {
  double x[12][2];
  const d2 *from = (const d2 *)part;
  for (size_t k = 0; k < 12; k++) *(d2_any *)x[k] = from[k];
  for (size_t l = 0; l < 2; l++) {
    const move_part_1 one = {x[0][l], x[1][l], x[2][l], x[3][l], x[4][l], x[5][l], x[6][l], x[7][l],
      x[8][l], x[9][l], x[10][l], x[11][l]};
    keep_move_1(all, &one, lane + l);
  }
}

INLINE void keep_move_8(move_lanes *all, const move_part_8 *part, size_t live) {
  double x[12][LANES];
  const v8 *from = (const v8 *)part;
  for (size_t k = 0; k < 12; k++) *(v8_any *)x[k] = from[k];
  for (size_t l = 0; l < live; l++) {
    const move_part_1 one = {x[0][l], x[1][l], x[2][l], x[3][l], x[4][l], x[5][l], x[6][l], x[7][l],
      x[8][l], x[9][l], x[10][l], x[11][l]};
    keep_move_1(all, &one, l);
  }
}

/* ---- packs ---- */

/* From this many cells on, blocks are faster than single cells. */
enum { FEW = 3 };

INLINE double lane_sum(const double lane[LANES]) {
  double sum = 0;
  for (size_t l = 0; l < LANES; l++) sum += lane[l];
  return sum;
}

INLINE double lane_least(const double lane[LANES]) {
  double least = lane[0];
  for (size_t l = 1; l < LANES; l++) least = lane[l] < least ? lane[l] : least;
  return least;
}

INLINE double lane_most(const double lane[LANES]) {
  double most = lane[0];
  for (size_t l = 1; l < LANES; l++) most = lane[l] > most ? lane[l] : most;
  return most;
}

INLINE double sum_lanes(const double *values, size_t count) {
  double lane[LANES] = {0};
  size_t j = 0;
  for (; j + LANES <= count; j += LANES)
    for (size_t l = 0; l < LANES; l++) lane[l] += values[j + l];
  for (size_t l = 0; j < count; j++, l++) lane[l] += values[j];
  return lane_sum(lane);
}

INLINE void clear_line(line_lanes *all) {
  for (size_t l = 0; l < LANES; l++) {
    all->e[l] = all->r[l] = 0;
    all->soc[l] = all->room[l] = 1e300;
    all->fall[l] = 1;
  }
}

INLINE void clear_move(move_lanes *all) {
  memset(all, 0, sizeof *all);
  for (size_t l = 0; l < LANES; l++) {
    all->low_z[l] = all->low_v[l] = 1e300;
    all->high_z[l] = all->high_v[l] = -1e300;
  }
}

/* Smallest current at a voltage limit. */
INLINE double least_fraction(const line_lanes *all) {
  double least = all->room[0] / all->fall[0];
  for (size_t l = 1; l < LANES; l++) {
    const double own = all->room[l] / all->fall[l];
    least = own < least ? own : least;
  }
  return least;
}

INLINE move_part_1 whole_move(const move_lanes *all) {
  const move_part_1 whole = {lane_least(all->low_z), lane_most(all->high_z), lane_least(all->low_v),
    lane_most(all->high_v), lane_sum(all->sum_z), lane_sum(all->sum_w), lane_sum(all->series),
    lane_sum(all->pairs), lane_sum(all->bleed), lane_sum(all->link), lane_sum(all->entropic),
    lane_sum(all->heat)};
  return whole;
}

INLINE prepare_step first_half(const twin_cell_model *model, const twin_step_coefficients *step,
  double estimated_a) {
  const double kept = estimated_a < 0 ? model->charge_efficiency : 1, dt = step->seconds;
  const double sign = estimated_a > 0 ? 1 : (estimated_a < 0 ? -1 : 0);
  const prepare_step p = {
    .table = estimated_a < 0 ? model->charge_table : model->discharge_table,
    .heat_table = model->heat_table, .intervals = model->soc_intervals,
    .last = model->soc_intervals - 1, .first_c = model->first_c, .per_k = model->per_k,
    .last_hot = model->heat_intervals - 1, .to_mid = estimated_a * kept * dt / 7200,
    .half = 0.5 * dt, .m1 = step->mean1, .m2 = step->mean2, .a1 = step->decay1, .a2 = step->decay2,
    .n1 = 1 - step->mean1, .n2 = 1 - step->mean2, .b1 = 1 - step->decay1, .b2 = 1 - step->decay2,
    .per_mean = kept * dt / 7200, .sign = sign,
    /* One-state hysteresis: mean and end of the step follow from the decay of h + sign I. */
    .turn = model->hysteresis_rate * sign * estimated_a * dt / 3600};
  return p;
}

INLINE move_step second_half(const twin_cell_model *model, const twin_step_coefficients *step,
  double mean_a) {
  const double dt = step->seconds;
  const move_step p = {
    .table = model->discharge_table, .intervals = model->soc_intervals,
    .last = model->soc_intervals - 1, .width = 1 / model->soc_intervals,
    .kept = model->charge_efficiency, .per_hour = dt / 3600, .to_watt = 3600 / dt,
    .half = 0.5 * dt, .a1 = step->decay1, .a2 = step->decay2, .m1 = step->mean1,
    .m2 = step->mean2, .n1 = 1 - step->mean1, .n2 = 1 - step->mean2,
    .c1 = (1 - step->decay1) - 2 * (1 - step->mean1),
    .c2 = (1 - step->decay2) - 2 * (1 - step->mean2),
    .turn = model->hysteresis_rate * dt / 3600, .mean_a = mean_a};
  return p;
}

/* First half of a step for all cells; few: one by one, narrow: by two. */
INLINE void prepare_all(const twin_cells *pack, const prepare_step *p, const int narrow,
  const int shared, const int hysteresis) {
  prepare_tile tile;
  if (pack->count < FEW) {
    for (size_t j = 0; j < pack->count; j++) {
      locate_1(pack->cells + j, p, &tile, j, shared);
      look_up_1(p, &tile, j);
      evaluate_1(pack->cells + j, p, &tile, j, shared, hysteresis);
    }
    return;
  }
  const size_t total = twin_padded(pack->count);
  for (size_t first = 0; first < total; first += TILE) {
    double *c = pack->cells + first / LANES * BLOCK;
    const size_t own = total - first < TILE ? total - first : TILE;
    if (narrow) {
      for (size_t k = 0; k < own; k += 2) locate_2(c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared);
      for (size_t k = 0; k < own; k += 2) look_up_2(p, &tile, k);
      for (size_t k = 0; k < own; k += 2)
        evaluate_2(c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared, hysteresis);
    } else {
      for (size_t k = 0; k < own; k += LANES) locate_8(c + k / LANES * BLOCK, p, &tile, k, shared);
      for (size_t k = 0; k < own; k += LANES) look_up_8(p, &tile, k);
      for (size_t k = 0; k < own; k += LANES)
        evaluate_8(c + k / LANES * BLOCK, p, &tile, k, shared, hysteresis);
    }
  }
}

/* Cells in series, one string: sums and limits. */
INLINE line_part_1 line_of_series(const twin_cells *pack, const limit_step *limit,
  const int limited) {
  const size_t count = pack->count;
  line_part_1 whole;
  start_line_1(&whole);
  if (count < FEW) {
    /* Adding to the last sum is what the sum over lanes does. */
    for (size_t j = 0; j < count; j++) {
      add_line_1(pack->cells + j, &whole);
      if (limited) limit_1(pack->cells + j, limit, 0, 1, 1, &whole);
    }
    return whole;
  }
  line_lanes all;
  clear_line(&all);
  line_part_8 part;
  start_line_8(&part);
  const double *c = pack->cells;
  for (size_t j = 0; j < count; j += LANES, c += BLOCK) {
    const int last = count - j < LANES;
    if (last) {
      keep_line_8(&all, &part, LANES);
      start_line_8(&part);
    }
    add_line_8(c, &part);
    if (limited) limit_8(c, limit, ZERO, ZERO, 1, &part);
    if (last) keep_line_8(&all, &part, count - j);
  }
  if (count % LANES == 0) keep_line_8(&all, &part, LANES);
  whole.e = lane_sum(all.e);
  whole.r = lane_sum(all.r);
  whole.soc = lane_least(all.soc);
  whole.room = least_fraction(&all);
  whole.fall = 1;
  return whole;
}

/* One group of cells side by side, when groups are whole blocks. */
INLINE void line_of_blocks(double *c, size_t blocks, double link_ohm, double *group_e,
  double *group_r) {
  v8 sum_c = ZERO, sum_e = ZERO;
  for (size_t b = 0; b < blocks; b++, c += BLOCK) {
    const v8 conductance = 1 / (LOAD(c, TWIN_MEAN_R) + link_ohm);
    STORE(c, TWIN_CONDUCTANCE, conductance);
    sum_c += conductance;
    sum_e += conductance * LOAD(c, TWIN_MEAN_E);
  }
  double lane_c[LANES], lane_e[LANES];
  *(v8_any *)lane_c = sum_c;
  *(v8_any *)lane_e = sum_e;
  *group_r = 1 / lane_sum(lane_c);
  *group_e = lane_sum(lane_e) * *group_r;
}

/* The same for groups of any size. */
INLINE void line_of_cells(const twin_cells *pack, size_t first, double *group_e, double *group_r) {
  double lane_c[LANES] = {0}, lane_e[LANES] = {0};
  for (size_t k = 0; k < pack->parallel; k++) {
    const size_t j = first + k;
    const double conductance = 1 / (pack->cells[TWIN_PLACE(TWIN_MEAN_R, j)] + pack->link_ohm);
    pack->cells[TWIN_PLACE(TWIN_CONDUCTANCE, j)] = conductance;
    lane_c[k % LANES] += conductance;
    lane_e[k % LANES] += conductance * pack->cells[TWIN_PLACE(TWIN_MEAN_E, j)];
  }
  *group_r = 1 / lane_sum(lane_c);
  *group_e = lane_sum(lane_e) * *group_r;
}

INLINE twin_pack_line begin_pack(const twin_cells *pack, const twin_cell_model *model,
  const twin_step_coefficients *step, double estimated_a, twin_bounds bounds,
  twin_pack_limits *limits, const int narrow, const int hysteresis) {
  const prepare_step p = first_half(model, step, estimated_a);
  const int limited = bounds.direction != 0;
  const limit_step limit = {.soc = bounds.soc, .volt = bounds.volt,
    .per_second = 3600 / step->seconds / (bounds.direction > 0 ? 1 : model->charge_efficiency),
    .sign = bounds.direction > 0 ? 1 : -1};
  const size_t parallel = pack->parallel, series = pack->series, strings = pack->strings;
  if (parallel == 1 && strings == 1) prepare_all(pack, &p, narrow, 0, hysteresis);
  else prepare_all(pack, &p, narrow, 1, hysteresis);
  twin_pack_line line;
  if (parallel == 1 && strings == 1) {
    const line_part_1 whole = line_of_series(pack, &limit, limited);
    line.e_volt = whole.e;
    line.r_ohm = whole.r + pack->link_ohm * (double)pack->count;
    limits->soc_a = whole.soc;
    limits->voltage_a = whole.room / whole.fall;
    return line;
  }

  const size_t groups = series * strings;
  double *group_e = pack->links + TWIN_GROUP_E * groups, *group_r = group_e + groups;
  double *string = pack->links + TWIN_GROUP_COLUMNS * groups;
  const int blocks = parallel % LANES == 0;
  for (size_t s = 0; s < strings; s++) {
    line_lanes all;
    clear_line(&all);
    line_part_8 found;
    start_line_8(&found);
    for (size_t g = s * series; g < (s + 1) * series; g++) {
      double *c = pack->cells + g * parallel / LANES * BLOCK;
      if (blocks)
        line_of_blocks(c, parallel / LANES, pack->link_ohm, group_e + g, group_r + g);
      else line_of_cells(pack, g * parallel, group_e + g, group_r + g);
      if (!limited) continue;
      /* i = share + part of the string's current, part = conductance over their sum. */
      const double e = group_e[g], whole = 1 / group_r[g];
      if (blocks) {
        for (size_t b = 0; b < parallel / LANES; b++, c += BLOCK)
          limit_8(c, &limit, (LOAD(c, TWIN_MEAN_E) - e) * LOAD(c, TWIN_CONDUCTANCE),
            whole * (LOAD(c, TWIN_MEAN_R) + pack->link_ohm), 0, &found);
      } else {
        for (size_t k = 0; k < parallel; k++) {
          const size_t j = g * parallel + k;
          const double *one = pack->cells + TWIN_PLACE(0, j);
          line_part_1 part;
          start_line_1(&part);
          limit_1(one, &limit,
            (one[TWIN_MEAN_E * LANES] - e) * one[TWIN_CONDUCTANCE * LANES],
            whole * (one[TWIN_MEAN_R * LANES] + pack->link_ohm), 0, &part);
          keep_line_1(&all, &part, k % LANES);
        }
      }
    }
    if (blocks) keep_line_8(&all, &found, LANES);
    string[TWIN_STRING_E * strings + s] = sum_lanes(group_e + s * series, series);
    string[TWIN_STRING_R * strings + s] = sum_lanes(group_r + s * series, series);
    string[TWIN_STRING_SOC_A * strings + s] = lane_least(all.soc);
    string[TWIN_STRING_VOLTAGE_A * strings + s] = least_fraction(&all);
  }

  const double *e = string + TWIN_STRING_E * strings, *r = string + TWIN_STRING_R * strings;
  const double *soc_a = string + TWIN_STRING_SOC_A * strings;
  const double *voltage_a = string + TWIN_STRING_VOLTAGE_A * strings;
  if (strings == 1) {
    line.e_volt = e[0];
    line.r_ohm = r[0];
    if (limited) {
      limits->soc_a = soc_a[0];
      limits->voltage_a = voltage_a[0];
    }
    return line;
  }
  double *conductance = string + TWIN_STRING_CONDUCTANCE * strings;
  double sum_c = 0, sum_e = 0;
  for (size_t s = 0; s < strings; s++) {
    conductance[s] = 1 / r[s];
    sum_c += conductance[s];
    sum_e += conductance[s] * e[s];
  }
  line.r_ohm = 1 / sum_c;
  line.e_volt = sum_e * line.r_ohm;
  if (limited) {
    double least_soc = 1e300, least_volt = 1e300;
    for (size_t s = 0; s < strings; s++) {
      const double share = limit.sign * (e[s] - line.e_volt) * conductance[s];
      const double part = sum_c * r[s];
      const double a = (soc_a[s] - share) * part, b = (voltage_a[s] - share) * part;
      least_soc = a < least_soc ? a : least_soc;
      least_volt = b < least_volt ? b : least_volt;
    }
    limits->soc_a = least_soc;
    limits->voltage_a = least_volt;
  }
  return line;
}

/* Where heat is kept while cells move. */
typedef struct {
  double *rates, *sums, *moves, *offsets;
  v8 flow;
} heat_walk;

/* Rates of a block of cells from their heat and the temperatures around them. */
INLINE void rate_block(const double *c, size_t j, const v8 watt, double before_c, double after_c, double before_g,
  const twin_heat *heat, double air, heat_walk *walk) {
  const v8 here = LOAD(c, TWIN_TEMPERATURE);
  const v8 next = *(const v8_any *)(heat->next_w_per_k + j);
  const v8 to_air = *(const v8_any *)(heat->air_w_per_k + j);
  const v8 first = {before_c, 0, 0, 0, 0, 0, 0, 0}, last = {after_c, 0, 0, 0, 0, 0, 0, 0};
  const v8 former = __builtin_shufflevector(first, here, 0, 8, 9, 10, 11, 12, 13, 14);
  const v8 later = __builtin_shufflevector(here, last, 1, 2, 3, 4, 5, 6, 7, 8);
  const v8 start = {before_g, 0, 0, 0, 0, 0, 0, 0};
  const v8 former_g = __builtin_shufflevector(start, next, 0, 8, 9, 10, 11, 12, 13, 14);
  const v8 flow = to_air * (here - air);
  const v8 rate = (watt - flow + next * (later - here) - former_g * (here - former))
    * heat->cell_k_per_j;
  *(v8_any *)(walk->rates + j) = rate;
  walk->flow += flow;
}

/* y += matrix . x, eight rows at a time, so that sums stay in registers. */
INLINE void apply_matrix(const double *restrict matrix, size_t nodes, size_t stride,
  const double *restrict x, double *restrict y) {
  size_t i = 0;
  for (; i + 3 * LANES <= stride; i += 3 * LANES) {
    v8 a = *(v8_any *)(y + i), b = *(v8_any *)(y + i + LANES), d = *(v8_any *)(y + i + 2 * LANES);
    for (size_t k = 0; k < nodes; k++) {
      const double *column = matrix + stride * k + i;
      a += *(const v8_any *)column * x[k];
      b += *(const v8_any *)(column + LANES) * x[k];
      d += *(const v8_any *)(column + 2 * LANES) * x[k];
    }
    *(v8_any *)(y + i) = a;
    *(v8_any *)(y + i + LANES) = b;
    *(v8_any *)(y + i + 2 * LANES) = d;
  }
  for (; i < stride; i += LANES) {
    v8 a = *(v8_any *)(y + i);
    for (size_t k = 0; k < nodes; k++) a += *(const v8_any *)(matrix + stride * k + i) * x[k];
    *(v8_any *)(y + i) = a;
  }
}

/* Lowest and highest temperatures so far. */
typedef struct { v8 low, high; double lowest, highest; } heat_range;

INLINE void move_block(double *c, const v8 move, double per_s, heat_range *range) {
  const v8 t = LOAD(c, TWIN_TEMPERATURE) + move;
  STORE(c, TWIN_TEMPERATURE, t);
  STORE(c, TWIN_DRIFT, move * per_s);
  range->low = PICK(t < range->low, t, range->low);
  range->high = PICK(t > range->high, t, range->high);
}

/* Moves a module of sixteen; its sums stay in registers. */
INLINE void move_16(double *c, const double *rate, const double *matrix, const double *offset,
  double per_s, heat_range *range) {
  v8 a = *(const v8_any *)offset, b = *(const v8_any *)(offset + LANES);
  for (size_t k = 0; k < 16; k++) {
    a += *(const v8_any *)(matrix + 16 * k) * rate[k];
    b += *(const v8_any *)(matrix + 16 * k + LANES) * rate[k];
  }
  move_block(c, a, per_s, range);
  move_block(c + BLOCK, b, per_s, range);
}

INLINE void move_module(const twin_cells *pack, size_t first, size_t size, const double *moves,
  double per_s, heat_range *range) {
  size_t k = 0;
  if (first % LANES == 0)
    for (; k + LANES <= size; k += LANES)
      move_block(pack->cells + TWIN_PLACE(0, first + k), *(const v8_any *)(moves + k), per_s, range);
  for (; k < size; k++) {
    double *c = pack->cells + TWIN_PLACE(0, first + k);
    const double t = c[TWIN_TEMPERATURE * LANES] + moves[k];
    c[TWIN_TEMPERATURE * LANES] = t;
    c[TWIN_DRIFT * LANES] = moves[k] * per_s;
    range->lowest = t < range->lowest ? t : range->lowest;
    range->highest = t > range->highest ? t : range->highest;
  }
}

INLINE void move_heat(const twin_cells *pack, const twin_heat *heat, double seconds,
  const twin_surroundings *around, heat_walk *walk, twin_summary *summary) {
  const size_t size = heat->module, modules = heat->modules, classes = heat->classes;
  const size_t order = classes * size + heat->common, padded = twin_padded(order);
  const size_t stride = twin_padded(size);
  const double per_s = 1 / seconds;
  double *sums = walk->sums, *moves = walk->moves, *offsets = walk->offsets;
  double *common_c = around->common_c;
  double flows[LANES];
  *(v8_any *)flows = walk->flow;
  memset(sums, 0, padded * sizeof *sums);
  memset(moves, 0, padded * sizeof *moves);
  double *common_rates = sums + classes * size;
  for (size_t i = 0; i < heat->common; i++) common_rates[i] = around->common_w[i];
  common_rates[0] += lane_sum(flows);
  for (size_t k = 0; k < heat->links; k++) {
    const int a = heat->link_node[k], b = heat->link_other[k];
    const double other = b < 0 ? around->ambient_c : common_c[b];
    const double flow = heat->link_w_per_k[k] * (other - common_c[a]);
    common_rates[a] += flow;
    if (b >= 0) common_rates[b] -= flow;
  }
  for (size_t i = 0; i < heat->common; i++) common_rates[i] *= heat->common_k_per_j[i];

  heat_range range = {ZERO + 1e300, ZERO - 1e300, 1e300, -1e300};
  if (modules == 1) {
    for (size_t i = 0; i < size; i++) sums[i] = walk->rates[i];
    apply_matrix(heat->aggregate, order, padded, sums, moves);
    move_module(pack, 0, size, moves, per_s, &range);
  } else {
    for (size_t m = 0; m < modules; m++) {
      double *restrict sum = sums + (size_t)heat->module_class[m] * size;
      const double *restrict rate = walk->rates + m * size;
      for (size_t i = 0; i < size; i++) sum[i] += rate[i];
    }
    for (size_t c = 0; c < classes; c++)
      for (size_t i = 0; i < size; i++) sums[c * size + i] *= heat->class_share[c];
    apply_matrix(heat->aggregate, order, padded, sums, moves);
    /* Offset of a class: the move of its mean less what its own matrix would make of the mean rate. */
    for (size_t c = 0; c < classes; c++) {
      double *offset = offsets + c * stride;
      for (size_t i = 0; i < stride; i++) offset[i] = 0;
      apply_matrix(heat->module_response + c * size * stride, size, stride, sums + c * size, offset);
      for (size_t i = 0; i < size; i++) offset[i] = moves[c * size + i] - offset[i];
    }
    for (size_t m = 0; m < modules; m++) {
      const size_t c = (size_t)heat->module_class[m];
      const double *response = heat->module_response + c * size * stride;
      const double *rate = walk->rates + m * size;
      if (size == 16) {
        move_16(pack->cells + 2 * m * BLOCK, rate, response, offsets + c * 16, per_s, &range);
      } else {
        double *own = walk->offsets + classes * stride;
        for (size_t i = 0; i < stride; i++) own[i] = offsets[c * stride + i];
        apply_matrix(response, size, stride, rate, own);
        move_module(pack, m * size, size, own, per_s, &range);
      }
    }
  }
  for (size_t i = 0; i < heat->common; i++) common_c[i] += moves[classes * size + i];
  double lane_low[LANES], lane_high[LANES];
  *(v8_any *)lane_low = range.low;
  *(v8_any *)lane_high = range.high;
  const double low = lane_least(lane_low), high = lane_most(lane_high);
  summary->coldest_c = low < range.lowest ? low : range.lowest;
  summary->hottest_c = high > range.highest ? high : range.highest;
}

/* Current of a cell of any group and string. */
INLINE double share_of_current(const twin_cells *pack, const double *string_a, size_t j) {
  const size_t groups = pack->series * pack->strings, g = j / pack->parallel;
  const double *group_e = pack->links + TWIN_GROUP_E * groups, *group_r = group_e + groups;
  const double i = string_a[g / pack->series];
  if (pack->parallel == 1) return i;
  const double *c = pack->cells + TWIN_PLACE(0, j);
  return (c[TWIN_MEAN_E * LANES] - (group_e[g] - group_r[g] * i)) * c[TWIN_CONDUCTANCE * LANES];
}

INLINE void finish_pack(const twin_cells *pack, const twin_cell_model *model,
  const twin_step_coefficients *step, double pack_a, const twin_heat *heat,
  const twin_surroundings *around, twin_summary *summary, twin_losses *losses,
  const int narrow, const int hysteresis) {
  const move_step p =
    second_half(model, step, pack_a / (double)(pack->parallel * pack->strings));
  const size_t count = pack->count, strings = pack->strings, series = pack->series;
  const size_t groups = series * strings, parallel = pack->parallel;
  double *string = pack->links + TWIN_GROUP_COLUMNS * groups;
  double *string_a = string + TWIN_STRING_CURRENT * strings;
  const double *group_e = pack->links + TWIN_GROUP_E * groups, *group_r = group_e + groups;
  const int alone = parallel == 1 && strings == 1;
  const int blocks = parallel > 1 && parallel % LANES == 0;
  if (strings == 1) {
    string_a[0] = pack_a;
  } else {
    /* Equal voltage over all strings. */
    const double *e = string + TWIN_STRING_E * strings;
    const double *conductance = string + TWIN_STRING_CONDUCTANCE * strings;
    double sum_c = 0, sum_e = 0;
    for (size_t s = 0; s < strings; s++) {
      sum_c += conductance[s];
      sum_e += conductance[s] * e[s];
    }
    const double v = (sum_e - pack_a) / sum_c;
    for (size_t s = 0; s < strings; s++) string_a[s] = (e[s] - v) * conductance[s];
  }
  move_part_1 whole;
  start_move_1(&whole);
  heat_walk walk;
  double air = 0, before_c = 0, before_g = 0;
  if (heat) {
    const size_t padded = twin_padded(count);
    const size_t order = twin_padded(heat->classes * heat->module + heat->common);
    walk.rates = around->scratch;
    walk.sums = walk.rates + padded;
    walk.moves = walk.sums + order;
    walk.offsets = walk.moves + order;
    walk.flow = ZERO;
    air = around->common_c[0];
  }
  if (count < FEW) {
    move_tile tile;
    for (size_t j = 0; j < count; j++) {
      const double i = alone ? pack_a : share_of_current(pack, string_a, j);
      displace_1(pack->cells + j, i, &p, &tile, j);
      look_up_energy_1(&p, &tile, j);
      settle_1(pack->cells + j, &p, &tile, j, !alone, hysteresis, &whole);
      if (!heat) pack->cells[j + TWIN_HEAT * LANES] = tile.watt[j];
    }
    for (size_t j = 0; heat && j < count; j++) {
      const double *c = pack->cells + j;
      const double here = c[TWIN_TEMPERATURE * LANES];
      const double ahead = j + 1 < count
        ? heat->next_w_per_k[j] * (c[TWIN_TEMPERATURE * LANES + 1] - here) : 0;
      const double behind = j > 0
        ? heat->next_w_per_k[j - 1] * (here - c[TWIN_TEMPERATURE * LANES - 1]) : 0;
      const double flow = heat->air_w_per_k[j] * (here - air);
      walk.rates[j] = (tile.watt[j] - flow + ahead - behind) * heat->cell_k_per_j;
      walk.flow[j] += flow;
    }
  } else {
    move_lanes all;
    clear_move(&all);
    move_part_8 part;
    move_part_2 parts[LANES / 2];
    start_move_8(&part);
    for (size_t q = 0; q < LANES / 2; q++) start_move_2(parts + q);
    move_tile tile;
    const size_t total = twin_padded(count), whole_count = count / LANES * LANES;
    size_t group = 0, left = parallel / LANES;
    double v = blocks ? group_e[0] - group_r[0] * string_a[0] : 0;
    for (size_t first = 0; first < total; first += TILE) {
      double *c = pack->cells + first / LANES * BLOCK;
      const size_t own = total - first < TILE ? total - first : TILE;
      for (size_t k = 0; k < own; k += LANES) {
        double *block = c + k / LANES * BLOCK;
        v8 i = ZERO + pack_a;
        if (blocks) {
          if (left == 0) {
            group += 1;
            left = parallel / LANES;
            v = group_e[group] - group_r[group] * string_a[group / series];
          }
          left -= 1;
          i = (LOAD(block, TWIN_MEAN_E) - v) * LOAD(block, TWIN_CONDUCTANCE);
        } else if (!alone) {
          /* Places after the last cell take its current. */
          for (size_t l = 0; l < LANES; l++) {
            const size_t j = first + k + l;
            i[l] = share_of_current(pack, string_a, j < count ? j : count - 1);
          }
        }
        displace_8(block, i, &p, &tile, k);
      }
      /* The last block is done apart when a part of it holds no cells. */
      const size_t full = first + own <= whole_count ? own : whole_count - first;
      if (narrow) {
        for (size_t k = 0; k < own; k += 2) look_up_energy_2(&p, &tile, k);
        for (size_t q = 0; q < LANES / 2; q++) {
          move_part_2 two = parts[q];
          for (size_t k = 2 * q; k < full; k += LANES)
            settle_2(c + k / LANES * BLOCK + k % LANES, &p, &tile, k, !alone, hysteresis, &two);
          parts[q] = two;
        }
      } else {
        for (size_t k = 0; k < own; k += LANES) look_up_energy_8(&p, &tile, k);
        for (size_t k = 0; k < full; k += LANES)
          settle_8(c + k / LANES * BLOCK, &p, &tile, k, !alone, hysteresis, &part);
      }
      if (full < own) {
        for (size_t k = full; k < own; k++) {
          move_part_1 one;
          start_move_1(&one);
          settle_1(c + k / LANES * BLOCK + k % LANES, &p, &tile, k, !alone, hysteresis, &one);
          if (first + k < count) keep_move_1(&all, &one, k % LANES);
        }
      }
      for (size_t k = 0; k < own; k += LANES) {
        double *block = c + k / LANES * BLOCK;
        const v8 watt = AT(tile.watt, k);
        if (heat) {
          const size_t j = first + k;
          const double after_c =
            j + LANES < count ? block[BLOCK + TWIN_TEMPERATURE * LANES] : 0;
          rate_block(block, j, watt, before_c, after_c, before_g, heat, air, &walk);
          before_c = block[TWIN_TEMPERATURE * LANES + LANES - 1];
          before_g = heat->next_w_per_k[j + LANES - 1];
        } else {
          STORE(block, TWIN_HEAT, watt);
        }
      }
    }
    if (narrow) {
      for (size_t q = 0; q < LANES / 2; q++) keep_move_2(&all, parts + q, 2 * q);
    } else {
      keep_move_8(&all, &part, LANES);
    }
    whole = whole_move(&all);
  }

  summary->lowest_soc = whole.low_z;
  summary->highest_soc = whole.high_z;
  summary->lowest_v = whole.low_v;
  summary->highest_v = whole.high_v;
  summary->soc_sum = whole.sum_z;
  summary->energy_wh = whole.sum_w;
  losses->series_w = whole.series;
  losses->pairs_w = whole.pairs;
  losses->bleed_w = whole.bleed;
  losses->link_w = whole.link * pack->link_ohm;
  losses->entropic_w = whole.entropic;
  losses->heat_w = whole.heat;
  if (heat) move_heat(pack, heat, step->seconds, around, &walk, summary);
}

INLINE twin_summary summarise_pack(const twin_cells *pack) {
  twin_summary found = {1e300, -1e300, 1e300, -1e300, 0, 0, 0, 0};
  double charge[LANES] = {0}, energy[LANES] = {0};
  for (size_t j = 0; j < pack->count; j++) {
    const double *c = pack->cells + TWIN_PLACE(0, j);
    const double t = c[TWIN_TEMPERATURE * LANES], z = c[TWIN_SOC * LANES];
    found.coldest_c = t < found.coldest_c ? t : found.coldest_c;
    found.hottest_c = t > found.hottest_c ? t : found.hottest_c;
    found.lowest_soc = z < found.lowest_soc ? z : found.lowest_soc;
    found.highest_soc = z > found.highest_soc ? z : found.highest_soc;
    charge[j % LANES] += z;
    energy[j % LANES] += c[TWIN_CAPACITY * LANES] * c[TWIN_ENERGY * LANES];
  }
  found.soc_sum = lane_sum(charge);
  found.energy_wh = lane_sum(energy);
  return found;
}

INLINE void exps_of(const double *x, double *y, size_t count) {
  size_t j = 0;
  for (; j + LANES <= count; j += LANES) *(v8_any *)(y + j) = exp_8(*(const v8_any *)(x + j));
  for (; j < count; j++) y[j] = exp_1(x[j]);
}

/* ---- one machine code per vector width ---- */

#define KERNELS(width, narrow, target)                                                             \
  target static twin_pack_line begin_##width(const twin_cells *cells,                              \
    const twin_cell_model *model, const twin_step_coefficients *step, double estimated_a,          \
    twin_bounds bounds, twin_pack_limits *limits) {                                                \
    if (model->hysteresis_rate > 0)                                                                \
      return begin_pack(cells, model, step, estimated_a, bounds, limits, narrow, 1);               \
    return begin_pack(cells, model, step, estimated_a, bounds, limits, narrow, 0);                 \
  }                                                                                                \
  target static void finish_##width(const twin_cells *cells, const twin_cell_model *model,         \
    const twin_step_coefficients *step, double pack_a, const twin_heat *heat,                      \
    const twin_surroundings *around, twin_summary *summary, twin_losses *losses) {                 \
    if (model->hysteresis_rate > 0)                                                                \
      finish_pack(cells, model, step, pack_a, heat, around, summary, losses, narrow, 1);           \
    else finish_pack(cells, model, step, pack_a, heat, around, summary, losses, narrow, 0);        \
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
  static const twin_kernels kernels_##width = {#width, begin_##width, finish_##width,              \
    summarise_##width, apply_##width, exps_##width};

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

const twin_kernels *twin_kernels_best(void) {
  for (int width = TWIN_WIDTHS - 1; width > TWIN_PORTABLE; width--) {
    const twin_kernels *found = twin_kernels_for(width);
    if (found) return found;
  }
  return &kernels_portable;
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
