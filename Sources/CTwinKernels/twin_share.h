#ifndef TWIN_SHARE_H
#define TWIN_SHARE_H

/* Currents of cells and strings side by side: the shares at which their voltages agree, across the bends of
   the curve and at any length of a step. */

#include "twin_line.h"

INLINE move_step second_half(const twin_cell_model *model, const twin_step_coefficients *step,
  double mean_a, double link_ohm) {
  const double dt = step->seconds;
  const move_step p = {
    .table = model->energy_table, .intervals = model->soc_intervals,
    .last = model->soc_intervals - 1, .width = 1 / model->soc_intervals,
    .kept = model->charge_efficiency, .lost = model->charge_efficiency - 1, .per_hour = dt / 3600,
    .to_watt = 3600 / dt, .half = 0.5 * dt, .a1 = step->decay1, .a2 = step->decay2,
    .m1 = step->mean1, .m2 = step->mean2, .n1 = 1 - step->mean1, .n2 = 1 - step->mean2,
    .b1 = 1 - step->decay1, .b2 = 1 - step->decay2, .turn = model->hysteresis_rate * dt / 3600,
    .mean_a = mean_a, .link = link_ohm, .lag_decay = step->lag_decay};
  return p;
}

/* ---- the currents that lines give ---- */

/* Currents of strings that share the voltage of the pack. */
INLINE void share_strings(const twin_cells *pack, double pack_a, double *string_a) {
  const size_t strings = pack->strings;
  if (strings == 1) {
    string_a[0] = pack_a;
    return;
  }
  const double *e = of_strings(pack, TWIN_STRING_E);
  const double *conductance = of_strings(pack, TWIN_STRING_CONDUCTANCE);
  double sum_c = 0, sum_e = 0;
  for (size_t s = 0; s < strings; s++) {
    sum_c += conductance[s];
    sum_e += conductance[s] * e[s];
  }
  /* Before the first step no string carries anything. */
  const double v = sum_c > 0 ? (sum_e - pack_a) / sum_c : 0;
  for (size_t s = 0; s < strings; s++) string_a[s] = (e[s] - v) * conductance[s];
}

/* What a string's mean voltage lacks of the pack's, spread over its groups. */
INLINE double lack_of(const twin_cells *pack, size_t s, double pack_v) {
  return (pack_v - (of_strings(pack, TWIN_STRING_MEAN_E)[s]
    - of_strings(pack, TWIN_STRING_MEAN_R)[s] * of_strings(pack, TWIN_STRING_CURRENT)[s]))
    / (double)pack->series;
}

/* Mean voltage of the pack, whose strings agree in a blend. */
INLINE double pack_voltage(const twin_cells *pack) {
  const double *conductance = of_strings(pack, TWIN_STRING_CONDUCTANCE);
  double sum_c = 0, pack_v = 0;
  for (size_t s = 0; s < pack->strings; s++) sum_c += conductance[s];
  for (size_t s = 0; s < pack->strings; s++)
    pack_v += conductance[s] / sum_c * (of_strings(pack, TWIN_STRING_MEAN_E)[s]
      - of_strings(pack, TWIN_STRING_MEAN_R)[s] * of_strings(pack, TWIN_STRING_CURRENT)[s]);
  return pack_v;
}

/* to = e - r i + more, for groups side by side. */
INLINE void fall_of_groups(
  const double *e, const double *r, double i, double more, size_t count, double *to) {
  size_t g = 0;
  for (; g + LANES <= count; g += LANES) AT(to, g) = AT(e, g) - AT(r, g) * i + more;
  for (; g < count; g++) to[g] = e[g] - r[g] * i + more;
}

/* Voltages of all groups at a current of the pack. */
INLINE void share_groups(const twin_cells *pack, double pack_a, int blended) {
  if (pack->sharing[GROUPS_FOR_A] == pack_a) return;
  const size_t series = pack->series, strings = pack->strings;
  const double *e = of_groups(pack, TWIN_GROUP_E), *r = of_groups(pack, TWIN_GROUP_R);
  const double *mean_e = of_groups(pack, TWIN_GROUP_MEAN_E);
  const double *mean_r = of_groups(pack, TWIN_GROUP_MEAN_R);
  double *volt = of_groups(pack, TWIN_GROUP_VOLT), *terminal = of_groups(pack, TWIN_GROUP_TERMINAL);
  double *string_a = of_strings(pack, TWIN_STRING_CURRENT);
  share_strings(pack, pack_a, string_a);
  const double pack_v = blended && strings > 1 ? pack_voltage(pack) : 0;
  for (size_t s = 0; s < strings; s++) {
    const double i = string_a[s];
    const size_t g = s * series;
    fall_of_groups(e + g, r + g, i, 0, series, volt + g);
    if (blended)
      fall_of_groups(mean_e + g, mean_r + g, i, strings > 1 ? lack_of(pack, s, pack_v) : 0, series,
        terminal + g);
  }
  pack->sharing[GROUPS_FOR_A] = pack_a;
}

/* What a tile's cells have of their groups, of which the first cell is the first; where groups lie evenly in blocks. */
INLINE const double *tile_of_groups(
  const twin_cells *pack, const double *of_group, size_t first, size_t count, double *to) {
  const size_t parallel = pack->parallel, groups = pack->series * pack->strings;
  const double *own = of_group + first / parallel;
  if (parallel == 1 && first + count <= groups) return own;
  if (parallel == 2 && (first + count) / 2 <= groups) {
    for (size_t k = 0; k < count; k += LANES) {
      const v4 four = *(const v4_any *)(own + k / 2);
      AT(to, k) = __builtin_shufflevector(four, four, 0, 0, 1, 1, 2, 2, 3, 3);
    }
    return to;
  }
  group_walk walk = {first / parallel, parallel - first % parallel};
  return spread(pack, of_group, &walk, count, to);
}

/* ---- what a look at the lines leaves to the second half ---- */

/* Marks of the groups whose lines miss. */
INLINE double *sharing_marks(const twin_cells *pack) { return pack->sharing + LANES; }

/* The cells that are solved for, or what is kept of all. */
INLINE double *sharing_cells_of(const twin_cells *pack) {
  return sharing_suspects(pack) + twin_padded(twin_padded(pack->count) / LANES);
}

/* The current, charge and place in the table of a cell at the end of the step, and what the table says there; of
   the surface where that lags. */
enum { KEPT_I, KEPT_Z, KEPT_F, KEPT_U, KEPT_RISE, KEPT_W, KEPT_COLUMNS };
_Static_assert(KEPT_COLUMNS == TWIN_KEPT_COLUMNS, "room to keep them in");

/* Tells for which current of the pack the kept numbers hold; `forget` tells that for none. */
INLINE void keep_for(const twin_cells *pack, double pack_a) { pack->sharing[KEPT_FOR_A] = pack_a; }
INLINE int is_kept(const twin_cells *pack, double pack_a) { return pack->sharing[KEPT_FOR_A] == pack_a; }

/* Copies the kept columns of a tile's cells, to the tile or from it. */
INLINE void move_kept(const twin_cells *pack, size_t first, size_t count, move_tile *tile,
  const int to_tile) {
  double *columns[KEPT_COLUMNS] = {tile->i, tile->z, tile->f, tile->u, tile->rise, tile->w};
  double *kept = sharing_cells_of(pack) + first * KEPT_COLUMNS;
  for (size_t column = 0; column < KEPT_COLUMNS; column++) {
    for (size_t k = 0; k < count; k += LANES) {
      double *place = kept + k * KEPT_COLUMNS + column * LANES;
      if (to_tile) AT(columns[column], k) = AT(place, 0);
      else AT(place, 0) = AT(columns[column], k);
    }
  }
}

/* ---- whether the lines hold ---- */

INLINE int is_any(const v8 x) { return sum_8(x) != 0; }

/* What the cells of a block have of their groups. */
INLINE v8 groups_of_block(const twin_cells *pack, const double *of_group, size_t block) {
  const size_t parallel = pack->parallel, first = block * LANES, left = pack->count - first;
  if (is_even(parallel))
    return load_groups(of_group + first / parallel, parallel, left < LANES ? left : LANES);
  size_t g = first / parallel, rest = parallel - first % parallel;
  double lane[LANES];
  for (size_t l = 0; l < LANES; l++) {
    lane[l] = of_group[g];
    if (--rest > 0) continue;
    rest = parallel;
    g += g + 1 < pack->series * pack->strings;
  }
  return *(v8_any *)lane;
}

/* Marks every group with a cell whose line misses its voltage, in all blocks or in those that a look at the lines leaves
   open; returns the number of such groups. What is found of all cells is kept. */
INLINE size_t mark_missed(const twin_cells *pack, const move_step *p, int blended, int all,
  const int narrow, const int hysteresis, const int lag) {
  const size_t blocks = twin_padded(pack->count) / LANES;
  double *missed = sharing_marks(pack);
  const double *suspects = sharing_suspects(pack);
  const double *volts = of_groups(pack, TWIN_GROUP_VOLT), *blends = of_groups(pack, TWIN_GROUP_BLEND);
  move_tile tile;
  double *miss = tile.watt;
  size_t found = 0, next = 0;
  while (!all && next < blocks && suspects[next] == 0) next++;
  if (next == blocks) return 0;
  memset(missed, 0, pack->series * pack->strings * sizeof *missed);
  while (next < blocks) {
    size_t chosen[TILE / LANES], own = 0;
    for (; next < blocks && own < TILE; next++) {
      chosen[own / LANES] = next;
      if (all || suspects[next] != 0) own += LANES;
    }
    if (own == 0) break;
    for (size_t k = 0; k < own; k += LANES) {
      const size_t block = chosen[k / LANES];
      AT(tile.volt, k) = groups_of_block(pack, volts, block);
      AT(tile.blend, k) = blended ? groups_of_block(pack, blends, block) : ZERO;
    }
    if (narrow) {
      for (size_t k = 0; k < own; k += 2) {
        const double *two = pack->cells + chosen[k / LANES] * BLOCK + k % LANES;
        const lone_cell_2 cell = lone_cell_of_2(two, p, hysteresis, lag);
        const real_2 i = current_2(
          two, *(const any_2 *)(tile.volt + k), *(const any_2 *)(tile.blend + k), blended);
        *(any_2 *)(tile.i + k) = i;
        reach_2(&cell, i, p, &tile, k);
      }
      for (size_t k = 0; k < own; k += 2) look_up_end_2(p, &tile, k);
      for (size_t k = 0; k < own; k += 2) {
        const double *two = pack->cells + chosen[k / LANES] * BLOCK + k % LANES;
        const lone_cell_2 cell = lone_cell_of_2(two, p, hysteresis, lag);
        const real_2 i = *(any_2 *)(tile.i + k);
        const answer_2 a = respond_2(&cell, i, p, &tile, k, hysteresis);
        *(any_2 *)(miss + k) = misses_2(two, &a, i, *(const any_2 *)(tile.blend + k),
          *(const any_2 *)(two + TWIN_R0 * LANES));
      }
    } else {
      for (size_t k = 0; k < own; k += LANES) {
        const double *c = pack->cells + chosen[k / LANES] * BLOCK;
        const lone_cell_8 cell = lone_cell_of_8(c, p, hysteresis, lag);
        const v8 i = current_8(c, AT(tile.volt, k), AT(tile.blend, k), blended);
        AT(tile.i, k) = i;
        reach_8(&cell, i, p, &tile, k);
      }
      for (size_t k = 0; k < own; k += LANES) look_up_end_8(p, &tile, k);
      for (size_t k = 0; k < own; k += LANES) {
        const double *c = pack->cells + chosen[k / LANES] * BLOCK;
        const lone_cell_8 cell = lone_cell_of_8(c, p, hysteresis, lag);
        const v8 i = AT(tile.i, k);
        const answer_8 a = respond_8(&cell, i, p, &tile, k, hysteresis);
        AT(miss, k) = misses_8(c, &a, i, AT(tile.blend, k), LOAD(c, TWIN_R0));
      }
    }
    if (all) move_kept(pack, chosen[0] * LANES, own, &tile, 0);
    v8 any = ZERO;
    for (size_t k = 0; k < own; k += LANES) any += AT(miss, k);
    if (!is_any(any)) continue;
    for (size_t k = 0; k < own; k++) {
      const size_t j = chosen[k / LANES] * LANES + k % LANES;
      if (miss[k] == 0 || j >= pack->count) continue;
      double *mark = missed + j / pack->parallel;
      found += *mark == 0;
      *mark = 1;
    }
  }
  return found;
}

/* ---- solving for the currents ---- */

/* Columns of the cells that are solved for, side by side without gaps. */
enum {
  SHARING_SOC, SHARING_ENERGY, SHARING_INVERSE, SHARING_BLEED, SHARING_MEAN_E, SHARING_END_E,
  SHARING_MEAN_R, SHARING_END_R, SHARING_HALF_WIDTH, SHARING_HYSTERESIS, SHARING_REST,
  SHARING_OWN_INVERSE, SHARING_R0,
  SHARING_I,        /* current that is tried */
  SHARING_FROM,     /* current that a search starts from */
  SHARING_AIM,      /* and where it leads */
  SHARING_VOLT_MEAN, SHARING_VOLT_END, SHARING_FALL_MEAN, SHARING_FALL_END, SHARING_TURNED,
  SHARING_SLOPE,    /* of the open-circuit curve at the end of the step */
  SHARING_SLOPE_START,
  SHARING_VOLT, SHARING_FALL,   /* voltage that cells shall agree in, outside of the connection, and its fall */
  SHARING_CONDUCTANCE,
  SHARING_GROUP_VOLT,           /* where the tangents of a group agree */
  SHARING_COLUMNS
};

/* Whole vectors may reach beyond the last cell of a column. */
_Static_assert(SHARING_COLUMNS < TWIN_SHARING_COLUMNS, "room to share in");

/* Cells that share one voltage, or all cells of strings that do: a group, or the pack. */
typedef struct {
  size_t first_group, groups, strings;  /* strings: 0 for a group */
  size_t first, cells;                  /* in the columns above */
  double pack_a, blend;
  double low, low_fall, high, high_fall, part, start_fall;
  int accepted, tries, is_searching, is_done;
} sharing_circuit;

typedef struct {
  double *base;
  size_t room, cells;
} sharing_cells;

INLINE double *sharing_of(const sharing_cells *all, size_t column) {
  return all->base + column * all->room;
}

#define SHARING(column, k) (*(any_8 *)(sharing_of(all, column) + (k)))

/* Gathers the cells of a group. */
INLINE void gather(const twin_cells *pack, const move_step *p, size_t g, double blend,
  sharing_cells *all, const int hysteresis, const int lag) {
  for (size_t j = g * pack->parallel; j < (g + 1) * pack->parallel; j++) {
    const double *c = pack->cells + TWIN_PLACE(0, j);
    const lone_cell_1 cell = lone_cell_of_1(c, p, hysteresis, lag);
    const double at_start = cell.soc * p->intervals;
    int32_t row;
    place_1(at_start, p->last, &row);
    const double i = current_1(c, of_groups(pack, TWIN_GROUP_VOLT)[g], blend, 1);
    const double values[] = {
      cell.soc, cell.energy, cell.inverse, cell.bleed, cell.mean_e, cell.end_e, cell.mean_r,
      cell.end_r, hysteresis ? cell.half_width : 0, hysteresis ? cell.hysteresis : 0, cell.rest,
      cell.own_inverse, c[TWIN_R0 * LANES], i};
    for (size_t k = 0; k <= SHARING_I; k++) sharing_of(all, k)[all->cells] = values[k];
    sharing_of(all, SHARING_SLOPE_START)[all->cells] =
      p->table[TWIN_ENERGY_ROW * (size_t)row + TWIN_ENERGY_ROW_OCV_RISE] * p->intervals;
    all->cells += 1;
  }
}

/* The same for blocks, whose groups agree in one blend. */
INLINE void gather_blocks(const twin_cells *pack, const move_step *p, size_t first, size_t count,
  double blend, sharing_cells *all, const int hysteresis, const int lag) {
  for (size_t j = first; j < first + count; j += LANES) {
    const double *c = pack->cells + j / LANES * BLOCK;
    const size_t k = all->cells + j - first;
    const lone_cell_8 cell = lone_cell_of_8(c, p, hysteresis, lag);
    const v8 volt = groups_of_block(pack, of_groups(pack, TWIN_GROUP_VOLT), j / LANES);
    const v8 values[] = {
      cell.soc, cell.energy, cell.inverse, cell.bleed, cell.mean_e, cell.end_e, cell.mean_r,
      cell.end_r, hysteresis ? cell.half_width : ZERO, hysteresis ? cell.hysteresis : ZERO,
      cell.rest, cell.own_inverse, LOAD(c, TWIN_R0), current_8(c, volt, ZERO + blend, 1)};
#pragma clang loop unroll(full)
    for (size_t column = 0; column <= SHARING_I; column++) SHARING(column, k) = values[column];
    int32_t row[LANES];
    double u[LANES], rise[LANES], w[LANES];
    place_8(cell.soc * p->intervals, p->last, row);
    look_up_energy_8(p->table, row, u, rise, w);
    SHARING(SHARING_SLOPE_START, k) = AT(rise, 0) * p->intervals;
  }
  all->cells += count;
}

/* Voltages of all gathered cells at the currents that are tried. */
INLINE void evaluate_sharing(const sharing_cells *all, const move_step *p, const int hysteresis) {
  const size_t total = twin_padded(all->cells);
  for (size_t k = all->cells; k < total; k++)
    for (size_t column = 0; column <= SHARING_I; column++)
      sharing_of(all, column)[k] = sharing_of(all, column)[all->cells - 1];
  move_tile tile;
  for (size_t k = 0; k < total; k += LANES) {
    const lone_cell_8 cell = {
      SHARING(SHARING_SOC, k), SHARING(SHARING_ENERGY, k), SHARING(SHARING_INVERSE, k),
      SHARING(SHARING_BLEED, k), SHARING(SHARING_MEAN_E, k), SHARING(SHARING_END_E, k),
      SHARING(SHARING_MEAN_R, k), SHARING(SHARING_END_R, k), SHARING(SHARING_HALF_WIDTH, k),
      SHARING(SHARING_HYSTERESIS, k), SHARING(SHARING_REST, k), SHARING(SHARING_OWN_INVERSE, k)};
    const v8 i = SHARING(SHARING_I, k);
    reach_8(&cell, i, p, &tile, 0);
    look_up_end_8(p, &tile, 0);
    const answer_8 a = respond_8(&cell, i, p, &tile, 0, hysteresis);
    SHARING(SHARING_VOLT_MEAN, k) = a.mean;
    SHARING(SHARING_VOLT_END, k) = a.end;
    SHARING(SHARING_FALL_MEAN, k) = a.mean_r;
    SHARING(SHARING_FALL_END, k) = a.end_r;
    SHARING(SHARING_SLOPE, k) = a.slope;
    if (hysteresis) SHARING(SHARING_TURNED, k) = a.turned;
  }
}

/* The voltage that the cells of a circuit shall agree in, outside of the connection, and its fall. What is written
   beyond the last of them is found again when its own circuit's turn has come. */
INLINE void mix_circuit(
  const twin_cells *pack, const sharing_cells *all, const sharing_circuit *circuit) {
  const double mean = 1 - circuit->blend, end = circuit->blend, link = pack->link_ohm;
  for (size_t k = circuit->first; k < circuit->first + circuit->cells; k += LANES) {
    const v8 fall =
      mean * SHARING(SHARING_FALL_MEAN, k) + end * SHARING(SHARING_FALL_END, k) + link;
    SHARING(SHARING_VOLT, k) = mean * SHARING(SHARING_VOLT_MEAN, k)
      + end * SHARING(SHARING_VOLT_END, k) - link * SHARING(SHARING_I, k);
    SHARING(SHARING_FALL, k) = fall;
    SHARING(SHARING_CONDUCTANCE, k) = 1 / fall;
  }
}

/* Raises the blend to the steepest slope at either end of the step. */
INLINE void raise_blend(const twin_cells *pack, const move_step *p, const sharing_cells *all,
  sharing_circuit *circuit) {
  const size_t end = circuit->first + circuit->cells;
  v8 most = ZERO + circuit->blend;
  for (size_t k = circuit->first; k < end; k += LANES) {
    const v8 start = SHARING(SHARING_SLOPE_START, k), last = SHARING(SHARING_SLOPE, k);
    const v8 charged =
      0.5 * PICK(start > last, start, last) * p->per_hour * SHARING(SHARING_INVERSE, k);
    v8 own = blend_of(charged, SHARING(SHARING_MEAN_R, k) + pack->link_ohm);
    if (end - k < LANES) own = PICK(live_mask(end - k), own, ZERO);
    most = PICK(own > most, own, most);
  }
  circuit->blend = most_8(most);
}

/* Newton's aim from the currents that are tried: the currents at which the tangents agree. Returns true when
   it is as far away as lines may miss, with a margin. */
INLINE int find_aim(const twin_cells *pack, const sharing_cells *all, sharing_circuit *circuit) {
  const size_t parallel = pack->parallel, end = circuit->first + circuit->cells;
  const double *i = sharing_of(all, SHARING_I), *volt = sharing_of(all, SHARING_VOLT);
  const double *conductance = sharing_of(all, SHARING_CONDUCTANCE);
  double *group_c = of_groups(pack, TWIN_GROUP_MEAN_R) + circuit->first_group;
  double *group_v = of_groups(pack, TWIN_GROUP_MEAN_E) + circuit->first_group;
  double carried = 0;
  for (size_t g = 0; g < circuit->groups; g++) {
    double sum_c = 0, sum_v = 0;
    for (size_t j = circuit->first + g * parallel; j < circuit->first + (g + 1) * parallel; j++) {
      sum_c += conductance[j];
      sum_v += conductance[j] * volt[j];
      if (!circuit->strings) carried += i[j];
    }
    group_c[g] = sum_c;
    group_v[g] = sum_v / sum_c;
  }
  if (circuit->strings) {
    const size_t series = circuit->groups / circuit->strings;
    double *string_ohm = of_strings(pack, TWIN_STRING_R), *string_v = of_strings(pack, TWIN_STRING_E);
    double sum_c = 0, sum_v = 0;
    for (size_t s = 0; s < circuit->strings; s++) {
      double ohm = 0, of_string = 0;
      for (size_t g = s * series; g < (s + 1) * series; g++) {
        ohm += 1 / group_c[g];
        of_string += group_v[g];
      }
      string_ohm[s] = ohm;
      string_v[s] = of_string;
      sum_c += 1 / ohm;
      sum_v += of_string / ohm;
      for (size_t k = 0; k < parallel; k++) carried += i[s * series * parallel + k];
    }
    const double pack_v = (sum_v + carried - circuit->pack_a) / sum_c;
    for (size_t s = 0; s < circuit->strings; s++) {
      const double more = (string_v[s] - pack_v) / string_ohm[s];
      for (size_t g = s * series; g < (s + 1) * series; g++) group_v[g] -= more / group_c[g];
    }
  } else {
    group_v[0] += (carried - circuit->pack_a) / group_c[0];
  }
  double *aim_v = sharing_of(all, SHARING_GROUP_VOLT) + circuit->first;
  for (size_t g = 0, j = 0; g < circuit->groups; g++)
    for (size_t k = 0; k < parallel; k++, j++) aim_v[j] = group_v[g];
  int is_near = 1;
  for (size_t k = circuit->first; k < end; k += LANES) {
    const v8 lack = SHARING(SHARING_VOLT, k) - SHARING(SHARING_GROUP_VOLT, k);
    const v8 from = SHARING(SHARING_I, k), aim = from + lack / SHARING(SHARING_FALL, k);
    v8 most = 2e-6 + 0.05 * SHARING(SHARING_R0, k) * SIZE(from);
    most = PICK(most < 1e-4, most, ZERO + 1e-4);
    mask_8 is_far = ~(SIZE(lack) <= most);
    if (end - k < LANES) {
      is_far &= live_mask(end - k);
      for (size_t l = 0; l < end - k; l++) sharing_of(all, SHARING_AIM)[k + l] = aim[l];
    } else {
      SHARING(SHARING_AIM, k) = aim;
    }
    is_near &= __builtin_reduce_or(is_far) == 0;
  }
  return is_near;
}

/* Slope of the convex function whose minimum is the solution, along the way from the start to the aim. */
INLINE double fall_along(const sharing_cells *all, const sharing_circuit *circuit) {
  const double *from = sharing_of(all, SHARING_FROM), *aim = sharing_of(all, SHARING_AIM);
  const double *volt = sharing_of(all, SHARING_VOLT);
  double sum = 0;
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++)
    sum -= volt[j] * (aim[j] - from[j]);
  return sum;
}

INLINE void try_part(const sharing_cells *all, sharing_circuit *circuit, double part) {
  circuit->part = part;
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++) {
    const double from = sharing_of(all, SHARING_FROM)[j], aim = sharing_of(all, SHARING_AIM)[j];
    sharing_of(all, SHARING_I)[j] = part == 1 ? aim : from + part * (aim - from);
  }
}

/* Looks at the currents that were tried and chooses the next ones. The circuit's voltages fall with the
   currents, so there is one solution, the minimum of a convex function; the search along Newton's way ends
   where the function has stopped falling. */
INLINE void advance_circuit(const twin_cells *pack, const move_step *p, const sharing_cells *all,
  sharing_circuit *circuit) {
  mix_circuit(pack, all, circuit);
  if (circuit->is_searching) {
    const double fall = fall_along(all, circuit), most = -0.1 * circuit->start_fall;
    circuit->tries += 1;
    if (fall > most && circuit->tries <= 12) {
      circuit->high = circuit->part;
      circuit->high_fall = fall;
    } else if (fall < -most && circuit->part < 1 && circuit->tries <= 12) {
      circuit->low = circuit->part;
      circuit->low_fall = fall;
    } else {
      circuit->is_searching = 0;
    }
    if (circuit->is_searching) {
      const double width = circuit->high - circuit->low;
      double part = circuit->low
        - circuit->low_fall * width / (circuit->high_fall - circuit->low_fall);
      if (circuit->tries % 3 == 0) part = circuit->low + 0.5 * width;
      const double least = circuit->low + 0.05 * width, largest = circuit->high - 0.05 * width;
      part = part > least ? part : least;
      try_part(all, circuit, part < largest ? part : largest);
      return;
    }
  }
  circuit->accepted += 1;
  if (circuit->accepted <= 2) {
    const double former = circuit->blend;
    raise_blend(pack, p, all, circuit);
    if (circuit->blend != former) mix_circuit(pack, all, circuit);
  }
  if (find_aim(pack, all, circuit)) {
    circuit->is_done = 1;
    return;
  }
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++)
    sharing_of(all, SHARING_FROM)[j] = sharing_of(all, SHARING_I)[j];
  circuit->start_fall = fall_along(all, circuit);
  circuit->is_searching = circuit->accepted > 1;
  circuit->tries = 0;
  circuit->low = 0;
  circuit->low_fall = circuit->start_fall;
  try_part(all, circuit, 1);
}

/* Makes the lines of a circuit's cells the tangents at its currents. */
INLINE void scatter(const twin_cells *pack, const sharing_cells *all, const sharing_circuit *circuit,
  const int hysteresis) {
  for (size_t g = 0; g < circuit->groups; g++)
    of_groups(pack, TWIN_GROUP_BLEND)[circuit->first_group + g] = circuit->blend;
  const size_t first = circuit->first_group * pack->parallel;
  size_t k = 0;
  for (; first % LANES == 0 && k + LANES <= circuit->cells; k += LANES) {
    double *c = pack->cells + (first + k) / LANES * BLOCK;
    const size_t j = circuit->first + k;
    const v8 i = SHARING(SHARING_I, j);
    const v8 mean_r = SHARING(SHARING_FALL_MEAN, j), end_r = SHARING(SHARING_FALL_END, j);
    STORE(c, TWIN_MEAN_E, SHARING(SHARING_VOLT_MEAN, j) + mean_r * i);
    STORE(c, TWIN_MEAN_R, mean_r);
    STORE(c, TWIN_END_E, SHARING(SHARING_VOLT_END, j) + end_r * i);
    STORE(c, TWIN_END_R, end_r);
    if (hysteresis) STORE(c, TWIN_TURNED, SHARING(SHARING_TURNED, j));
  }
  for (; k < circuit->cells; k++) {
    double *c = pack->cells + TWIN_PLACE(0, first + k);
    const size_t j = circuit->first + k;
    const double i = sharing_of(all, SHARING_I)[j];
    const double mean_r = sharing_of(all, SHARING_FALL_MEAN)[j];
    const double end_r = sharing_of(all, SHARING_FALL_END)[j];
    c[TWIN_MEAN_E * LANES] = sharing_of(all, SHARING_VOLT_MEAN)[j] + mean_r * i;
    c[TWIN_MEAN_R * LANES] = mean_r;
    c[TWIN_END_E * LANES] = sharing_of(all, SHARING_VOLT_END)[j] + end_r * i;
    c[TWIN_END_R * LANES] = end_r;
    if (hysteresis) c[TWIN_TURNED * LANES] = sharing_of(all, SHARING_TURNED)[j];
  }
}

enum { MOST_ROUNDS = 200 };

/* Solves circuits side by side; returns the rounds. */
INLINE int solve_circuits(const twin_cells *pack, const move_step *p, const sharing_cells *all,
  sharing_circuit *circuits, size_t count, const int hysteresis) {
  int rounds = 0;
  size_t open = count;
  while (open > 0 && rounds < MOST_ROUNDS) {
    evaluate_sharing(all, p, hysteresis);
    rounds += 1;
    for (size_t k = 0; k < count; k++) {
      if (circuits[k].is_done) continue;
      advance_circuit(pack, p, all, circuits + k);
      open -= circuits[k].is_done != 0;
    }
  }
  if (open > 0) evaluate_sharing(all, p, hysteresis);
  for (size_t k = 0; k < count; k++) scatter(pack, all, circuits + k, hysteresis);
  return rounds;
}

INLINE int share_pack(const twin_cells *pack, const stretch_code *code, const twin_cell_model *model,
  const twin_step_coefficients *step, double pack_a, twin_bounds bounds, twin_pack_line *line,
  twin_pack_limits *limits, const int narrow, const int hysteresis, const int lag) {
  const move_step p = second_half(model, step, 0, pack->link_ohm);
  const int blended = is_blended(pack);
  const size_t groups = pack->series * pack->strings;
  const int whole_look = !is_looked_at(pack, pack_a);
  forget(pack);
  share_groups(pack, pack_a, blended);
  if (mark_missed(pack, &p, blended, whole_look, narrow, hysteresis, lag) == 0) {
    if (whole_look) keep_for(pack, pack_a);
    return 0;
  }

  const double *missed = sharing_marks(pack);
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  sharing_cells all = {sharing_cells_of(pack),
    twin_sharing_room(pack->count, pack->parallel, pack->strings), 0};
  int most = 0;
  if (pack->strings > 1) {
    sharing_circuit whole = {.groups = groups, .strings = pack->strings, .cells = pack->count,
      .pack_a = pack_a, .blend = blend[0], .high = 1};
    gather_blocks(pack, &p, 0, pack->count, blend[0], &all, hysteresis, lag);
    most = solve_circuits(pack, &p, &all, &whole, 1, hysteresis);
  } else {
    sharing_circuit circuits[TILE];
    size_t count = 0;
    for (size_t g = 0; g < groups; g++) {
      if (missed[g] != 0) {
        circuits[count] = (sharing_circuit){.first_group = g, .groups = 1, .first = all.cells,
          .cells = pack->parallel, .pack_a = pack_a, .blend = blend[g], .high = 1};
        if (pack->parallel % LANES == 0)
          gather_blocks(pack, &p, g * pack->parallel, pack->parallel, blend[g], &all, hysteresis, lag);
        else
          gather(pack, &p, g, blend[g], &all, hysteresis, lag);
        count += 1;
      }
      const int full = all.cells + pack->parallel > all.room || count == TILE;
      if (count > 0 && (full || g + 1 == groups)) {
        const int rounds = solve_circuits(pack, &p, &all, circuits, count, hysteresis);
        most = rounds > most ? rounds : most;
        count = all.cells = 0;
      }
    }
  }
  forget(pack);
  const limit_step limit = limit_of(model, step, bounds);
  *line = combine(
    pack, code, NULL, step, bounds.direction != 0 ? &limit : NULL, limits, narrow, hysteresis, lag);
  return most;
}

#endif
