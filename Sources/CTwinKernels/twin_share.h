#ifndef TWIN_SHARE_H
#define TWIN_SHARE_H

/* Currents of cells and strings side by side: the shares at which their voltages agree, across the bends of
   the curve and at any length of a step. */

#include "twin_line.h"

INLINE move_step second_half(const twin_cell_model *model, const twin_step_coefficients *step,
  double mean_a, double link_ohm) {
  const double dt = step->seconds;
  const move_step p = {
    .table = model->discharge_table, .intervals = model->soc_intervals,
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

/* Voltages of all groups at a current of the pack. */
INLINE void share_groups(const twin_cells *pack, double pack_a, int blended) {
  const size_t series = pack->series, strings = pack->strings;
  const double *e = of_groups(pack, TWIN_GROUP_E), *r = of_groups(pack, TWIN_GROUP_R);
  const double *mean_e = of_groups(pack, TWIN_GROUP_MEAN_E);
  const double *mean_r = of_groups(pack, TWIN_GROUP_MEAN_R);
  double *volt = of_groups(pack, TWIN_GROUP_VOLT), *terminal = of_groups(pack, TWIN_GROUP_TERMINAL);
  double *string_a = of_strings(pack, TWIN_STRING_CURRENT);
  share_strings(pack, pack_a, string_a);
  double pack_v = 0;
  if (blended && strings > 1) {
    const double *conductance = of_strings(pack, TWIN_STRING_CONDUCTANCE);
    double sum_c = 0;
    for (size_t s = 0; s < strings; s++) sum_c += conductance[s];
    for (size_t s = 0; s < strings; s++)
      pack_v += conductance[s] / sum_c * (of_strings(pack, TWIN_STRING_MEAN_E)[s]
        - of_strings(pack, TWIN_STRING_MEAN_R)[s] * string_a[s]);
  }
  for (size_t s = 0; s < strings; s++) {
    const double i = string_a[s];
    /* What a string's mean voltage lacks of the pack's is spread over its groups. */
    const double lack = blended && strings > 1
      ? (pack_v - (of_strings(pack, TWIN_STRING_MEAN_E)[s]
        - of_strings(pack, TWIN_STRING_MEAN_R)[s] * i)) / (double)series : 0;
    for (size_t g = s * series; g < (s + 1) * series; g++) {
      volt[g] = e[g] - r[g] * i;
      if (blended) terminal[g] = mean_e[g] - mean_r[g] * i + lack;
    }
  }
}

/* What cells need to know of their groups to find their currents. */
typedef struct { const double *volt, *blend; } group_view;

INLINE group_view view_groups(const twin_cells *pack, int blended, group_walk walks[2],
  size_t count, move_tile *tile) {
  static const double none[TILE];
  return (group_view){
    spread(pack, of_groups(pack, TWIN_GROUP_VOLT), walks, count, tile->volt),
    blended ? spread(pack, of_groups(pack, TWIN_GROUP_BLEND), walks + 1, count, tile->blend) : none};
}

/* ---- what a look at the lines leaves to the second half ---- */

/* Marks of the groups whose lines miss. */
INLINE double *sharing_marks(const twin_cells *pack) { return pack->sharing + LANES; }

/* The cells that are solved for, or what is kept of all. */
INLINE double *sharing_cells_of(const twin_cells *pack) {
  return pack->sharing + LANES + twin_padded(pack->series * pack->strings);
}

/* The current, charge and place in the table of a cell at the end of the step, and what the table says there; of
   the surface where that lags. */
enum { KEPT_I, KEPT_Z, KEPT_F, KEPT_U, KEPT_RISE, KEPT_W, KEPT_COLUMNS };
_Static_assert(KEPT_COLUMNS == TWIN_KEPT_COLUMNS, "room to keep them in");

/* Tells for which current of the pack the kept numbers hold; `forget` tells that for none. */
INLINE void keep_for(const twin_cells *pack, double pack_a) { pack->sharing[0] = pack_a; }
INLINE int is_kept(const twin_cells *pack, double pack_a) { return pack->sharing[0] == pack_a; }

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

/* Marks every group with a cell whose line misses its voltage; returns the number of such groups. */
INLINE size_t mark_missed(const twin_cells *pack, const move_step *p, int blended, const int narrow,
  const int hysteresis, const int lag) {
  const size_t total = twin_padded(pack->count);
  double *missed = sharing_marks(pack);
  group_walk walks[2] = {group_start(pack), group_start(pack)};
  move_tile tile;
  double *miss = tile.watt;
  size_t found = 0;
  memset(missed, 0, pack->series * pack->strings * sizeof *missed);
  for (size_t first = 0; first < total; first += TILE) {
    const double *c = pack->cells + first / LANES * BLOCK;
    const size_t own = total - first < TILE ? total - first : TILE;
    const group_view of = view_groups(pack, blended, walks, own, &tile);
    if (narrow) {
      for (size_t k = 0; k < own; k += 2) {
        const double *two = c + k / LANES * BLOCK + k % LANES;
        const lone_cell_2 cell = lone_cell_of_2(two, p, hysteresis, lag);
        const real_2 i =
          current_2(two, *(const any_2 *)(of.volt + k), *(const any_2 *)(of.blend + k), blended);
        *(any_2 *)(tile.i + k) = i;
        reach_2(&cell, i, p, &tile, k);
      }
      for (size_t k = 0; k < own; k += 2) look_up_end_2(p, &tile, k);
      for (size_t k = 0; k < own; k += 2) {
        const double *two = c + k / LANES * BLOCK + k % LANES;
        const lone_cell_2 cell = lone_cell_of_2(two, p, hysteresis, lag);
        const real_2 i = *(any_2 *)(tile.i + k);
        const answer_2 a = respond_2(&cell, i, p, &tile, k, hysteresis);
        *(any_2 *)(miss + k) = misses_2(two, &a, i, *(const any_2 *)(of.blend + k),
          *(const any_2 *)(two + TWIN_R0 * LANES));
      }
    } else {
      for (size_t k = 0; k < own; k += LANES) {
        const double *block = c + k / LANES * BLOCK;
        const lone_cell_8 cell = lone_cell_of_8(block, p, hysteresis, lag);
        const v8 i = current_8(block, AT(of.volt, k), AT(of.blend, k), blended);
        AT(tile.i, k) = i;
        reach_8(&cell, i, p, &tile, k);
      }
      for (size_t k = 0; k < own; k += LANES) look_up_end_8(p, &tile, k);
      for (size_t k = 0; k < own; k += LANES) {
        const double *block = c + k / LANES * BLOCK;
        const lone_cell_8 cell = lone_cell_of_8(block, p, hysteresis, lag);
        const v8 i = AT(tile.i, k);
        const answer_8 a = respond_8(&cell, i, p, &tile, k, hysteresis);
        AT(miss, k) = misses_8(block, &a, i, AT(of.blend, k), LOAD(block, TWIN_R0));
      }
    }
    move_kept(pack, first, own, &tile, 0);
    v8 any = ZERO;
    for (size_t k = 0; k < own; k += LANES) any += AT(miss, k);
    if (!is_any(any)) continue;
    for (size_t k = 0; k < own && first + k < pack->count; k++) {
      double *mark = missed + (first + k) / pack->parallel;
      found += miss[k] != 0 && *mark == 0;
      if (miss[k] != 0) *mark = 1;
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
  SHARING_COLUMNS
};

_Static_assert(SHARING_COLUMNS <= TWIN_SHARING_COLUMNS, "room to share in");

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
      p->table[TWIN_ROW * (size_t)row + TWIN_ROW_OCV_RISE] * p->intervals;
    all->cells += 1;
  }
}

#define SHARING(column, k) (*(any_8 *)(sharing_of(all, column) + (k)))

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

/* The voltage that cells shall agree in, outside of the connection, and its fall. */
INLINE double shared_volt(const twin_cells *pack, const sharing_cells *all,
  const sharing_circuit *circuit, size_t j) {
  return (1 - circuit->blend) * sharing_of(all, SHARING_VOLT_MEAN)[j]
    + circuit->blend * sharing_of(all, SHARING_VOLT_END)[j]
    - pack->link_ohm * sharing_of(all, SHARING_I)[j];
}

INLINE double shared_fall(const twin_cells *pack, const sharing_cells *all,
  const sharing_circuit *circuit, size_t j) {
  return (1 - circuit->blend) * sharing_of(all, SHARING_FALL_MEAN)[j]
    + circuit->blend * sharing_of(all, SHARING_FALL_END)[j] + pack->link_ohm;
}

/* Raises the blend to the steepest slope at either end of the step. */
INLINE void raise_blend(const twin_cells *pack, const move_step *p, const sharing_cells *all,
  sharing_circuit *circuit) {
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++) {
    const double start = sharing_of(all, SHARING_SLOPE_START)[j];
    const double end = sharing_of(all, SHARING_SLOPE)[j], steeper = start > end ? start : end;
    const double own = blend_of(0.5 * steeper * p->per_hour * sharing_of(all, SHARING_INVERSE)[j],
      sharing_of(all, SHARING_MEAN_R)[j] + pack->link_ohm);
    circuit->blend = own > circuit->blend ? own : circuit->blend;
  }
}

/* Newton's aim from the currents that are tried: the currents at which the tangents agree. Returns true when
   it is as far away as lines may miss, with a margin. */
INLINE int find_aim(const twin_cells *pack, const sharing_cells *all, sharing_circuit *circuit) {
  const size_t parallel = pack->parallel;
  double *i = sharing_of(all, SHARING_I), *aim = sharing_of(all, SHARING_AIM);
  double *group_c = of_groups(pack, TWIN_GROUP_MEAN_R) + circuit->first_group;
  double *group_v = of_groups(pack, TWIN_GROUP_MEAN_E) + circuit->first_group;
  double carried = 0;
  for (size_t g = 0; g < circuit->groups; g++) {
    double sum_c = 0, sum_v = 0;
    for (size_t j = circuit->first + g * parallel; j < circuit->first + (g + 1) * parallel; j++) {
      const double conductance = 1 / shared_fall(pack, all, circuit, j);
      sum_c += conductance;
      sum_v += conductance * shared_volt(pack, all, circuit, j);
      if (!circuit->strings) carried += i[j];
    }
    group_c[g] = sum_c;
    group_v[g] = sum_v / sum_c;
  }
  if (circuit->strings) {
    const size_t series = circuit->groups / circuit->strings;
    double sum_c = 0, sum_v = 0;
    for (size_t s = 0; s < circuit->strings; s++) {
      double ohm = 0, volt = 0;
      for (size_t g = s * series; g < (s + 1) * series; g++) {
        ohm += 1 / group_c[g];
        volt += group_v[g];
      }
      sum_c += 1 / ohm;
      sum_v += volt / ohm;
      for (size_t k = 0; k < parallel; k++) carried += i[s * series * parallel + k];
    }
    const double pack_v = (sum_v + carried - circuit->pack_a) / sum_c;
    for (size_t s = 0; s < circuit->strings; s++) {
      double ohm = 0, volt = 0;
      for (size_t g = s * series; g < (s + 1) * series; g++) {
        ohm += 1 / group_c[g];
        volt += group_v[g];
      }
      const double more = (volt - pack_v) / ohm;
      for (size_t g = s * series; g < (s + 1) * series; g++) group_v[g] -= more / group_c[g];
    }
  } else {
    group_v[0] += (carried - circuit->pack_a) / group_c[0];
  }
  int is_near = 1;
  for (size_t g = 0; g < circuit->groups; g++) {
    for (size_t j = circuit->first + g * parallel; j < circuit->first + (g + 1) * parallel; j++) {
      const double lack = shared_volt(pack, all, circuit, j) - group_v[g];
      aim[j] = i[j] + lack / shared_fall(pack, all, circuit, j);
      const double size = i[j] < 0 ? -i[j] : i[j];
      double most = 2e-6 + 0.05 * sharing_of(all, SHARING_R0)[j] * size;
      most = most < 1e-4 ? most : 1e-4;
      if (!(lack <= most && lack >= -most)) is_near = 0;
    }
  }
  return is_near;
}

/* Slope of the convex function whose minimum is the solution, along the way from the start to the aim. */
INLINE double fall_along(const twin_cells *pack, const sharing_cells *all,
  const sharing_circuit *circuit) {
  const double *from = sharing_of(all, SHARING_FROM), *aim = sharing_of(all, SHARING_AIM);
  double sum = 0;
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++)
    sum -= shared_volt(pack, all, circuit, j) * (aim[j] - from[j]);
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
  if (circuit->is_searching) {
    const double fall = fall_along(pack, all, circuit), most = -0.1 * circuit->start_fall;
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
  if (circuit->accepted <= 2) raise_blend(pack, p, all, circuit);
  if (find_aim(pack, all, circuit)) {
    circuit->is_done = 1;
    return;
  }
  for (size_t j = circuit->first; j < circuit->first + circuit->cells; j++)
    sharing_of(all, SHARING_FROM)[j] = sharing_of(all, SHARING_I)[j];
  circuit->start_fall = fall_along(pack, all, circuit);
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
  for (size_t k = 0; k < circuit->cells; k++) {
    double *c = pack->cells + TWIN_PLACE(0, circuit->first_group * pack->parallel + k);
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

INLINE int share_pack(const twin_cells *pack, const twin_cell_model *model,
  const twin_step_coefficients *step, double pack_a, twin_bounds bounds, twin_pack_line *line,
  twin_pack_limits *limits, const int narrow, const int hysteresis, const int lag) {
  const move_step p = second_half(model, step, 0, pack->link_ohm);
  const int blended = is_blended(pack);
  const size_t groups = pack->series * pack->strings;
  forget(pack);
  share_groups(pack, pack_a, blended);
  if (mark_missed(pack, &p, blended, narrow, hysteresis, lag) == 0) {
    keep_for(pack, pack_a);
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
    for (size_t g = 0; g < groups; g++) gather(pack, &p, g, blend[g], &all, hysteresis, lag);
    most = solve_circuits(pack, &p, &all, &whole, 1, hysteresis);
  } else {
    sharing_circuit circuits[TILE];
    size_t count = 0;
    for (size_t g = 0; g < groups; g++) {
      if (missed[g] != 0) {
        circuits[count] = (sharing_circuit){.first_group = g, .groups = 1, .first = all.cells,
          .cells = pack->parallel, .pack_a = pack_a, .blend = blend[g], .high = 1};
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
  const limit_step limit = limit_of(model, step, bounds);
  *line = combine(
    pack, NULL, step, bounds.direction != 0 ? &limit : NULL, limits, narrow, hysteresis, lag);
  return most;
}

#endif
