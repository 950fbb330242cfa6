#ifndef TWIN_LINE_H
#define TWIN_LINE_H

/* First half of a step: cells at mid-step, groups, strings and the pack, and where limits are. */

#include "twin_sums.h"

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

#endif
