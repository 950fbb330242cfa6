#ifndef TWIN_SUMS_H
#define TWIN_SUMS_H

/* Sums and extremes over cells, in an order that does not depend on the width. */

#include "twin_widths.h"

/* From this many cells on, blocks are faster than single cells. */
enum { FEW = 3 };

INLINE double lane_sum(const double lane[LANES]) {
  double sum = 0;
  for (size_t l = 0; l < LANES; l++) sum += lane[l];
  return sum;
}

/* Sum of eight numbers whose order no pack of the past depends on. */
INLINE double sum_8(const v8 x) {
  const v4 four = __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
  return (four[0] + four[2]) + (four[1] + four[3]);
}

INLINE double least_8(const v8 x) {
  const v4 a = __builtin_shufflevector(x, x, 0, 1, 2, 3), b = __builtin_shufflevector(x, x, 4, 5, 6, 7);
  const mask_4 is_less = a < b;
  const v4 four = (v4)((is_less & (mask_4)a) | (~is_less & (mask_4)b));
  const double c = four[0] < four[2] ? four[0] : four[2], d = four[1] < four[3] ? four[1] : four[3];
  return c < d ? c : d;
}

INLINE double most_8(const v8 x) { return -least_8(-x); }

INLINE double sum_lanes_8(const v8 x) {
  double lane[LANES];
  *(v8_any *)lane = x;
  return lane_sum(lane);
}

/* Which places of a block hold cells, of `live` of them. */
INLINE mask_8 live_mask(size_t live) {
  const v8 place = {0, 1, 2, 3, 4, 5, 6, 7};
  return place < (double)live;
}

/* Sum of numbers, in lanes by their place. */
INLINE double sum_of(const double *values, size_t count) {
  v8 sum = ZERO;
  size_t j = 0;
  for (; j + LANES <= count; j += LANES) sum += AT(values, j);
  double whole = sum_8(sum);
  for (; j < count; j++) whole += values[j];
  return whole;
}

/* Where in the groups a walk over the cells stands. */
typedef struct { size_t group, left; } group_walk;

/* Gives each of the next cells the value of its group, of `groups` with `parallel` cells each; places after the
   last cell take the last group's. Returns where they are: in `to`, or in place where cells are groups. */
INLINE const double *spread_over(size_t groups, size_t parallel, const double *of_group,
  group_walk *walk, size_t count, double *to) {
  group_walk at = *walk;
  size_t k = 0;
  if (parallel == 1 && at.group + count <= groups) {
    walk->group += count;
    return of_group + at.group;
  }
  if (parallel == 1) {
    for (; k + LANES <= count && at.group + LANES <= groups; k += LANES, at.group += LANES)
      AT(to, k) = *(const v8_any *)(of_group + at.group);
  } else if (parallel % LANES == 0) {
    for (; k + LANES <= count; k += LANES) {
      AT(to, k) = ZERO + of_group[at.group];
      at.left -= LANES;
      if (at.left > 0) continue;
      at.left = parallel;
      at.group += at.group + 1 < groups;
    }
  } else if (parallel == 4) {
    for (; k + LANES <= count && at.group + 2 <= groups; k += LANES, at.group += 2) {
      const real_2 two = *(const any_2 *)(of_group + at.group);
      AT(to, k) = __builtin_shufflevector(two, two, 0, 0, 0, 0, 1, 1, 1, 1);
    }
  } else if (parallel == 2) {
    for (; k + LANES <= count && at.group + 4 <= groups; k += LANES, at.group += 4) {
      const v4 four = *(const v4_any *)(of_group + at.group);
      AT(to, k) = __builtin_shufflevector(four, four, 0, 0, 1, 1, 2, 2, 3, 3);
    }
  }
  at.group = at.group < groups ? at.group : groups - 1;
  for (; k < count; k++) {
    to[k] = of_group[at.group];
    if (--at.left > 0) continue;
    at.left = parallel;
    at.group += at.group + 1 < groups;
  }
  *walk = at;
  return to;
}

INLINE const double *spread(const twin_cells *pack, const double *of_group, group_walk *walk,
  size_t count, double *to) {
  return spread_over(
    pack->series * pack->strings, pack->parallel, of_group, walk, count, to);
}

/* Whether groups lie evenly in blocks: several of them in one, or one of them in several. */
INLINE int is_even(size_t parallel) { return parallel % LANES == 0 || LANES % parallel == 0; }

/* What the cells of a block have of their groups, from the first of these on. */
INLINE v8 load_groups(const double *of_group, size_t parallel, size_t live) {
  if (parallel >= LANES) return ZERO + of_group[0];
  if (live < LANES) {
    double lane[LANES];
    for (size_t l = 0; l < LANES; l++) lane[l] = of_group[(l < live ? l : live - 1) / parallel];
    return *(v8_any *)lane;
  }
  if (parallel == 4) {
    const real_2 two = *(const any_2 *)of_group;
    return __builtin_shufflevector(two, two, 0, 0, 0, 0, 1, 1, 1, 1);
  }
  if (parallel == 2) {
    const v4 four = *(const v4_any *)of_group;
    return __builtin_shufflevector(four, four, 0, 0, 1, 1, 2, 2, 3, 3);
  }
  return *(const v8_any *)of_group;
}

/* Where sums over groups that lie unevenly stand, of two numbers per cell. */
typedef struct {
  double a, b;
  size_t place, group;
} group_sums;

/* Adds the numbers of the next cells to the sums of their groups; a group's are stored when it is complete. */
INLINE void add_groups(group_sums *sums, size_t parallel, size_t count, const double *a,
  const double *b, double *to_a, double *to_b) {
  for (size_t k = 0; k < count; k++) {
    sums->a += a[k];
    sums->b += b[k];
    if (++sums->place < parallel) continue;
    to_a[sums->group] = sums->a;
    to_b[sums->group] = sums->b;
    *sums = (group_sums){0, 0, 0, sums->group + 1};
  }
}

/* A column of the groups, or of the strings. */
INLINE double *of_groups(const twin_cells *pack, size_t column) {
  return pack->links + column * (pack->series * pack->strings);
}

INLINE double *of_strings(const twin_cells *pack, size_t column) {
  return pack->links + TWIN_GROUP_COLUMNS * (pack->series * pack->strings) + column * pack->strings;
}

/* The first numbers of `sharing`: currents of the pack for which the second half may take up what `share` found of the
   cells, for which the lines were looked at, how far from it that holds, for which the groups have their voltages, and
   the largest blend of the lines. */
enum { KEPT_FOR_A, LOOKED_FOR_A, LOOK_SLACK_A, GROUPS_FOR_A, LARGEST_BLEND };

/* Lines change: what was found for a current of the pack holds no more. */
INLINE void forget(const twin_cells *pack) {
  pack->sharing[KEPT_FOR_A] = pack->sharing[GROUPS_FOR_A] = __builtin_nan("");
  pack->sharing[LOOK_SLACK_A] = -1;
}

/* The most that cells or strings agree in more than the mean of the step. */
INLINE double most_blend(const twin_cells *pack) {
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  const size_t groups = pack->series * pack->strings;
  v8 most = ZERO;
  size_t g = 0;
  for (; g + LANES <= groups; g += LANES) most = PICK(AT(blend, g) > most, AT(blend, g), most);
  double whole = most_8(most);
  for (; g < groups; g++) whole = blend[g] > whole ? blend[g] : whole;
  return whole;
}

/* The same of the lines that were found last. */
INLINE void keep_blend(const twin_cells *pack, double most) { pack->sharing[LARGEST_BLEND] = most; }

/* True when cells or strings agree in more than the mean of the step. */
INLINE int is_blended(const twin_cells *pack) { return pack->sharing[LARGEST_BLEND] > 0; }

INLINE move_part_1 whole_move(const move_part_8 *all) {
  const move_part_1 whole = {least_8(all->low_z), most_8(all->high_z), least_8(all->low_v),
    most_8(all->high_v), sum_lanes_8(all->sum_z), sum_lanes_8(all->sum_w),
    sum_lanes_8(all->series), sum_lanes_8(all->pairs), sum_lanes_8(all->bleed),
    sum_lanes_8(all->link), sum_lanes_8(all->entropic), sum_lanes_8(all->heat),
    sum_lanes_8(all->hysteresis), sum_lanes_8(all->charge), sum_lanes_8(all->sharing),
    sum_lanes_8(all->lag), least_8(all->low_s), most_8(all->high_s)};
  return whole;
}

#endif
