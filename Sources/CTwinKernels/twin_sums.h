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

#endif
