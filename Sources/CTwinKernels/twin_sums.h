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

/* Where in the groups a walk over the cells stands. */
typedef struct { size_t group, left; } group_walk;

INLINE group_walk group_start(const twin_cells *pack) {
  return (group_walk){0, pack->parallel};
}

/* Gives each of the next cells the value of its group; places after the last cell take the last group's. */
INLINE void spread(const twin_cells *pack, const double *of_group, group_walk *walk, size_t count,
  double *to) {
  const size_t groups = pack->series * pack->strings, parallel = pack->parallel;
  group_walk at = *walk;
  size_t k = 0;
  if (parallel % LANES == 0) {
    for (; k + LANES <= count; k += LANES) {
      AT(to, k) = ZERO + of_group[at.group];
      at.left -= LANES;
      if (at.left > 0) continue;
      at.left = parallel;
      at.group += at.group + 1 < groups;
    }
  } else if (parallel == 4) {
    for (; k + LANES <= count && at.group + 2 < groups; k += LANES, at.group += 2) {
      const real_2 two = *(const any_2 *)(of_group + at.group);
      AT(to, k) = __builtin_shufflevector(two, two, 0, 0, 0, 0, 1, 1, 1, 1);
    }
  } else if (parallel == 2) {
    for (; k + LANES <= count && at.group + 4 < groups; k += LANES, at.group += 4) {
      const v4 four = *(const v4_any *)(of_group + at.group);
      AT(to, k) = __builtin_shufflevector(four, four, 0, 0, 1, 1, 2, 2, 3, 3);
    }
  } else if (parallel == 1) {
    for (; k + LANES <= count && at.group + LANES < groups; k += LANES, at.group += LANES)
      AT(to, k) = *(const v8_any *)(of_group + at.group);
  }
  for (; k < count; k++) {
    to[k] = of_group[at.group];
    if (--at.left > 0) continue;
    at.left = parallel;
    at.group += at.group + 1 < groups;
  }
  *walk = at;
}

/* A column of the groups, or of the strings. */
INLINE double *of_groups(const twin_cells *pack, size_t column) {
  return pack->links + column * (pack->series * pack->strings);
}

INLINE double *of_strings(const twin_cells *pack, size_t column) {
  return pack->links + TWIN_GROUP_COLUMNS * (pack->series * pack->strings) + column * pack->strings;
}

/* True when cells or strings agree in more than the mean of the step. */
INLINE int is_blended(const twin_cells *pack) {
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  for (size_t g = 0; g < pack->series * pack->strings; g++)
    if (blend[g] > 0) return 1;
  return 0;
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
    all->low_z[l] = all->low_v[l] = all->low_s[l] = 1e300;
    all->high_z[l] = all->high_v[l] = all->high_s[l] = -1e300;
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
    lane_sum(all->heat), lane_sum(all->hysteresis), lane_sum(all->charge), lane_sum(all->sharing),
    lane_sum(all->lag), lane_least(all->low_s), lane_most(all->high_s)};
  return whole;
}

#endif
