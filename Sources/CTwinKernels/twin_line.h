#ifndef TWIN_LINE_H
#define TWIN_LINE_H

/* First half of a step: cells at mid-step, groups, strings and the pack, and where limits are. */

#include "twin_sums.h"

INLINE prepare_step first_half(const twin_cell_model *model, const twin_step_coefficients *step,
  double estimated_a, double link_ohm, const int shared) {
  const double kept = estimated_a < 0 ? model->charge_efficiency : 1, dt = step->seconds;
  const double sign = estimated_a > 0 ? 1 : (estimated_a < 0 ? -1 : 0);
  const prepare_step p = {
    .table = estimated_a < 0 ? model->charge_table : model->discharge_table,
    .heat_table = model->heat_table, .intervals = model->soc_intervals,
    .last = model->soc_intervals - 1, .first_c = model->first_c, .per_k = model->per_k,
    .last_hot = model->heat_intervals - 1, .to_mid = estimated_a * kept * dt / 7200,
    .half = 0.5 * dt, .m1 = step->mean1, .m2 = step->mean2, .a1 = step->decay1, .a2 = step->decay2,
    .n1 = 1 - step->mean1, .n2 = 1 - step->mean2, .b1 = 1 - step->decay1, .b2 = 1 - step->decay2,
    .per_mean = kept * dt / 7200, .half_hour = dt / 7200, .sign = sign,
    /* One-state hysteresis: mean and end of the step follow from the decay of h + sign I. */
    .turn = model->hysteresis_rate * (shared ? 1 : sign * estimated_a) * dt / 3600,
    .mean_a = estimated_a, .link = link_ohm, .lag_grown = model->lag_h * (1 - step->lag_decay) * 3600 / dt,
    .lag_kelvin = model->lag_kelvin, .lag_mid = 0.5 * (1 + step->lag_decay),
    .lag_rest = 0.5 * (1 - step->lag_decay)};
  return p;
}

/* First half of a step for all cells; few: one by one, narrow: by two. Returns the steepest of them. */
INLINE double prepare_all(const twin_cells *pack, const prepare_step *p, const int narrow,
  const int shared, const int hysteresis, const int lag) {
  prepare_tile tile;
  double steepest = -1e300;
  if (pack->count < FEW) {
    for (size_t j = 0; j < pack->count; j++) {
      locate_1(pack->cells + j, p, &tile, j, shared, lag);
      look_up_1(p, &tile, j);
      evaluate_1(pack->cells + j, p, &tile, j, shared, hysteresis, lag, &steepest);
    }
    return steepest;
  }
  v8 steepest_8 = ZERO - 1e300;
  real_2 steepest_2 = {-1e300, -1e300};
  const size_t total = twin_padded(pack->count);
  for (size_t first = 0; first < total; first += TILE) {
    double *c = pack->cells + first / LANES * BLOCK;
    const size_t own = total - first < TILE ? total - first : TILE;
    if (narrow) {
      for (size_t k = 0; k < own; k += 2)
        locate_2(c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared, lag);
      for (size_t k = 0; k < own; k += 2) look_up_2(p, &tile, k);
      for (size_t k = 0; k < own; k += 2)
        evaluate_2(
          c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared, hysteresis, lag, &steepest_2);
    } else {
      for (size_t k = 0; k < own; k += LANES)
        locate_8(c + k / LANES * BLOCK, p, &tile, k, shared, lag);
      for (size_t k = 0; k < own; k += LANES) look_up_8(p, &tile, k);
      for (size_t k = 0; k < own; k += LANES)
        evaluate_8(c + k / LANES * BLOCK, p, &tile, k, shared, hysteresis, lag, &steepest_8);
    }
  }
  double lane[LANES];
  *(v8_any *)lane = steepest_8;
  steepest = lane_most(lane);
  for (size_t l = 0; l < 2; l++) steepest = steepest_2[l] > steepest ? steepest_2[l] : steepest;
  return steepest;
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

INLINE limit_step limit_of(const twin_cell_model *model, const twin_step_coefficients *step,
  twin_bounds bounds) {
  return (limit_step){.soc = bounds.soc, .volt = bounds.volt,
    .per_second = 3600 / step->seconds / (bounds.direction > 0 ? 1 : model->charge_efficiency),
    .sign = bounds.direction > 0 ? 1 : -1};
}

/* How much cells that share a voltage agree at the end of the step instead of the mean. A linear difference
   of charge is multiplied per step by (1 - x/2) / (1 + x/2), x = slope dt / (3600 Q R), with means alone, so
   beyond x = 2 it turns over and hardly falls; with a blend of 1 - 2/x it is gone after one step.
   W. Liniger, R. A. Willoughby, SIAM J. Numer. Anal. 7 (1970) 47, doi:10.1137/0707002. */
INLINE double blend_of(double charged, double others) {
  return charged > others ? 1 - others / charged : 0;
}

/* The part of the charge in the fall of a cell's mean voltage on the line of the first half; with hysteresis,
   less by what its fall at the end is below that of the mean. */
INLINE double charged_part(const double *c, const twin_step_coefficients *step) {
  return c[TWIN_END_R * LANES] - c[TWIN_MEAN_R * LANES]
    + c[TWIN_R1 * LANES] * (step->decay1 - step->mean1)
    + c[TWIN_R2 * LANES] * (step->decay2 - step->mean2);
}

/* Blend of each group, or one of all where strings share a voltage. */
INLINE void blend_groups(const twin_cells *pack, const twin_step_coefficients *step, int steep) {
  const size_t groups = pack->series * pack->strings;
  double *blend = of_groups(pack, TWIN_GROUP_BLEND), most = 0;
  for (size_t g = 0; g < groups; g++) {
    blend[g] = 0;
    if (!steep) continue;
    for (size_t j = g * pack->parallel; j < (g + 1) * pack->parallel; j++) {
      const double *c = pack->cells + TWIN_PLACE(0, j);
      const double charged = charged_part(c, step);
      const double others = c[TWIN_R0 * LANES] + c[TWIN_R1 * LANES] * (1 - step->mean1)
        + c[TWIN_R2 * LANES] * (1 - step->mean2) + pack->link_ohm;
      const double own = blend_of(charged, others);
      blend[g] = own > blend[g] ? own : blend[g];
    }
    most = blend[g] > most ? blend[g] : most;
  }
  if (steep && pack->strings > 1)
    for (size_t g = 0; g < groups; g++) blend[g] = most;
}

INLINE double mixed(const double *c, size_t mean, size_t end, double blend) {
  return (1 - blend) * c[mean * LANES] + blend * c[end * LANES];
}

/* Takes the sum of four numbers in the order that groups of four in a block have, and clears them. */
INLINE double four_sum(double four[4], size_t parallel) {
  const double sum = parallel <= 2 ? four[0] + four[1] : (four[0] + four[2]) + (four[1] + four[3]);
  four[0] = four[1] = four[2] = four[3] = 0;
  return sum;
}

/* Lines of all groups. Conductances are found block by block; sums over a group run in lanes by the place in
   the group. */
INLINE void line_of_groups(const twin_cells *pack, int blended) {
  const size_t parallel = pack->parallel, total = twin_padded(pack->count), count = pack->count;
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  double *group_e = of_groups(pack, TWIN_GROUP_E), *group_r = of_groups(pack, TWIN_GROUP_R);
  v8 sum_c = ZERO, sum_e = ZERO;
  double lone_c[4] = {0}, lone_e[4] = {0};
  double blends[TILE] = {0}, source[TILE];
  group_walk walk = group_start(pack);
  size_t place = 0, g = 0;
  for (size_t first = 0; first < total; first += TILE) {
    double *c = pack->cells + first / LANES * BLOCK;
    const size_t own = total - first < TILE ? total - first : TILE;
    if (blended) spread(pack, blend, &walk, own, blends);
    if (count < FEW) {
      for (size_t k = 0; k < count; k++) {
        const double r = mixed(c + k, TWIN_MEAN_R, TWIN_END_R, blends[k]) + pack->link_ohm;
        c[TWIN_CONDUCTANCE * LANES + k] = 1 / r;
        source[k] = 1 / r * mixed(c + k, TWIN_MEAN_E, TWIN_END_E, blends[k]);
      }
    }
    for (size_t k = 0; k < own && count >= FEW; k += LANES, c += BLOCK) {
      v8 e = LOAD(c, TWIN_MEAN_E), r = LOAD(c, TWIN_MEAN_R);
      if (blended) {
        const v8 b = AT(blends, k);
        e = (1 - b) * e + b * LOAD(c, TWIN_END_E);
        r = (1 - b) * r + b * LOAD(c, TWIN_END_R);
      }
      const v8 conductance = 1 / (r + pack->link_ohm);
      STORE(c, TWIN_CONDUCTANCE, conductance);
      AT(source, k) = conductance * e;
    }
    c = pack->cells + first / LANES * BLOCK;
    size_t k = 0;
    if (parallel % LANES == 0) {
      for (; k < own; k += LANES, c += BLOCK) {
        sum_c += LOAD(c, TWIN_CONDUCTANCE);
        sum_e += AT(source, k);
        place += LANES;
        if (place < parallel) continue;
        double lane_c[LANES], lane_e[LANES];
        *(v8_any *)lane_c = sum_c;
        *(v8_any *)lane_e = sum_e;
        group_r[g] = 1 / lane_sum(lane_c);
        group_e[g] = lane_sum(lane_e) * group_r[g];
        sum_c = sum_e = ZERO;
        place = 0;
        g += 1;
      }
      continue;
    }
    /* Groups that fill blocks evenly, by the order of the sums below. */
    if (parallel == 2) {
      for (; k + LANES <= own && first + k + LANES <= count; k += LANES, c += BLOCK, g += 4) {
        const v8 of_c = LOAD(c, TWIN_CONDUCTANCE), of_e = AT(source, k);
        const v4 r = 1 / (__builtin_shufflevector(of_c, of_c, 0, 2, 4, 6)
          + __builtin_shufflevector(of_c, of_c, 1, 3, 5, 7));
        *(v4_any *)(group_r + g) = r;
        *(v4_any *)(group_e + g) = (__builtin_shufflevector(of_e, of_e, 0, 2, 4, 6)
          + __builtin_shufflevector(of_e, of_e, 1, 3, 5, 7)) * r;
      }
    } else if (parallel == 4) {
      for (; k + LANES <= own && first + k + LANES <= count; k += LANES, c += BLOCK, g += 2) {
        const v8 of_c = LOAD(c, TWIN_CONDUCTANCE), of_e = AT(source, k);
        const v4 half_c = __builtin_shufflevector(of_c, of_c, 0, 4, 1, 5)
          + __builtin_shufflevector(of_c, of_c, 2, 6, 3, 7);
        const v4 half_e = __builtin_shufflevector(of_e, of_e, 0, 4, 1, 5)
          + __builtin_shufflevector(of_e, of_e, 2, 6, 3, 7);
        const real_2 r = 1 / (__builtin_shufflevector(half_c, half_c, 0, 1)
          + __builtin_shufflevector(half_c, half_c, 2, 3));
        *(any_2 *)(group_r + g) = r;
        *(any_2 *)(group_e + g) = (__builtin_shufflevector(half_e, half_e, 0, 1)
          + __builtin_shufflevector(half_e, half_e, 2, 3)) * r;
      }
    } else if (parallel == 1) {
      for (; k + LANES <= own && first + k + LANES <= count; k += LANES, c += BLOCK, g += LANES) {
        const v8 r = 1 / LOAD(c, TWIN_CONDUCTANCE);
        *(v8_any *)(group_r + g) = r;
        *(v8_any *)(group_e + g) = AT(source, k) * r;
      }
    }
    c = pack->cells + first / LANES * BLOCK;
    for (; k < own && first + k < count; k++) {
      lone_c[place % 4] += c[k / LANES * BLOCK + TWIN_CONDUCTANCE * LANES + k % LANES];
      lone_e[place % 4] += source[k];
      place += 1;
      if (place < parallel) continue;
      group_r[g] = 1 / four_sum(lone_c, parallel);
      group_e[g] = four_sum(lone_e, parallel) * group_r[g];
      place = 0;
      g += 1;
    }
  }
}

/* Mean voltages of all groups: those of the cells, weighted by their shares of a change of the current. */
INLINE void mean_of_groups(const twin_cells *pack, int blended) {
  const size_t groups = pack->series * pack->strings, parallel = pack->parallel;
  const double *group_e = of_groups(pack, TWIN_GROUP_E), *group_r = of_groups(pack, TWIN_GROUP_R);
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  double *mean_e = of_groups(pack, TWIN_GROUP_MEAN_E), *mean_r = of_groups(pack, TWIN_GROUP_MEAN_R);
  for (size_t g = 0; g < groups; g++) {
    mean_e[g] = group_e[g];
    mean_r[g] = group_r[g];
    if (!blended || blend[g] == 0) continue;
    double lane_e[LANES] = {0}, lane_r[LANES] = {0};
    for (size_t k = 0; k < parallel; k++) {
      const double *c = pack->cells + TWIN_PLACE(0, g * parallel + k);
      const double conductance = c[TWIN_CONDUCTANCE * LANES], weight = conductance * group_r[g];
      const double share = (mixed(c, TWIN_MEAN_E, TWIN_END_E, blend[g]) - group_e[g]) * conductance;
      const double ohm = c[TWIN_MEAN_R * LANES] + pack->link_ohm;
      lane_e[k % LANES] += weight * (c[TWIN_MEAN_E * LANES] - ohm * share);
      lane_r[k % LANES] += weight * ohm * weight;
    }
    mean_e[g] = lane_sum(lane_e);
    mean_r[g] = lane_sum(lane_r);
  }
}

/* Currents of a string, or of the only one, at which its first cell meets a limit: i = share + part of the
   string's current, part = conductance over their sum. */
INLINE line_part_1 limit_of_string(const twin_cells *pack, size_t s, const limit_step *limit,
  int blended) {
  const size_t cells = pack->series * pack->parallel, parallel = pack->parallel;
  const double *group_e = of_groups(pack, TWIN_GROUP_E), *group_r = of_groups(pack, TWIN_GROUP_R);
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  line_lanes all;
  clear_line(&all);
  const size_t from = s * cells;
  if (from % LANES == 0 && cells >= FEW) {
    line_part_8 part;
    start_line_8(&part);
    double e[TILE], r[TILE], blends[TILE] = {0};
    double *whole = of_groups(pack, TWIN_GROUP_VOLT);
    for (size_t g = s * pack->series; g < (s + 1) * pack->series; g++) whole[g] = 1 / group_r[g];
    group_walk walk_e = {s * pack->series, parallel}, walk_r = walk_e, walk_b = walk_e;
    for (size_t first = 0; first < cells; first += TILE) {
      const size_t own = cells - first < TILE ? twin_padded(cells - first) : TILE;
      spread(pack, group_e, &walk_e, own, e);
      spread(pack, whole, &walk_r, own, r);
      if (blended) spread(pack, blend, &walk_b, own, blends);
      const double *c = pack->cells + (from + first) / LANES * BLOCK;
      for (size_t k = 0; k < own; k += LANES, c += BLOCK) {
        v8 cell_e = LOAD(c, TWIN_MEAN_E), cell_r = LOAD(c, TWIN_MEAN_R);
        if (blended) {
          const v8 b = AT(blends, k);
          cell_e = (1 - b) * cell_e + b * LOAD(c, TWIN_END_E);
          cell_r = (1 - b) * cell_r + b * LOAD(c, TWIN_END_R);
        }
        const int last = cells - first - k < LANES;
        if (last) {
          keep_line_8(&all, &part, LANES);
          start_line_8(&part);
        }
        limit_8(c, limit, (cell_e - AT(e, k)) * LOAD(c, TWIN_CONDUCTANCE),
          (cell_r + pack->link_ohm) * AT(r, k), 0, &part);
        if (last) keep_line_8(&all, &part, cells - first - k);
      }
    }
    if (cells % LANES == 0) keep_line_8(&all, &part, LANES);
  } else {
    for (size_t g = s * pack->series; g < (s + 1) * pack->series; g++) {
      for (size_t j = g * parallel; j < (g + 1) * parallel; j++) {
        const double *c = pack->cells + TWIN_PLACE(0, j);
        line_part_1 part;
        start_line_1(&part);
        limit_1(c, limit,
          (mixed(c, TWIN_MEAN_E, TWIN_END_E, blend[g]) - group_e[g]) * c[TWIN_CONDUCTANCE * LANES],
          (mixed(c, TWIN_MEAN_R, TWIN_END_R, blend[g]) + pack->link_ohm) * (1 / group_r[g]), 0, &part);
        keep_line_1(&all, &part, j % LANES);
      }
    }
  }
  line_part_1 whole;
  start_line_1(&whole);
  whole.soc = lane_least(all.soc);
  whole.room = least_fraction(&all);
  return whole;
}

/* Combines cells to groups, strings and the pack; limit may be NULL. */
INLINE twin_pack_line combine(const twin_cells *pack, const limit_step *limit,
  twin_pack_limits *limits) {
  const size_t series = pack->series, strings = pack->strings;
  const int blended = is_blended(pack);
  line_of_groups(pack, blended);
  mean_of_groups(pack, blended);
  double *e = of_strings(pack, TWIN_STRING_E), *r = of_strings(pack, TWIN_STRING_R);
  double *mean_e = of_strings(pack, TWIN_STRING_MEAN_E);
  double *mean_r = of_strings(pack, TWIN_STRING_MEAN_R);
  double *soc_a = of_strings(pack, TWIN_STRING_SOC_A);
  double *voltage_a = of_strings(pack, TWIN_STRING_VOLTAGE_A);
  for (size_t s = 0; s < strings; s++) {
    e[s] = sum_lanes(of_groups(pack, TWIN_GROUP_E) + s * series, series);
    r[s] = sum_lanes(of_groups(pack, TWIN_GROUP_R) + s * series, series);
    mean_e[s] = e[s];
    mean_r[s] = r[s];
    if (blended) {
      mean_e[s] = sum_lanes(of_groups(pack, TWIN_GROUP_MEAN_E) + s * series, series);
      mean_r[s] = sum_lanes(of_groups(pack, TWIN_GROUP_MEAN_R) + s * series, series);
    }
    if (limit) {
      const line_part_1 found = limit_of_string(pack, s, limit, blended);
      soc_a[s] = found.soc;
      voltage_a[s] = found.room;
    }
  }
  if (strings == 1) {
    if (limit) {
      limits->soc_a = soc_a[0];
      limits->voltage_a = voltage_a[0];
    }
    return (twin_pack_line){mean_e[0], mean_r[0]};
  }

  double *conductance = of_strings(pack, TWIN_STRING_CONDUCTANCE);
  double sum_c = 0, sum_e = 0;
  for (size_t s = 0; s < strings; s++) {
    conductance[s] = 1 / r[s];
    sum_c += conductance[s];
    sum_e += conductance[s] * e[s];
  }
  twin_pack_line line;
  line.r_ohm = 1 / sum_c;
  line.e_volt = sum_e * line.r_ohm;
  if (limit) {
    double least_soc = 1e300, least_volt = 1e300;
    for (size_t s = 0; s < strings; s++) {
      const double share = limit->sign * (e[s] - line.e_volt) * conductance[s];
      const double part = sum_c * r[s];
      const double a = (soc_a[s] - share) * part, b = (voltage_a[s] - share) * part;
      least_soc = a < least_soc ? a : least_soc;
      least_volt = b < least_volt ? b : least_volt;
    }
    limits->soc_a = least_soc;
    limits->voltage_a = least_volt;
  }
  if (blended) {
    /* Mean voltage of the pack: that of the strings, weighted like that of cells in a group. */
    const double shared_e = line.e_volt, shared_r = line.r_ohm;
    line.e_volt = line.r_ohm = 0;
    for (size_t s = 0; s < strings; s++) {
      const double weight = conductance[s] * shared_r;
      line.e_volt += weight * (mean_e[s] - mean_r[s] * ((e[s] - shared_e) * conductance[s]));
      line.r_ohm += weight * mean_r[s] * weight;
    }
  }
  return line;
}

INLINE twin_pack_line begin_pack(const twin_cells *pack, const twin_cell_model *model,
  const twin_step_coefficients *step, double estimated_a, twin_bounds bounds,
  twin_pack_limits *limits, const int narrow, const int hysteresis, const int lag) {
  const int alone = pack->parallel == 1 && pack->strings == 1;
  const prepare_step p = first_half(model, step, estimated_a, pack->link_ohm, !alone);
  const int limited = bounds.direction != 0;
  const limit_step limit = limit_of(model, step, bounds);
  if (alone) {
    prepare_all(pack, &p, narrow, 0, hysteresis, lag);
    const line_part_1 whole = line_of_series(pack, &limit, limited);
    limits->soc_a = whole.soc;
    limits->voltage_a = whole.room / whole.fall;
    return (twin_pack_line){whole.e, whole.r + pack->link_ohm * (double)pack->count};
  }
  const double steepest = prepare_all(pack, &p, narrow, 1, hysteresis, lag);
  blend_groups(pack, step, steepest > 0);
  return combine(pack, limited ? &limit : NULL, limits);
}

#endif
