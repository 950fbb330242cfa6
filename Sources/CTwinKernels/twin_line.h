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
   they stay close by. `most`: groups of a whole one. */
typedef struct { size_t first, cells, first_group, groups, most; } stretch;

/* The stretch after one. */
INLINE stretch next_stretch(const twin_cells *pack, stretch last) {
  const size_t first_group = last.first_group + last.groups;
  const size_t left = pack->series * pack->strings - first_group;
  const size_t own = left < last.most ? left : last.most;
  return (stretch){first_group * pack->parallel, own * pack->parallel, first_group, own, last.most};
}

INLINE stretch first_stretch(const twin_cells *pack) {
  const size_t parallel = pack->parallel;
  const size_t even =
    parallel % LANES == 0 ? 1 : parallel % 4 == 0 ? 2 : parallel % 2 == 0 ? 4 : LANES;
  const size_t most = even * ((TILE + even * parallel - 1) / (even * parallel));
  return next_stretch(pack, (stretch){.most = most});
}

/* First half of a step for cells from the start of a block on; narrow: by two. */
INLINE void prepare_cells(const twin_cells *pack, size_t from, size_t count, const prepare_step *p,
  const int narrow, const int shared, const int hysteresis, const int lag, steepest_8 *steepest) {
  prepare_tile tile;
  const size_t total = twin_padded(count);
  for (size_t first = 0; first < total; first += TILE) {
    double *c = pack->cells + (from + first) / LANES * BLOCK;
    const size_t own = total - first < TILE ? total - first : TILE;
    if (narrow) {
      for (size_t k = 0; k < own; k += 2)
        locate_2(c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared, lag);
      for (size_t k = 0; k < own; k += 2) look_up_2(p, &tile, k);
      for (size_t k = 0; shared && hysteresis && k < own; k += 2)
        turn_of_2(c + k / LANES * BLOCK + k % LANES, p, &tile, k);
      /* Fractions are compared in the lanes of blocks, whatever the width. */
      for (size_t q = 0; q < LANES; q += 2) {
        steepest_2 two;
        for (size_t f = 0; f < sizeof two / sizeof two.excess; f++)
          ((real_2 *)&two)[f] = TWO((double *)steepest + f * LANES + q);
        for (size_t k = q; k < own; k += LANES)
          evaluate_2(
            c + k / LANES * BLOCK + k % LANES, p, &tile, k, shared, hysteresis, lag, &two);
        for (size_t f = 0; f < sizeof two / sizeof two.excess; f++)
          *(any_2 *)((double *)steepest + f * LANES + q) = ((real_2 *)&two)[f];
      }
    } else {
      for (size_t k = 0; k < own; k += LANES)
        locate_8(c + k / LANES * BLOCK, p, &tile, k, shared, lag);
      for (size_t k = 0; k < own; k += LANES) look_up_8(p, &tile, k);
      for (size_t k = 0; shared && hysteresis && k < own; k += LANES)
        turn_of_8(c + k / LANES * BLOCK, p, &tile, k);
      steepest_8 found = *steepest;
      for (size_t k = 0; k < own; k += LANES)
        evaluate_8(c + k / LANES * BLOCK, p, &tile, k, shared, hysteresis, lag, &found);
      *steepest = found;
    }
  }
}

/* First half of a step of cells in series, one string, with sums and limits; few: one by one. */
INLINE line_part_1 line_of_series(const twin_cells *pack, const prepare_step *p,
  const limit_step *limit, const int limited, const int narrow, const int hysteresis, const int lag) {
  const size_t count = pack->count;
  line_part_1 whole;
  start_line_1(&whole);
  if (count < FEW) {
    prepare_tile tile;
    steepest_1 steepest = start_steepest_1();
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
  steepest_8 steepest = start_steepest_8();
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
INLINE v8 blend_of(const v8 charged, const v8 others) {
  return PICK(charged > others, 1 - others / charged, ZERO);
}

/* The blend that the cells of a block ask for on the lines of the first half. With hysteresis the part of the
   charge is less by what its fall at the end is below that of the mean. */
INLINE v8 own_blend(const twin_cells *pack, const double *c, const twin_step_coefficients *step) {
  const v8 r1 = LOAD(c, TWIN_R1), r2 = LOAD(c, TWIN_R2);
  const v8 charged = LOAD(c, TWIN_END_R) - LOAD(c, TWIN_MEAN_R) + r1 * (step->decay1 - step->mean1)
    + r2 * (step->decay2 - step->mean2);
  return blend_of(
    charged, LOAD(c, TWIN_R0) + r1 * (1 - step->mean1) + r2 * (1 - step->mean2) + pack->link_ohm);
}

INLINE v8 mixed(const double *c, size_t mean, size_t end, const v8 blend, int blended) {
  const v8 own = LOAD(c, mean);
  return blended ? (1 - blend) * own + blend * LOAD(c, end) : own;
}

/* Currents of the pack at which the first cell of a block meets a limit. A cell's current is its share and a part
   of its string's, its conductance over the sum of its group's; a string's is of the same form. */
INLINE void limit_of_block(const twin_cells *pack, const double *c, const limit_step *limit,
  size_t live, const v8 group_e, const v8 group_c, const v8 blend, int blended, const v8 rest,
  const v8 per, int alone, line_part_8 *found) {
  const v8 e = mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended);
  const v8 r = mixed(c, TWIN_MEAN_R, TWIN_END_R, blend, blended) + pack->link_ohm;
  const limit_share_8 share = {
    alone ? ZERO : (e - group_e) * LOAD(c, TWIN_CONDUCTANCE), alone ? ZERO + 1 : r * group_c, rest,
    per};
  line_part_8 last;
  start_line_8(&last);
  limit_8(c, limit, &share, pack->strings > 1 ? 2 : 1, live < LANES ? &last : found);
  if (live < LANES) keep_line(found, &last, live_mask(live));
}

/* ---- whether lines hold, without a look at the curves ---- */

/* A look at the lines: the state they are the tangents of and the current of the pack that they are looked at for. */
typedef struct {
  const prepare_step *step;
  double pack_a;
  size_t inverse;                /* column of what a charge moves on the curves */
  double turn;                   /* twice the turn-over of the hysteresis at 1C; 0 where there is none */
} line_look;

/* How far from that current a look holds, as a share of it; and steps up to which a cell whose current is of the other
   sign than the pack's loses no more on its way than the margin of the look. */
static const double SLACK = 0.01;
enum { LONGEST_LOOK_S = 600 };

/* Marks of the blocks that have a cell whose line may miss its voltage. */
INLINE double *sharing_suspects(const twin_cells *pack) {
  return pack->sharing + LANES + twin_padded(pack->series * pack->strings);
}

/* What cells have of their strings: how its current follows from the pack's, as in `limit_share`; its current that lines
   are looked at for, and how far that may be off. */
typedef struct { v8 rest, per, carried, slack; } string_share;

/* Where a walk over blocks stands in the strings. */
typedef struct { size_t string, left; } string_walk;

INLINE string_share strings_of_block(const twin_cells *pack, const line_look *look, string_walk *walk) {
  const double *rest = of_strings(pack, TWIN_STRING_REST_A), *per = of_strings(pack, TWIN_STRING_PER_A);
  const double *carried = of_strings(pack, TWIN_STRING_CURRENT);
  const size_t in_string = pack->series * pack->parallel;
  if (pack->strings == 1)
    return (string_share){
      ZERO, ZERO, ZERO + look->pack_a, ZERO + SLACK * __builtin_fabs(look->pack_a)};
  size_t s = walk->string;
  string_share of;
  if (walk->left >= LANES) {
    of = (string_share){ZERO + rest[s], ZERO + per[s], ZERO + carried[s], ZERO};
    walk->left -= LANES;
  } else {
    double lane[3][LANES];
    for (size_t l = 0; l < LANES; l++) {
      if (walk->left == 0) {
        s += s + 1 < pack->strings;
        walk->left = in_string;
      }
      walk->left -= 1;
      lane[0][l] = rest[s];
      lane[1][l] = per[s];
      lane[2][l] = carried[s];
    }
    of = (string_share){*(v8_any *)lane[0], *(v8_any *)lane[1], *(v8_any *)lane[2], ZERO};
  }
  if (walk->left == 0) {
    s += s + 1 < pack->strings;
    walk->left = in_string;
  }
  walk->string = s;
  of.slack = SLACK * SIZE(of.carried - of.rest);
  return of;
}

/* Looks at the lines of a block: group_e is the voltage that its groups have without current, drop how far it falls with
   the current of a group, slack how far more. As long as the charge stays in the row of the table that a line is the
   tangent of, the line is exact; beyond, it misses by no more than the rows left behind times what their rises differ
   by. A bound on what `misses` finds. */
INLINE void look_at_block(const twin_cells *pack, const double *c, size_t block, size_t live,
  const v8 group_e, const v8 drop, const v8 slack, const v8 blend, int blended,
  const string_share *alone, const line_look *look) {
  const prepare_step *p = look->step;
  const v8 conductance = LOAD(c, TWIN_CONDUCTANCE), iq = LOAD(c, TWIN_INVERSE);
  const v8 i = alone ? alone->carried
    : (mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended) - group_e + drop) * conductance;
  const v8 off = i - (p->mean_a + LOAD(c, TWIN_SHARE));
  const v8 own_slack = alone ? alone->slack : slack * conductance;
  const v8 away = SIZE(off) + own_slack;
  v8 beyond =
    away * (2 * p->half_hour * p->intervals) * LOAD(c, look->inverse) - LOAD(c, TWIN_ROOM);
  beyond = PICK(beyond > 0, beyond, ZERO);
  /* Over the part of the way beyond, a mean is off by no more than half of what its end is. */
  const v8 bound = beyond * LOAD(c, TWIN_BEND) * (blended ? 0.5 + 0.5 * blend : ZERO + 0.5)
    + away * look->turn * (LOAD(c, TWIN_HALF_WIDTH) * iq);
  v8 most = 1e-5 + 0.2 * LOAD(c, TWIN_R0) * (SIZE(i) - own_slack);
  most = PICK(most < 1e-3, most, ZERO + 1e-3);
  mask_8 may_miss = ~((bound <= most) & (beyond <= 2));
  if (live < LANES) may_miss &= live_mask(live);
  sharing_suspects(pack)[block] = __builtin_reduce_or(may_miss) != 0 ? 1 : 0;
}

/* Keeps which currents of the pack the look at the lines holds for. */
INLINE void keep_look(const twin_cells *pack, const line_look *look) {
  const double size = look->pack_a < 0 ? -look->pack_a : look->pack_a;
  pack->sharing[LOOKED_FOR_A] = look->pack_a;
  pack->sharing[LOOK_SLACK_A] = 7200 * look->step->half_hour > LONGEST_LOOK_S ? -1 : SLACK * size;
}

/* Whether the look at the lines holds for a current of the pack. */
INLINE int is_looked_at(const twin_cells *pack, double pack_a) {
  const double off = pack_a - pack->sharing[LOOKED_FOR_A];
  return (off < 0 ? -off : off) <= pack->sharing[LOOK_SLACK_A];
}

/* ---- groups that lie evenly in blocks ---- */

/* Calls something made for groups of 1, 2 or 4 cells, or of whole blocks, which is 0. */
#define FOR_SHAPE(parallel, function, ...)                                                         \
  do {                                                                                             \
    if ((parallel) == 1) function(__VA_ARGS__, 1);                                                 \
    else if ((parallel) == 2) function(__VA_ARGS__, 2);                                            \
    else if ((parallel) == 4) function(__VA_ARGS__, 4);                                            \
    else function(__VA_ARGS__, 0);                                                                 \
  } while (0)

/* Where the groups of a block lie. */
typedef struct { size_t group, block; } block_place;

INLINE block_place next_block(block_place at, size_t parallel, size_t shape) {
  if (shape > 0) return (block_place){at.group + LANES / shape, 0};
  return at.block + LANES < parallel ? (block_place){at.group, at.block + LANES}
                                     : (block_place){at.group + 1, 0};
}

/* What the cells of a block have of their groups. */
INLINE v8 of_block(const double *of_group, block_place at, size_t shape) {
  const double *own = of_group + at.group;
  if (shape == 1) return *(const v8_any *)own;
  if (shape == 2) {
    const v4 four = *(const v4_any *)own;
    return __builtin_shufflevector(four, four, 0, 0, 1, 1, 2, 2, 3, 3);
  }
  if (shape == 4) {
    const real_2 two = *(const any_2 *)own;
    return __builtin_shufflevector(two, two, 0, 0, 0, 0, 1, 1, 1, 1);
  }
  return ZERO + *own;
}

/* The cells of a stretch with what they give to their groups, then their groups; groups are no longer than a tile. */
typedef struct { double x[2 * TILE] __attribute__((aligned(64))); } group_tile;

/* Sums over the groups of a stretch, or their largest numbers, in place of what the cells give; what stands after the
   last group has no meaning. */
INLINE v8 joined(const v8 a, const v8 b, const int largest) {
  return largest ? PICK(a > b, a, b) : a + b;
}

INLINE void join_groups(
  group_tile *tile, size_t cells, size_t parallel, const int largest, const size_t shape) {
  double *x = tile->x;
  if (shape == 0) {
    for (size_t k = 0, g = 0; k < cells; k += parallel, g++) {
      v8 all = ZERO;
      for (size_t q = k; q < k + parallel; q += LANES) all = joined(AT(x, q), all, largest);
      x[g] = largest ? most_8(all) : sum_8(all);
    }
  }
  for (size_t k = 0; shape > 1 && k < cells; k += 2 * LANES) {
    const v8 a = AT(x, k), b = AT(x, k + LANES);
    if (shape == 2) {
      AT(x, k / 2) = joined(__builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14),
        __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15), largest);
    } else {
      const v8 half = joined(__builtin_shufflevector(a, b, 0, 4, 8, 12, 1, 5, 9, 13),
        __builtin_shufflevector(a, b, 2, 6, 10, 14, 3, 7, 11, 15), largest);
      const v8 far = __builtin_shufflevector(half, half, 4, 5, 6, 7, 0, 1, 2, 3);
      const v8 whole = joined(half, far, largest);
      *(v4_any *)(x + k / 4) = __builtin_shufflevector(whole, whole, 0, 1, 2, 3);
    }
  }
}

/* Numbers of groups from a tile to their column. */
INLINE void store_tile(const twin_cells *pack, size_t column, const stretch *s, const group_tile *tile) {
  double *to = of_groups(pack, column) + s->first_group;
  size_t g = 0;
  for (; g + LANES <= s->groups; g += LANES) AT(to, g) = AT(tile->x, g);
  for (; g < s->groups; g++) to[g] = tile->x[g];
}

/* Blends of the groups of a stretch; returns the largest. Those of strings are all the same, and left out. */
INLINE double blend_groups(const twin_cells *pack, const stretch *s,
  const twin_step_coefficients *step, const steepest_8 *steepest, int even) {
  const size_t parallel = pack->parallel;
  double *blend = of_groups(pack, TWIN_GROUP_BLEND) + s->first_group;
  if (!(most_8(steepest->excess) > 0)) {
    if (pack->strings == 1) memset(blend, 0, s->groups * sizeof *blend);
    return 0;
  }
  if (pack->strings > 1 && s->cells % LANES == 0)
    return most_8(blend_of(steepest->charged, steepest->others));
  group_tile tile;
  v8 largest = ZERO;
  const double *c = pack->cells + s->first / LANES * BLOCK;
  if (pack->strings == 1 && !even) memset(blend, 0, s->groups * sizeof *blend);
  size_t k = 0;
  for (; k < s->cells; k += LANES, c += BLOCK) {
    const size_t live = s->cells - k < LANES ? s->cells - k : LANES;
    const v8 all = own_blend(pack, c, step);
    const v8 own = live < LANES ? PICK(live_mask(live), all, ZERO) : all;
    largest = PICK(own > largest, own, largest);
    if (even) AT(tile.x, k) = own;
    else if (pack->strings == 1)
      for (size_t l = 0; l < live; l++) {
        double *most = blend + (k + l) / parallel;
        *most = own[l] > *most ? own[l] : *most;
      }
  }
  if (even && pack->strings == 1) {
    AT(tile.x, k) = ZERO;
    FOR_SHAPE(parallel, join_groups, &tile, s->cells, parallel, 1);
    store_tile(pack, TWIN_GROUP_BLEND, s, &tile);
  }
  return most_8(largest);
}

/* Lines and mean voltages of the cells of a block that are groups themselves, `left` with those of later blocks. */
INLINE void line_of_block(const twin_cells *pack, const double *c, size_t g, size_t left,
  const v8 conductance, const v8 ohm, const v8 volt) {
  const size_t columns[] = {TWIN_GROUP_VOLT, TWIN_GROUP_R, TWIN_GROUP_E, TWIN_GROUP_MEAN_R,
    TWIN_GROUP_MEAN_E};
  const v8 values[] = {conductance, ohm, volt, LOAD(c, TWIN_MEAN_R) + pack->link_ohm,
    LOAD(c, TWIN_MEAN_E)};
#pragma clang loop unroll(full)
  for (size_t column = 0; column < 5; column++) {
    double *to = of_groups(pack, columns[column]) + g;
    if (left >= LANES) *(v8_any *)to = values[column];
    else for (size_t l = 0; l < left; l++) to[l] = values[column][l];
  }
}

/* Lines and mean voltages of the groups of a stretch, and the sums of their conductances in the place of their voltages.
   A group's mean voltage is that of its cells, weighted by their shares of a change of the current. */
INLINE void line_of_even_groups(
  const twin_cells *pack, const stretch *s, const int blended, const size_t shape) {
  const size_t parallel = pack->parallel;
  double *cells = pack->cells + s->first / LANES * BLOCK;
  const double *blends = of_groups(pack, TWIN_GROUP_BLEND) + s->first_group;
  group_tile sum_c, sum_e, e;
  block_place at = {0, 0};
  double *c = cells;
  size_t k = 0;
  for (; k < s->cells; k += LANES, c += BLOCK) {
    const size_t left = s->cells - k;
    const v8 blend = !blended ? ZERO
      : left >= LANES ? of_block(blends, at, shape) : load_groups(blends + at.group, parallel, left);
    const v8 ohm = mixed(c, TWIN_MEAN_R, TWIN_END_R, blend, blended) + pack->link_ohm;
    const v8 conductance = 1 / ohm;
    const v8 own = mixed(c, TWIN_MEAN_E, TWIN_END_E, blend, blended);
    STORE(c, TWIN_CONDUCTANCE, conductance);
    if (shape == 1) {
      line_of_block(pack, c, s->first_group + k, left, conductance, ohm, own);
      at = next_block(at, parallel, shape);
      continue;
    }
    AT(sum_c.x, k) = conductance;
    AT(sum_e.x, k) = conductance * own;
    if (blended) AT(e.x, k) = own;
    at = next_block(at, parallel, shape);
  }
  if (shape == 1) return;
  AT(sum_c.x, k) = AT(sum_e.x, k) = ZERO + 1;
  join_groups(&sum_c, s->cells, parallel, 0, shape);
  join_groups(&sum_e, s->cells, parallel, 0, shape);
  group_tile r, mean_e, mean_r;
  for (size_t g = 0; g < s->groups; g += LANES) {
    AT(r.x, g) = 1 / AT(sum_c.x, g);
    AT(sum_e.x, g) *= AT(r.x, g);
  }
  store_tile(pack, TWIN_GROUP_VOLT, s, &sum_c);
  store_tile(pack, TWIN_GROUP_R, s, &r);
  store_tile(pack, TWIN_GROUP_E, s, &sum_e);
  if (!blended) {
    store_tile(pack, TWIN_GROUP_MEAN_R, s, &r);
    store_tile(pack, TWIN_GROUP_MEAN_E, s, &sum_e);
    return;
  }
  at = (block_place){0, 0};
  c = cells;
  for (k = 0; k < s->cells; k += LANES, c += BLOCK) {
    const v8 conductance = LOAD(c, TWIN_CONDUCTANCE), weight = conductance * of_block(r.x, at, shape);
    const v8 share = (AT(e.x, k) - of_block(sum_e.x, at, shape)) * conductance;
    const v8 ohm = LOAD(c, TWIN_MEAN_R) + pack->link_ohm;
    AT(mean_e.x, k) = weight * (LOAD(c, TWIN_MEAN_E) - ohm * share);
    AT(mean_r.x, k) = weight * ohm * weight;
    at = next_block(at, parallel, shape);
  }
  AT(mean_e.x, k) = AT(mean_r.x, k) = ZERO;
  join_groups(&mean_e, s->cells, parallel, 0, shape);
  join_groups(&mean_r, s->cells, parallel, 0, shape);
  store_tile(pack, TWIN_GROUP_MEAN_E, s, &mean_e);
  store_tile(pack, TWIN_GROUP_MEAN_R, s, &mean_r);
}

/* Currents of the pack at which the first cell of a stretch meets a limit, and a look at the lines. */
INLINE void limit_of_even_groups(const twin_cells *pack, const stretch *s, const limit_step *limit,
  const line_look *look, line_part_8 *found, const int limited, const int blended,
  const size_t shape) {
  const size_t parallel = pack->parallel, first = s->first / LANES, whole = s->cells / LANES;
  const double *e = of_groups(pack, TWIN_GROUP_E) + s->first_group;
  const double *r = of_groups(pack, TWIN_GROUP_R) + s->first_group;
  const double *sum_c = of_groups(pack, TWIN_GROUP_VOLT) + s->first_group;
  const double *blends = of_groups(pack, TWIN_GROUP_BLEND) + s->first_group;
  const double *c = pack->cells + first * BLOCK;
  const size_t in_string = pack->series * parallel;
  string_walk walk = {0, in_string};
  if (s->first > 0) walk = (string_walk){s->first / in_string, in_string - s->first % in_string};
  block_place at = {0, 0};
  line_part_8 part = *found;
  for (size_t k = 0; k < whole; k++, c += BLOCK) {
    const string_share of = strings_of_block(pack, look, &walk);
    const v8 blend = blended ? of_block(blends, at, shape) : ZERO;
    const v8 group_e = of_block(e, at, shape), ohm = of_block(r, at, shape);
    if (limited)
      limit_of_block(pack, c, limit, LANES, group_e, of_block(sum_c, at, shape), blend, blended,
        of.rest, of.per, shape == 1, &part);
    look_at_block(pack, c, first + k, LANES, group_e, ohm * of.carried, ohm * of.slack, blend,
      blended, shape == 1 ? &of : NULL, look);
    at = next_block(at, parallel, shape);
  }
  *found = part;
  const size_t live = s->cells % LANES;
  if (live == 0) return;
  const string_share of = strings_of_block(pack, look, &walk);
  const v8 blend = blended ? load_groups(blends + at.group, parallel, live) : ZERO;
  const v8 group_e = load_groups(e + at.group, parallel, live);
  const v8 ohm = load_groups(r + at.group, parallel, live);
  if (limited)
    limit_of_block(pack, c, limit, live, group_e, load_groups(sum_c + at.group, parallel, live),
      blend, blended, of.rest, of.per, shape == 1, found);
  look_at_block(pack, c, first + whole, live, group_e, ohm * of.carried, ohm * of.slack, blend,
    blended, shape == 1 ? &of : NULL, look);
}

INLINE void limit_of_any_even_groups(const twin_cells *pack, const stretch *s,
  const limit_step *limit, const line_look *look, line_part_8 *found, int blended,
  const size_t shape) {
  if (limit && blended) limit_of_even_groups(pack, s, limit, look, found, 1, 1, shape);
  else if (limit) limit_of_even_groups(pack, s, limit, look, found, 1, 0, shape);
  else if (blended) limit_of_even_groups(pack, s, limit, look, found, 0, 1, shape);
  else limit_of_even_groups(pack, s, limit, look, found, 0, 0, shape);
}

INLINE void line_of_any_even_groups(
  const twin_cells *pack, const stretch *s, int blended, const size_t shape) {
  if (blended) line_of_even_groups(pack, s, 1, shape);
  else line_of_even_groups(pack, s, 0, shape);
}

/* Whether groups lie so, none of them longer than a tile. */
INLINE int is_short_even(size_t parallel) { return is_even(parallel) && parallel <= TILE; }

/* ---- groups that do not ---- */

/* Lines of the groups of a stretch. */
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

/* Limits of all cells of a stretch. */
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
        strings > 1 ? AT(rest, k) : ZERO, strings > 1 ? AT(per, k) : ZERO, pack->parallel == 1,
        found);
  }
}

/* Lines of the groups of a stretch. */
INLINE void line_of_stretch(const twin_cells *pack, const stretch *s, int blended) {
  if (is_short_even(pack->parallel)) {
    FOR_SHAPE(pack->parallel, line_of_any_even_groups, pack, s, blended);
  } else {
    line_of_groups(pack, s, blended);
    mean_of_groups(pack, s, blended);
  }
}

/* Limits, and a look at the lines where there is one, for all cells of a stretch. */
INLINE void limit_of_stretch(const twin_cells *pack, const stretch *s, const limit_step *limit,
  int blended, line_part_8 *found, const line_look *look) {
  if (look)
    FOR_SHAPE(pack->parallel, limit_of_any_even_groups, pack, s, limit, look, found, blended);
  else if (limit)
    limit_of_cells(pack, s, limit, blended, found);
}

/* What does not depend on the kind of cell, and is made once for each vector width. */
typedef struct {
  void (*lines)(const twin_cells *pack, const stretch *s, int blended);
  void (*limits)(const twin_cells *pack, const stretch *s, const limit_step *limit, int blended,
    line_part_8 *found, const line_look *look);
} stretch_code;

/* Combines cells to groups, strings and the pack; limit may be NULL. With `p` the cells are evaluated first, and their
   lines looked at. */
INLINE twin_pack_line combine(const twin_cells *pack, const stretch_code *code, const prepare_step *p,
  const twin_step_coefficients *step, const limit_step *limit, twin_pack_limits *limits,
  const int narrow, const int hysteresis, const int lag) {
  const size_t series = pack->series, strings = pack->strings, groups = series * strings;
  const size_t parallel = pack->parallel;
  const int even = is_short_even(parallel);
  double most = p ? 0 : most_blend(pack);
  const line_look seen = {
    p, p ? p->mean_a * (double)(parallel * strings) : 0,
    lag ? TWIN_SURFACE_INVERSE : TWIN_INVERSE, p && hysteresis ? 2 * p->turn : 0};
  /* Where groups do not lie evenly, a look at the curves costs no more. */
  const line_look *look = p && even ? &seen : NULL;
  const stretch start = first_stretch(pack);
  line_part_8 found;
  start_line_8(&found);
  if (p && strings > 1) {
    /* Strings agree in one blend, the largest of all cells. */
    for (stretch s = start; s.groups > 0; s = next_stretch(pack, s)) {
      steepest_8 steepest = start_steepest_8();
      prepare_cells(pack, s.first, s.cells, p, narrow, 1, hysteresis, lag, &steepest);
      const double own = blend_groups(pack, &s, step, &steepest, even);
      most = own > most ? own : most;
    }
    double *blend = of_groups(pack, TWIN_GROUP_BLEND);
    for (size_t g = 0; g < groups; g++) blend[g] = most;
  }
  for (stretch s = start; s.groups > 0; s = next_stretch(pack, s)) {
    int blended = most > 0;
    if (p && strings == 1) {
      steepest_8 steepest = start_steepest_8();
      prepare_cells(pack, s.first, s.cells, p, narrow, 1, hysteresis, lag, &steepest);
      const double own = blend_groups(pack, &s, step, &steepest, even);
      blended = own > 0;
      most = own > most ? own : most;
    }
    code->lines(pack, &s, blended);
    if (strings == 1 && (look || limit))
      code->limits(pack, &s, limit, blended, &found, look);
  }
  keep_blend(pack, most);
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
      of_strings(pack, TWIN_STRING_CURRENT)[s] = rest_a[s] + seen.pack_a / per_a[s];
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
    if (look || limit)
      for (stretch s = start; s.groups > 0; s = next_stretch(pack, s))
        code->limits(pack, &s, limit, most > 0, &found, look);
  }
  if (look) keep_look(pack, look);
  if (limit) {
    limits->soc_a = least_8(found.soc);
    limits->voltage_a = least_8(found.room / found.fall);
  }
  return line;
}

INLINE twin_pack_line begin_pack(const twin_cells *pack, const stretch_code *code,
  const twin_cell_model *model,
  const twin_step_coefficients *step, double estimated_a, twin_bounds bounds,
  twin_pack_limits *limits, const int narrow, const int hysteresis, const int lag) {
  const int alone = pack->parallel == 1 && pack->strings == 1;
  const prepare_step p = first_half(model, step, estimated_a, pack->link_ohm, !alone);
  const int limited = bounds.direction != 0;
  const limit_step limit = limit_of(model, step, bounds);
  if (!alone) {
    forget(pack);
    return combine(pack, code, &p, step, limited ? &limit : NULL, limits, narrow, hysteresis, lag);
  }
  const line_part_1 whole = line_of_series(pack, &p, &limit, limited, narrow, hysteresis, lag);
  limits->soc_a = whole.soc;
  limits->voltage_a = whole.room / whole.fall;
  return (twin_pack_line){whole.e, whole.r + pack->link_ohm * (double)pack->count};
}

#endif
