#include "planning_kernels.h"

#include <math.h>
#include <string.h>

/* Becomes part of the function of each vector width, so that it uses its vectors. */
#define INLINE static inline __attribute__((always_inline))

typedef double v4 __attribute__((vector_size(32)));
typedef double v4_any __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t m4 __attribute__((vector_size(32)));

#define AT(array, k) (*(v4_any *)((array) + PLANNING_LANES * (k)))
#define READ(array, k) (*(const v4_any *)((array) + PLANNING_LANES * (k)))
#define ZERO ((v4){0})

/* More groups than this go one after the other. */
enum { MOST_GROUPS = 4 };

INLINE v4 pick(m4 condition, v4 a, v4 b) {
  return (v4)((condition & (m4)a) | (~condition & (m4)b));
}

INLINE v4 lesser(v4 a, v4 b) { return pick(b < a, b, a); }
INLINE v4 greater(v4 a, v4 b) { return pick(b > a, b, a); }
INLINE v4 at_least_zero(v4 a) { return pick(a < ZERO, ZERO, a); }
INLINE int any(m4 condition) { return __builtin_reduce_or(condition) != 0; }

/* Width of the part of one stretch that lies in another. */
INLINE v4 overlap(v4 from, v4 to, v4 low, v4 high) {
  return at_least_zero(lesser(to, high) - greater(from, low));
}

/* ---- the way back, some groups at a time ---- */

typedef struct {
  double *width;
  uint64_t *used;
  size_t stride; /* numbers to a bin */
  v4 left[MOST_GROUPS], total[MOST_GROUPS];
} functions;

INLINE void add(functions *f, const v4 *added, int64_t bin, const size_t groups) {
  m4 some = added[0] > ZERO;
  for (size_t g = 1; g < groups; g++) some |= added[g] > ZERO;
  if (!any(some)) return;
  double *width = f->width + (size_t)bin * f->stride;
  for (size_t g = 0; g < groups; g++) {
    AT(width, g) += added[g];
    f->total[g] += added[g];
  }
  f->used[bin >> 6] |= (uint64_t)1 << (bin & 63);
}

/* Takes widths away, from the lowest slopes upward or from the highest downward. */
INLINE void take(functions *f, size_t words, const v4 *amount, int from_lowest, const size_t groups) {
  v4 rest[MOST_GROUPS];
  for (size_t g = 0; g < groups; g++) rest[g] = amount[g];
  for (size_t step = 0; step < words; step++) {
    const size_t word = from_lowest ? step : words - 1 - step;
    uint64_t bits = f->used[word];
    while (bits != 0) {
      const int bit = from_lowest ? __builtin_ctzll(bits) : 63 - __builtin_clzll(bits);
      bits &= ~((uint64_t)1 << bit);
      double *width = f->width + (word << 6 | (size_t)bit) * f->stride;
      m4 stays = {0}, wanted = {0};
      for (size_t g = 0; g < groups; g++) {
        const v4 old = READ(width, g);
        const v4 part = lesser(old, rest[g]);
        const v4 left = old - part;
        AT(width, g) = left;
        rest[g] -= part;
        f->total[g] -= part;
        stays |= left > ZERO;
        wanted |= rest[g] > ZERO;
      }
      if (!any(stays)) f->used[word] &= ~((uint64_t)1 << bit);
      if (!any(wanted)) return;
    }
  }
}

INLINE void go_back_groups(
  const planning_bins *bins, const planning_slots *slots, size_t from, size_t to, size_t first_group,
  uint64_t *used, const size_t groups
) {
  functions f = {
    .width = bins->width + PLANNING_LANES * first_group, .used = used,
    .stride = PLANNING_LANES * bins->groups};
  for (size_t g = 0; g < groups; g++) {
    f.left[g] = READ(bins->left, first_group + g);
    f.total[g] = READ(bins->total, first_group + g);
  }
  const size_t columns = PLANNING_SHARED + PLANNING_GROUP * bins->groups;
  for (size_t t = from; t >= to; t--) {
    const double per_discharge = slots->per_discharge * slots->scale[t + 1];
    const double per_charge = slots->per_charge * slots->scale[t + 1];
    const double *shared = slots->rows + t * columns;
    const double *row = shared + PLANNING_SHARED + PLANNING_GROUP * first_group;
    v4 pv[MOST_GROUPS], rest[MOST_GROUPS], weakest[MOST_GROUPS], strongest[MOST_GROUPS];
    v4 charged[MOST_GROUPS], discharging[MOST_GROUPS], charging[MOST_GROUPS];
    for (size_t g = 0; g < groups; g++) {
      const double *own = row + PLANNING_GROUP * g;
      pv[g] = READ(own + PLANNING_PV, 0);
      rest[g] = READ(own + PLANNING_NET, 0);
      weakest[g] =
        shared[PLANNING_DISCHARGES] > 0 ? rest[g] - READ(own + PLANNING_DISCHARGE, 0) : rest[g];
      strongest[g] = rest[g] + shared[PLANNING_CHARGE];
      charged[g] = ZERO;
    }
    for (int64_t k = slots->first[t]; k < slots->first[t - 1]; k++) {
      const planning_piece *piece = slots->pieces + k;
      for (size_t g = 0; g < groups; g++) {
        const v4 begin = piece->from - piece->from_moves * pv[g];
        const v4 end = piece->to - piece->to_moves * pv[g];
        discharging[g] = overlap(begin, end, weakest[g], rest[g]) * per_discharge;
        charging[g] = overlap(begin, end, rest[g], strongest[g]) * per_charge;
        charged[g] += charging[g];
      }
      add(&f, discharging, piece->discharge_bin, groups);
      add(&f, charging, piece->charge_bin, groups);
    }
    const double *before = row - columns;
    v4 cut[MOST_GROUPS];
    m4 some = {0};
    for (size_t g = 0; g < groups; g++) {
      f.left[g] -= charged[g];
      const v4 low = READ(before + PLANNING_GROUP * g + PLANNING_LOW, 0) * slots->scale[t];
      cut[g] = at_least_zero(low - f.left[g]);
      f.left[g] += cut[g];
      some |= cut[g] > ZERO;
    }
    if (any(some)) take(&f, bins->words, cut, 1, groups);
    some = (m4){0};
    for (size_t g = 0; g < groups; g++) {
      const v4 high = READ(before + PLANNING_GROUP * g + PLANNING_HIGH, 0) * slots->scale[t];
      cut[g] = at_least_zero(f.total[g] - at_least_zero(high - f.left[g]));
      some |= cut[g] > ZERO;
    }
    if (any(some)) take(&f, bins->words, cut, 0, groups);
  }
  for (size_t g = 0; g < groups; g++) {
    AT(bins->left, first_group + g) = f.left[g];
    AT(bins->total, first_group + g) = f.total[g];
  }
}

/* Bins that some of the groups use stay marked for the others; an empty width does no harm there. */
INLINE void go_back(const planning_bins *bins, const planning_slots *slots, size_t from, size_t to) {
  uint64_t before[bins->words], after[bins->words];
  memcpy(before, bins->used, sizeof before);
  memset(after, 0, sizeof after);
  for (size_t group = 0; group < bins->groups; group += MOST_GROUPS) {
    memcpy(bins->used, before, sizeof before);
    switch (bins->groups - group) {
    case 1: go_back_groups(bins, slots, from, to, group, bins->used, 1); break;
    case 2: go_back_groups(bins, slots, from, to, group, bins->used, 2); break;
    case 3: go_back_groups(bins, slots, from, to, group, bins->used, 3); break;
    default: go_back_groups(bins, slots, from, to, group, bins->used, MOST_GROUPS);
    }
    for (size_t word = 0; word < bins->words; word++) after[word] |= bins->used[word];
  }
  memcpy(bins->used, after, sizeof after);
}

#define KERNEL(name, target)                                                                       \
  target static void go_back_##name(                                                               \
    const planning_bins *bins, const planning_slots *slots, size_t from, size_t to                 \
  ) {                                                                                              \
    go_back(bins, slots, from, to);                                                                \
  }

KERNEL(portable, )
#if defined(__x86_64__)
KERNEL(avx2, __attribute__((target("avx2"))))
KERNEL(avx512, __attribute__((target("avx512f,avx512vl,avx512dq"))))
#endif

planning_go_back *planning_go_back_for(int width) {
  switch (width) {
  case PLANNING_PORTABLE: return go_back_portable;
#if defined(__x86_64__)
  case PLANNING_AVX2: return __builtin_cpu_supports("avx2") ? go_back_avx2 : NULL;
  case PLANNING_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
               && __builtin_cpu_supports("avx512dq")
             ? go_back_avx512
             : NULL;
#endif
  default: return NULL;
  }
}

/* ---- rows and means ---- */

void planning_lay(
  double *rows, size_t groups, size_t lane, const planning_path *path, planning_reach *reach, size_t count
) {
  const size_t columns = PLANNING_SHARED + PLANNING_GROUP * groups;
  double *row = rows + PLANNING_SHARED + PLANNING_GROUP * (lane / PLANNING_LANES) + lane % PLANNING_LANES;
  for (size_t t = 0; t < count; t++, row += columns) {
    const double load = path->load_kw[t], pv = path->pv_kw[t] > 0 ? path->pv_kw[t] : 0;
    const double most = path->most_discharge_kw[t], room = load + path->export_limit_kw[t];
    const double least = room < most ? room : most, discharge = least > 0 ? least : 0;
    const double net = load - pv;
    row[PLANNING_NET] = net;
    row[PLANNING_PV] = pv;
    row[PLANNING_DISCHARGE] = discharge;
    row[PLANNING_LOW] = path->low_kwh[t];
    row[PLANNING_HIGH] = path->high_kwh[t];
    if (pv > reach[t].pv_kw) reach[t].pv_kw = pv;
    if (net - discharge < reach[t].lowest_kw) reach[t].lowest_kw = net - discharge;
    if (net > reach[t].highest_kw) reach[t].highest_kw = net;
  }
}

void planning_enter(
  const planning_bins *bins, const double *slope, double scale, double kept, double least_kwh, double most_kwh,
  size_t paths, size_t room, planning_step *steps, int64_t *counts, double *left
) {
  double at[paths];
  for (size_t path = 0; path < paths; path++) {
    at[path] = left[path] = bins->left[path] / scale;
    counts[path] = 0;
  }
  const size_t stride = PLANNING_LANES * bins->groups;
  for (size_t word = 0; word < bins->words; word++) {
    for (uint64_t bits = bins->used[word]; bits != 0; bits &= bits - 1) {
      const size_t bin = word << 6 | (size_t)__builtin_ctzll(bits);
      const double here = slope[bin] * scale - kept;
      const double *width = bins->width + bin * stride;
      for (size_t path = 0; path < paths; path++) {
        const double wide = width[path] / scale;
        if (!(wide > 0)) continue;
        planning_step *own = steps + path * room;
        if (at[path] <= least_kwh) counts[path] = 0;
        at[path] += wide;
        own[counts[path]++] = (planning_step){at[path], here};
      }
    }
    int goes_on = 0;
    for (size_t path = 0; path < paths; path++) goes_on |= at[path] < most_kwh;
    if (!goes_on) break;
  }
}

/* Sorts corners between two energies by rising energy; those of one energy keep their order. Corners are spread evenly
   enough that each finds its place among few neighbours. */
static void sort_corners(const planning_step *corners, planning_step *sorted, size_t count, double low, double high) {
  enum { PLACES = 256 };
  uint32_t begin[PLACES + 1];
  memset(begin, 0, sizeof begin);
  const double per_kwh = high > low ? PLACES / (high - low) : 0;
  for (size_t k = 0; k < count; k++) {
    const double place = (corners[k].energy_kwh - low) * per_kwh;
    begin[(place < PLACES - 1 ? (size_t)place : PLACES - 1) + 1]++;
  }
  for (size_t place = 0; place < PLACES; place++) begin[place + 1] += begin[place];
  for (size_t k = 0; k < count; k++) {
    const double place = (corners[k].energy_kwh - low) * per_kwh;
    sorted[begin[place < PLACES - 1 ? (size_t)place : PLACES - 1]++] = corners[k];
  }
  for (size_t k = 1; k < count; k++) {
    const planning_step corner = sorted[k];
    size_t place = k;
    for (; place > 0 && sorted[place - 1].energy_kwh > corner.energy_kwh; place--) sorted[place] = sorted[place - 1];
    sorted[place] = corner;
  }
}

size_t planning_mean(
  const planning_step *steps, const int64_t *counts, const double *left, const double *weight, size_t paths,
  size_t room, double least_kwh, double most_kwh, double rounding_kwh, planning_step *corners, planning_step *sorted,
  double *begins, double *slope, double *width
) {
  double low = least_kwh, high = most_kwh;
  for (size_t path = 0; path < paths; path++) {
    const size_t n = (size_t)counts[path];
    const double end = n > 0 ? steps[path * room + n - 1].energy_kwh : left[path];
    if (left[path] > low) low = left[path];
    if (end < high) high = end;
  }
  if (high < low) high = low;
  size_t count = 0;
  double mean = 0;
  for (size_t path = 0; path < paths; path++) {
    const planning_step *list = steps + path * room;
    const size_t n = (size_t)counts[path];
    if (n == 0) continue;
    size_t k = 0;
    while (k + 1 < n && list[k].energy_kwh <= low + rounding_kwh) k++;
    mean += weight[path] * list[k].slope;
    for (; k + 1 < n && list[k].energy_kwh < high - rounding_kwh; k++) {
      corners[count++] =
        (planning_step){list[k].energy_kwh, weight[path] * (list[k + 1].slope - list[k].slope)};
    }
  }
  sort_corners(corners, sorted, count, low, high);
  *begins = low;
  double at = low;
  size_t pieces = 0;
  for (size_t k = 0; k < count; k++) {
    /* The stretch between corners always ends at its end. */
    if (sorted[k].energy_kwh > at + rounding_kwh) {
      slope[pieces] = mean;
      width[pieces++] = sorted[k].energy_kwh - at;
      at = sorted[k].energy_kwh;
    }
    mean += sorted[k].slope;
  }
  if (high > at) {
    slope[pieces] = mean;
    width[pieces++] = high - at;
  }
  return pieces;
}

/* By digits of eight bits from the lowest; those that all numbers share are passed over. */
void planning_sort(uint64_t *numbers, uint64_t *spare, size_t count) {
  enum { BITS = 8, DIGITS = 8, VALUES = 1 << BITS };
  uint32_t counts[DIGITS][VALUES];
  memset(counts, 0, sizeof counts);
  for (size_t i = 0; i < count; i++) {
    for (int d = 0; d < DIGITS; d++) counts[d][numbers[i] >> (BITS * d) & (VALUES - 1)]++;
  }
  uint64_t *source = numbers, *goal = spare;
  for (int d = 0; d < DIGITS && count > 0; d++) {
    if (counts[d][source[0] >> (BITS * d) & (VALUES - 1)] == count) continue;
    uint32_t place = 0;
    for (int value = 0; value < VALUES; value++) {
      const uint32_t here = counts[d][value];
      counts[d][value] = place;
      place += here;
    }
    for (size_t i = 0; i < count; i++) {
      goal[counts[d][source[i] >> (BITS * d) & (VALUES - 1)]++] = source[i];
    }
    uint64_t *sorted = goal;
    goal = source;
    source = sorted;
  }
  if (source != numbers) memcpy(numbers, source, count * sizeof *numbers);
}
