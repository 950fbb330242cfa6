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

/* Cells of whole groups, from the start of a block on, that all passes of the first half go over before the next:
   they stay close by. */
typedef struct { size_t first, cells, first_group, groups; } stretch;

/* The stretch after one; the first after one without cells. */
INLINE stretch next_stretch(const twin_cells *pack, stretch last) {
  const size_t parallel = pack->parallel, groups = pack->series * pack->strings;
  const size_t even =
    parallel % LANES == 0 ? 1 : parallel % 4 == 0 ? 2 : parallel % 2 == 0 ? 4 : LANES;
  const size_t most = even * ((TILE + even * parallel - 1) / (even * parallel));
  const size_t first_group = last.first_group + last.groups, left = groups - first_group;
  const size_t own = left < most ? left : most;
  return (stretch){first_group * parallel, own * parallel, first_group, own};
}

/* First half of a step for cells from the start of a block on; narrow: by two. Raises `steepest`. */
INLINE void prepare_cells(const twin_cells *pack, size_t from, size_t count, const prepare_step *p,
  const int narrow, const int shared, const int hysteresis, const int lag, v8 *steepest) {
  prepare_tile tile;
  real_2 steepest_2 = {-1e300, -1e300};
  const size_t total = twin_padded(count);
  for (size_t first = 0; first < total; first += TILE) {
    double *c = pack->cells + (from + first) / LANES * BLOCK;
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
        evaluate_8(c + k / LANES * BLOCK, p, &tile, k, shared, hysteresis, lag, steepest);
    }
  }
  if (!narrow) return;
  const double steeper = steepest_2[0] > steepest_2[1] ? steepest_2[0] : steepest_2[1];
  *steepest = PICK(steeper > *steepest, ZERO + steeper, *steepest);
}

/* First half of a step of cells in series, one string, with sums and limits; few: one by one. */
INLINE line_part_1 line_of_series(const twin_cells *pack, const prepare_step *p,
  const limit_step *limit, const int limited, const int narrow, const int hysteresis, const int lag) {
  const size_t count = pack->count;
  line_part_1 whole;
  start_line_1(&whole);
  if (count < FEW) {
    prepare_tile tile;
    double steepest = 0;
    for (size_t j = 0; j < count; j++) {
      double *c = pack->cells + j;
      locate_1(c, p, &tile, j, 0, lag);
      look_up_1(p, &tile, j);
      evaluate_1(c, p, &tile, j, 0, hysteresis, lag, &steepest);
      /* Adding to the last sum is what the sum over lanes does. */
      add_line_1(c, &whole);
      if (limited) limit_1(c, limit, 0, 0, &whole);
    }
    return whole;
  }
  line_part_8 part;
  start_line_8(&part);
  v8 steepest = ZERO;
  for (size_t first = 0; first < count; first += TILE) {
    const size_t own = count - first < TILE ? count - first : TILE;
    prepare_cells(pack, first, own, p, narrow, 0, hysteresis, lag, &steepest);
    double *c = pack->cells + first / LANES * BLOCK;
    size_t k = 0;
    for (; k + LANES <= own; k += LANES, c += BLOCK) {
      add_line_8(c, &part);
      if (limited) limit_8(c, limit, 0, 0, &part);
    }
    if (k == own) continue;
    line_part_8 last;
    start_line_8(&last);
    add_line_8(c, &last);
    if (limited) limit_8(c, limit, 0, 0, &last);
    keep_line(&part, &last, live_mask(own - k));
  }
  whole.e = sum_lanes_8(part.e);
  whole.r = sum_lanes_8(part.r);
  whole.soc = least_8(part.soc);
  whole.room = least_8(part.room / part.fall);
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
INLINE v8 charged_part(const double *c, const twin_step_coefficients *step) {
  return LOAD(c, TWIN_END_R) - LOAD(c, TWIN_MEAN_R)
    + LOAD(c, TWIN_R1) * (step->decay1 - step->mean1)
    + LOAD(c, TWIN_R2) * (step->decay2 - step->mean2);
}

/* Blends of the groups of a stretch; returns the largest. */
INLINE double blend_groups(const twin_cells *pack, const stretch *s,
  const twin_step_coefficients *step, int steep) {
  double *blend = of_groups(pack, TWIN_GROUP_BLEND) + s->first_group;
  memset(blend, 0, s->groups * sizeof *blend);
  if (!steep) return 0;
  const size_t parallel = pack->parallel;
  v8 largest = ZERO, in_group = ZERO, charged_most = ZERO, others_least = ZERO + 1;
  const double *c = pack->cells + s->first / LANES * BLOCK;
  for (size_t k = 0; k < s->cells; k += LANES, c += BLOCK) {
    const size_t live = s->cells - k < LANES ? s->cells - k : LANES;
    const v8 charged = charged_part(c, step);
    const v8 others = LOAD(c, TWIN_R0) + LOAD(c, TWIN_R1) * (1 - step->mean1)
      + LOAD(c, TWIN_R2) * (1 - step->mean2) + pack->link_ohm;
    const mask_8 is_live = live_mask(live);
    if (pack->strings > 1) {
      /* Strings take the largest of all, so fractions are compared first. */
      const mask_8 steeper = is_live & (charged * others_least > charged_most * others);
      charged_most = PICK(steeper, charged, charged_most);
      others_least = PICK(steeper, others, others_least);
      continue;
    }
    const v8 own = PICK(is_live & (charged > others), 1 - others / charged, ZERO);
    largest = PICK(own > largest, own, largest);
    if (is_even(parallel)) {
      in_group = PICK(own > in_group, own, in_group);
      if ((k + LANES) % parallel != 0 && parallel > LANES) continue;
      store_groups(blend + k / parallel, parallel, live, folded_most(in_group, parallel));
      in_group = ZERO;
      continue;
    }
    for (size_t l = 0; l < live; l++) {
      double *most = blend + (k + l) / parallel;
      *most = own[l] > *most ? own[l] : *most;
    }
  }
  if (pack->strings > 1)
    largest = PICK(charged_most > others_least, 1 - others_least / charged_most, ZERO);
  return most_8(largest);
}

INLINE v8 mixed(const double *c, size_t mean, size_t end, const v8 blend, int blended) {
  const v8 own = LOAD(c, mean);
  return blended ? (1 - blend) * own + blend * LOAD(c, end) : own;
}

/* Currents of the pack at which the first cell of a block meets a limit. A cell's current is its share and a part
   of its string's, its conductance over the sum of its group's; a string's is of the same form. */
INLINE void limit_of_block(const twin_cells *pack, const double *c, const limit_step *limit,
  size_t live, const v8 group_e, const v8 group_c, const v8 blend, int blended, const v8 rest,
  const v8 per, line_part_8 *found) {
  const v8 e = mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended);
  const v8 r = mixed(c, TWIN_MEAN_R, TWIN_END_R, blend, blended) + pack->link_ohm;
  const limit_share_8 share = {
    (e - group_e) * LOAD(c, TWIN_CONDUCTANCE), r * group_c, rest, per};
  line_part_8 last;
  start_line_8(&last);
  limit_8(c, limit, &share, pack->strings > 1 ? 2 : 1, live < LANES ? &last : found);
  if (live < LANES) keep_line(found, &last, live_mask(live));
}

/* Lines and mean voltages of the groups of a stretch, and the sums of their conductances in the place of their
   voltages. A group's mean voltage is that of its cells, weighted by their shares of a change of the current. For
   groups that lie evenly in blocks; with `limit` the currents at which the first cell meets one as well. */
INLINE void line_of_even_groups(const twin_cells *pack, const stretch *s, int blended,
  const limit_step *limit, line_part_8 *found) {
  const size_t parallel = pack->parallel, unit = parallel > LANES ? parallel : LANES;
  for (size_t first = 0; first < s->cells; first += unit) {
    const size_t left = s->cells - first, live = left < LANES ? left : LANES;
    const size_t g = s->first_group + first / parallel;
    double *cells = pack->cells + (s->first + first) / LANES * BLOCK;
    double *end = cells + unit / LANES * BLOCK;
    const v8 blend =
      blended ? load_groups(of_groups(pack, TWIN_GROUP_BLEND) + g, parallel, live) : ZERO;
    v8 sum_c = ZERO, sum_e = ZERO;
    for (double *c = cells; c < end; c += BLOCK) {
      const v8 r = mixed(c, TWIN_MEAN_R, TWIN_END_R, blend, blended) + pack->link_ohm;
      const v8 conductance = 1 / r;
      STORE(c, TWIN_CONDUCTANCE, conductance);
      sum_c += conductance;
      sum_e += conductance * mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended);
    }
    sum_c = folded(sum_c, parallel);
    const v8 r = 1 / sum_c, e = folded(sum_e, parallel) * r;
    store_groups(of_groups(pack, TWIN_GROUP_VOLT) + g, parallel, live, sum_c);
    store_groups(of_groups(pack, TWIN_GROUP_E) + g, parallel, live, e);
    store_groups(of_groups(pack, TWIN_GROUP_R) + g, parallel, live, r);
    v8 mean_e = e, mean_r = r;
    if (blended) {
      mean_e = mean_r = ZERO;
      for (const double *c = cells; c < end; c += BLOCK) {
        const v8 conductance = LOAD(c, TWIN_CONDUCTANCE), weight = conductance * r;
        const v8 share = (mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, 1) - e) * conductance;
        const v8 ohm = LOAD(c, TWIN_MEAN_R) + pack->link_ohm;
        mean_e += weight * (LOAD(c, TWIN_MEAN_E) - ohm * share);
        mean_r += weight * ohm * weight;
      }
      mean_e = folded(mean_e, parallel);
      mean_r = folded(mean_r, parallel);
    }
    store_groups(of_groups(pack, TWIN_GROUP_MEAN_E) + g, parallel, live, mean_e);
    store_groups(of_groups(pack, TWIN_GROUP_MEAN_R) + g, parallel, live, mean_r);
    for (const double *c = cells; limit && c < end; c += BLOCK)
      limit_of_block(pack, c, limit, live, e, sum_c, blend, blended, ZERO, ZERO, found);
  }
}

/* The same lines for groups that do not. */
INLINE void line_of_groups(const twin_cells *pack, const stretch *s, int blended) {
  const size_t parallel = pack->parallel;
  double *group_e = of_groups(pack, TWIN_GROUP_E) + s->first_group;
  double *group_r = of_groups(pack, TWIN_GROUP_R) + s->first_group;
  double *sum_c = of_groups(pack, TWIN_GROUP_VOLT) + s->first_group;
  double source[TILE], conductances[TILE], blends[TILE];
  group_walk walk = {s->first_group, parallel};
  group_sums sums = {0};
  for (size_t first = 0; first < s->cells; first += TILE) {
    double *c = pack->cells + (s->first + first) / LANES * BLOCK;
    const size_t live = s->cells - first < TILE ? s->cells - first : TILE;
    const double *blend_of_cell = !blended ? blends
      : spread(pack, of_groups(pack, TWIN_GROUP_BLEND), &walk, twin_padded(live), blends);
    for (size_t k = 0; k < live; k += LANES, c += BLOCK) {
      const v8 blend = blended ? AT(blend_of_cell, k) : ZERO;
      const v8 conductance =
        1 / (mixed(c, TWIN_MEAN_R, TWIN_END_R, blend, blended) + pack->link_ohm);
      STORE(c, TWIN_CONDUCTANCE, conductance);
      AT(conductances, k) = conductance;
      AT(source, k) = conductance * mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended);
    }
    add_groups(&sums, parallel, live, conductances, source, sum_c, group_e);
  }
  for (size_t g = 0; g < s->groups; g++) {
    group_r[g] = 1 / sum_c[g];
    group_e[g] *= group_r[g];
  }
}

/* And their mean voltages. */
INLINE void mean_of_groups(const twin_cells *pack, const stretch *s, int blended) {
  double *mean_e = of_groups(pack, TWIN_GROUP_MEAN_E) + s->first_group;
  double *mean_r = of_groups(pack, TWIN_GROUP_MEAN_R) + s->first_group;
  if (!blended) {
    memcpy(mean_e, of_groups(pack, TWIN_GROUP_E) + s->first_group, s->groups * sizeof *mean_e);
    memcpy(mean_r, of_groups(pack, TWIN_GROUP_R) + s->first_group, s->groups * sizeof *mean_r);
    return;
  }
  double blends[TILE], e[TILE], r[TILE], part_e[TILE], part_r[TILE];
  const group_walk start = {s->first_group, pack->parallel};
  group_walk walks[] = {start, start, start};
  group_sums sums = {0};
  for (size_t first = 0; first < s->cells; first += TILE) {
    const double *c = pack->cells + (s->first + first) / LANES * BLOCK;
    const size_t live = s->cells - first < TILE ? s->cells - first : TILE, own = twin_padded(live);
    const double *blend = spread(pack, of_groups(pack, TWIN_GROUP_BLEND), walks, own, blends);
    const double *group_e = spread(pack, of_groups(pack, TWIN_GROUP_E), walks + 1, own, e);
    const double *group_r = spread(pack, of_groups(pack, TWIN_GROUP_R), walks + 2, own, r);
    for (size_t k = 0; k < live; k += LANES, c += BLOCK) {
      const v8 conductance = LOAD(c, TWIN_CONDUCTANCE), weight = conductance * AT(group_r, k);
      const v8 share =
        (mixed(c, TWIN_MEAN_E, TWIN_END_E, AT(blend, k), 1) - AT(group_e, k)) * conductance;
      const v8 ohm = LOAD(c, TWIN_MEAN_R) + pack->link_ohm;
      AT(part_e, k) = weight * (LOAD(c, TWIN_MEAN_E) - ohm * share);
      AT(part_r, k) = weight * ohm * weight;
    }
    add_groups(&sums, pack->parallel, live, part_e, part_r, mean_e, mean_r);
  }
}

/* The same for all cells of a stretch. */
INLINE void limit_of_cells(const twin_cells *pack, const stretch *s, const limit_step *limit,
  int blended, line_part_8 *found) {
  const size_t strings = pack->strings, in_string = pack->series * pack->parallel;
  double e[TILE], c_sum[TILE], blends[TILE], string_a[TILE], string_part[TILE];
  const group_walk start = {s->first_group, pack->parallel};
  const group_walk of_string = {s->first / in_string, in_string - s->first % in_string};
  group_walk walks[] = {start, start, start, of_string, of_string};
  for (size_t first = 0; first < s->cells; first += TILE) {
    const double *c = pack->cells + (s->first + first) / LANES * BLOCK;
    const size_t live = s->cells - first < TILE ? s->cells - first : TILE, own = twin_padded(live);
    const double *group_e = spread(pack, of_groups(pack, TWIN_GROUP_E), walks, own, e);
    const double *group_c = spread(pack, of_groups(pack, TWIN_GROUP_VOLT), walks + 1, own, c_sum);
    const double *blend_of_cell = !blended ? blends
      : spread(pack, of_groups(pack, TWIN_GROUP_BLEND), walks + 2, own, blends);
    const double *rest = of_strings(pack, TWIN_STRING_REST_A);
    const double *per = of_strings(pack, TWIN_STRING_PER_A);
    if (strings > 1) {
      rest = spread_over(strings, in_string, rest, walks + 3, own, string_a);
      per = spread_over(strings, in_string, per, walks + 4, own, string_part);
    }
    for (size_t k = 0; k < live; k += LANES, c += BLOCK)
      limit_of_block(pack, c, limit, live - k < LANES ? live - k : LANES, AT(group_e, k),
        AT(group_c, k), blended ? AT(blend_of_cell, k) : ZERO, blended,
        strings > 1 ? AT(rest, k) : ZERO, strings > 1 ? AT(per, k) : ZERO, found);
  }
}

/* Combines cells to groups, strings and the pack; limit may be NULL. With `p` the cells are evaluated first. */
INLINE twin_pack_line combine(const twin_cells *pack, const prepare_step *p,
  const twin_step_coefficients *step, const limit_step *limit, twin_pack_limits *limits,
  const int narrow, const int hysteresis, const int lag) {
  const size_t series = pack->series, strings = pack->strings, groups = series * strings;
  double most = p ? 0 : most_blend(pack);
  line_part_8 found;
  start_line_8(&found);
  if (p && strings > 1) {
    /* Strings agree in one blend, the largest of all cells. */
    for (stretch s = next_stretch(pack, (stretch){0}); s.groups > 0; s = next_stretch(pack, s)) {
      v8 steepest = ZERO;
      prepare_cells(pack, s.first, s.cells, p, narrow, 1, hysteresis, lag, &steepest);
      const double own = blend_groups(pack, &s, step, most_8(steepest) > 0);
      most = own > most ? own : most;
    }
    double *blend = of_groups(pack, TWIN_GROUP_BLEND);
    for (size_t g = 0; g < groups; g++) blend[g] = most;
  }
  for (stretch s = next_stretch(pack, (stretch){0}); s.groups > 0; s = next_stretch(pack, s)) {
    int blended = most > 0;
    if (p && strings == 1) {
      v8 steepest = ZERO;
      prepare_cells(pack, s.first, s.cells, p, narrow, 1, hysteresis, lag, &steepest);
      const double own = blend_groups(pack, &s, step, most_8(steepest) > 0);
      blended = own > 0;
      most = own > most ? own : most;
    }
    const limit_step *own = strings == 1 ? limit : NULL;
    if (is_even(pack->parallel)) {
      line_of_even_groups(pack, &s, blended, own, &found);
    } else {
      line_of_groups(pack, &s, blended);
      mean_of_groups(pack, &s, blended);
      if (own) limit_of_cells(pack, &s, own, blended, &found);
    }
  }
  double *e = of_strings(pack, TWIN_STRING_E), *r = of_strings(pack, TWIN_STRING_R);
  double *mean_e = of_strings(pack, TWIN_STRING_MEAN_E);
  double *mean_r = of_strings(pack, TWIN_STRING_MEAN_R);
  for (size_t s = 0; s < strings; s++) {
    e[s] = sum_of(of_groups(pack, TWIN_GROUP_E) + s * series, series);
    r[s] = sum_of(of_groups(pack, TWIN_GROUP_R) + s * series, series);
    mean_e[s] = e[s];
    mean_r[s] = r[s];
    if (most > 0) {
      mean_e[s] = sum_of(of_groups(pack, TWIN_GROUP_MEAN_E) + s * series, series);
      mean_r[s] = sum_of(of_groups(pack, TWIN_GROUP_MEAN_R) + s * series, series);
    }
  }
  twin_pack_line line = {mean_e[0], mean_r[0]};
  if (strings > 1) {
    double *conductance = of_strings(pack, TWIN_STRING_CONDUCTANCE);
    double *rest_a = of_strings(pack, TWIN_STRING_REST_A);
    double *per_a = of_strings(pack, TWIN_STRING_PER_A);
    double sum_c = 0, sum_e = 0;
    for (size_t s = 0; s < strings; s++) {
      conductance[s] = 1 / r[s];
      sum_c += conductance[s];
      sum_e += conductance[s] * e[s];
    }
    const double shared_r = 1 / sum_c, shared_e = sum_e * shared_r;
    for (size_t s = 0; s < strings; s++) {
      rest_a[s] = (e[s] - shared_e) * conductance[s];
      per_a[s] = sum_c * r[s];
    }
    line = (twin_pack_line){shared_e, shared_r};
    if (most > 0) {
      /* Mean voltage of the pack: that of the strings, weighted like that of cells in a group. */
      line.e_volt = line.r_ohm = 0;
      for (size_t s = 0; s < strings; s++) {
        const double weight = conductance[s] * shared_r;
        line.e_volt += weight * (mean_e[s] - mean_r[s] * rest_a[s]);
        line.r_ohm += weight * mean_r[s] * weight;
      }
    }
    for (stretch s = next_stretch(pack, (stretch){0}); limit && s.groups > 0;
      s = next_stretch(pack, s))
      limit_of_cells(pack, &s, limit, most > 0, &found);
  }
  if (limit) {
    limits->soc_a = least_8(found.soc);
    limits->voltage_a = least_8(found.room / found.fall);
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
  if (!alone) {
    forget(pack);
    return combine(pack, &p, step, limited ? &limit : NULL, limits, narrow, hysteresis, lag);
  }
  const line_part_1 whole = line_of_series(pack, &p, &limit, limited, narrow, hysteresis, lag);
  limits->soc_a = whole.soc;
  limits->voltage_a = whole.room / whole.fall;
  return (twin_pack_line){whole.e, whole.r + pack->link_ohm * (double)pack->count};
}

#endif
