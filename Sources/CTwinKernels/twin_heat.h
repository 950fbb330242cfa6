#ifndef TWIN_HEAT_H
#define TWIN_HEAT_H

/* Heat of a step: rates of all nodes, and their exact move. */

#include "twin_sums.h"

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
  const double low = least_8(range.low), high = most_8(range.high);
  summary->coldest_c = low < range.lowest ? low : range.lowest;
  summary->hottest_c = high > range.highest ? high : range.highest;
}

#endif
