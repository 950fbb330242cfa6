/* The physics of one cell, or of cells side by side in a block, written once and included for each width:
   WIDTH is 1, 2 or 8, REAL the number or vector, F(name) the name with the width. Operations and their
   order are the same for all, so a cell has the same bits in each. AT(array, k) are WIDTH numbers of a
   tile from place k on. */

/* What the first half of a step finds over cells: sums of the lines, smallest current at a SOC limit, and
   smallest room / fall, which is the current at a voltage limit; a division each would cost more. */
typedef struct { REAL e, r, soc, room, fall; } F(line_part);

/* What the second half finds. */
typedef struct {
  REAL low_z, high_z, low_v, high_v, sum_z, sum_w;
  REAL series, pairs, bleed, link, entropic, heat, hysteresis, charge, sharing, lag, low_s, high_s;
} F(move_part);

INLINE void F(start_line)(F(line_part) *part) {
  const REAL none = ZERO;
  part->e = part->r = none;
  part->soc = part->room = none + 1e300;
  part->fall = none + 1;
}

INLINE void F(start_move)(F(move_part) *part) {
  const REAL none = ZERO;
  part->low_z = part->low_v = part->low_s = none + 1e300;
  part->high_z = part->high_v = part->high_s = none - 1e300;
  part->sum_z = part->sum_w = none;
  part->series = part->pairs = part->bleed = part->link = part->entropic = part->heat = none;
  part->hysteresis = part->charge = part->sharing = part->lag = none;
}

/* Where a number lies on a uniform grid: row, and share of the way to the next. Not a number lies at the
   first row, so that no row outside of the table is read. */
INLINE REAL F(place)(const REAL x, const double last, int32_t *row) {
  REAL limited = PICK(x > 0, x, ZERO);
  limited = PICK(limited < last, limited, ZERO + last);
  return x - INDEX(limited, row);
}

/* exp by Cody and Waite: x = k ln 2 + r with |r| <= ln 2 / 2, then the Taylor series to degree 13.
   Beyond -708 it is 0, beyond 709 the value there. */
INLINE REAL F(exp)(const REAL given) {
  REAL x = PICK(given > 709, ZERO + 709, given);
  x = PICK(x < -708, ZERO - 708, x);
  const REAL scaled = x * 1.4426950408889634;
  /* Rounds to the nearest whole number by the shift into the last places of 1.5 * 2^52. */
  const REAL shifted = scaled + 6755399441055744.0;
  const REAL k = shifted - 6755399441055744.0;
  const REAL r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  /* 1 + r + r^2 (1/2 + r/6 + ... + r^11/13!), the bracket by pairs so that few steps depend on each
     other. */
  const REAL r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
  const REAL p0 = (0.5 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  const REAL p1 = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  const REAL p2 = (1.0 / 3628800 + r * (1.0 / 39916800))
    + r2 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
  const REAL bracket = p0 + r4 * p1 + r8 * p2;
  const REAL result = (1 + (r + r2 * bracket)) * POWER_OF_TWO(shifted);
  const REAL bounded = PICK(given < -708, ZERO, result);
  return PICK(given != given, given, bounded);
}

/* First half of a step: where cells lie in the tables; then, with what the tables say, what follows. */
/* Charge that leaves a cell until mid-step: its share of the last step tells where it differs from the
   mean. [Ah] */
INLINE REAL F(until_mid)(const double *c, const prepare_step *p, const int shared) {
  return shared ? p->to_mid + p->per_mean * LOAD(c, TWIN_SHARE) : ZERO + p->to_mid;
}

/* With a lag the curves are read at the charge of the surface. Its lag is an exact exponential, linear in the
   current, so the surface falls like a smaller cell: the place at mid-step is half way from its start to its
   end. */
INLINE void F(locate)(double *c, const prepare_step *p, prepare_tile *tile, size_t k,
  const int shared, const int lag) {
  const REAL t = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT);
  REAL soc = LOAD(c, TWIN_SOC), inverse = LOAD(c, TWIN_INVERSE);
  if (lag) {
    inverse *= 1 + p->lag_grown * F(exp)(p->lag_kelvin * (1 / (t + 273.15) - 1 / 298.15));
    STORE(c, TWIN_SURFACE_INVERSE, inverse);
    soc -= p->lag_mid * LOAD(c, TWIN_LAG);
  }
  const REAL mid = soc - F(until_mid)(c, p, shared) * inverse;
  const REAL f = F(place)(mid * p->intervals, p->last, tile->row + k);
  const REAL g = PICK(f > 0, f, ZERO);
  const REAL y = F(place)((t - p->first_c) * p->per_k, p->last_hot, tile->hot + k);
  const REAL h = PICK(y > 0, y, ZERO);
  AT(tile->f, k) = f;
  AT(tile->g, k) = PICK(g < 1, g, ZERO + 1);
  AT(tile->h, k) = PICK(h < 1, h, ZERO + 1);
}

/* What hysteresis adds to the mean voltage of a step and to that at its end, and how both fall as the current
   rises; exp(-x) is the reciprocal of a cubic. rate: turn-over per ampere. */
typedef struct { REAL mean, end, mean_r, end_r; } F(turning);

INLINE F(turning) F(turned_by)(const REAL half_width, const REAL state, const REAL i, const REAL rate) {
  const REAL wait = rate * SIZE(i);
  const REAL by_x = 1 + wait * (0.5 + wait * (1.0 / 6)), whole = 1 + wait * by_x;
  const REAL fade = 1 / whole, grown = 1 + wait * (1 + 0.5 * wait);
  const REAL sign = PICK(i == 0, ZERO, F(flipped)(ZERO + 1, i)), offset = state + sign;
  const REAL decaying = half_width * rate * (1 + F(flipped)(state, i)) * (fade * fade);
  const F(turning) turn = {
    .mean = half_width * (offset * (by_x * fade) - sign), .end = half_width * (offset * fade - sign),
    .mean_r = decaying * (by_x * grown - (0.5 + wait * (1.0 / 3)) * whole),
    .end_r = decaying * grown};
  return turn;
}

/* Hysteresis of a cell that shares a voltage, which turns by its own current, as far as the last step tells it.
   Apart from the rest, so that more cells wait for their division at a time. */
INLINE void F(turn_of)(double *c, const prepare_step *p, prepare_tile *tile, size_t k) {
  const REAL i = p->mean_a + LOAD(c, TWIN_SHARE), half = AT(tile->hysteresis, k);
  const F(turning) turn =
    F(turned_by)(half, LOAD(c, TWIN_HYSTERESIS), i, p->turn * LOAD(c, TWIN_INVERSE));
  STORE(c, TWIN_HALF_WIDTH, half);
  STORE(c, TWIN_TURNED, turn.mean);
  AT(tile->mean_turn, k) = turn.mean + i * turn.mean_r;
  AT(tile->end_turn, k) = turn.end + i * turn.end_r;
  AT(tile->mean_turn_r, k) = turn.mean_r;
  AT(tile->end_turn_r, k) = turn.end_r;
}

/* excess: the largest so far of the charge's part of a cell's resistance over all others; above 0, cells that share a
   voltage would swap their currents' signs from step to step. Then charged and others, those of the largest fraction,
   tell how much they have to agree at the end of the step; with hysteresis the former grows by how much more it falls
   at the end than in the mean. */
typedef struct { REAL excess, charged, others; } F(steepest);

INLINE F(steepest) F(start_steepest)(void) {
  const F(steepest) none = {ZERO - 1e300, ZERO, ZERO + 1};
  return none;
}

INLINE void F(keep_steepest)(F(steepest) *found, const REAL charged, const REAL turned, const REAL others) {
  const REAL excess = charged - others, all = charged + turned;
  const REAL own = all * found->others, best = found->charged * others;
  found->excess = PICK(excess > found->excess, excess, found->excess);
  found->charged = PICK(own > best, all, found->charged);
  found->others = PICK(own > best, others, found->others);
}

INLINE void F(evaluate)(double *c, const prepare_step *p, const prepare_tile *tile, size_t k,
  const int shared, const int hysteresis, const int lag, F(steepest) *steepest) {
  const REAL iq = LOAD(c, TWIN_INVERSE), s = LOAD(c, TWIN_SCALE);
  const REAL surface = lag ? LOAD(c, TWIN_SURFACE_INVERSE) : iq;
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL rise = AT(tile->rise, k), slope = rise * p->intervals;
  const REAL r0 = s * AT(tile->r0, k), r1 = s * AT(tile->r1, k), r2 = s * AT(tile->r2, k);
  const REAL start = AT(tile->ocv, k) + rise * AT(tile->f, k) + slope * (F(until_mid)(c, p, shared) * surface);
  REAL mean = start - p->m1 * v1 - p->m2 * v2, end = start - p->a1 * v1 - p->a2 * v2;
  if (shared) {
    /* What bleeds away lowers the voltages that cells must agree in. */
    const REAL bled = slope * (p->half_hour * LOAD(c, TWIN_BLEED) * surface);
    mean -= bled;
    end -= 2 * bled;
    REAL way = F(until_mid)(c, p, shared) * surface;
    if (lag) way -= p->lag_rest * LOAD(c, TWIN_LAG);
    way = SIZE(way) + 2 * (p->half_hour * LOAD(c, TWIN_BLEED) * surface);
    const REAL f = AT(tile->f, k), left = 1 - f;
    STORE(c, TWIN_ROOM, PICK(f < left, f, left) - way * p->intervals);
    STORE(c, TWIN_BEND, AT(tile->bend, k));
  }
  if (lag) end += slope * (p->lag_rest * LOAD(c, TWIN_LAG));
  REAL mean_turn = ZERO, end_turn = ZERO;
  if (hysteresis && shared) {
    mean_turn = AT(tile->mean_turn_r, k);
    end_turn = AT(tile->end_turn_r, k);
    mean += AT(tile->mean_turn, k);
    end += AT(tile->end_turn, k);
  } else if (hysteresis) {
    /* exp(-x) by the reciprocal of a cubic, and (1 - that)/x; the books do not depend on it. */
    const REAL wait = p->turn * iq;
    const REAL by_x = 1 + wait * (0.5 + wait * (1.0 / 6));
    const REAL fade = 1 / (1 + wait * by_x);
    const REAL offset = LOAD(c, TWIN_HYSTERESIS) + p->sign;
    const REAL turned = AT(tile->hysteresis, k) * (offset * (by_x * fade) - p->sign);
    STORE(c, TWIN_TURNED, turned);
    mean += turned;
    end += AT(tile->hysteresis, k) * (offset * fade - p->sign);
  }
  const REAL charged = slope * p->per_mean * surface;
  const REAL mean_ohm = r0 + r1 * p->n1 + r2 * p->n2;
  if (shared) {
    F(keep_steepest)(
      steepest, charged, hysteresis ? end_turn - mean_turn : ZERO, mean_ohm + p->link);
  }
  STORE(c, TWIN_R0, r0);
  STORE(c, TWIN_R1, r1);
  STORE(c, TWIN_R2, r2);
  STORE(c, TWIN_ENTROPIC, AT(tile->entropic, k));
  STORE(c, TWIN_MEAN_E, mean);
  STORE(c, TWIN_MEAN_R, shared ? mean_ohm + charged + mean_turn : mean_ohm + charged);
  STORE(c, TWIN_END_E, end);
  const REAL end_r = r0 + r1 * p->b1 + r2 * p->b2 + 2 * charged;
  STORE(c, TWIN_END_R, shared ? end_r + end_turn : end_r);
}

INLINE void F(add_line)(const double *c, F(line_part) *part) {
  part->e += LOAD(c, TWIN_MEAN_E);
  part->r += LOAD(c, TWIN_MEAN_R);
}

/* Keeps the smaller of two fractions with positive denominators. */
INLINE void F(keep_room)(F(line_part) *found, const REAL room, const REAL fall) {
  const REAL own = room * found->fall, best = found->room * fall;
  found->room = PICK(own < best, room, found->room);
  found->fall = PICK(own < best, fall, found->fall);
}

/* How a cell's current follows from the pack's I: its string carries rest + I / per, the cell itself share and one
   `part`th of that. */
typedef struct { REAL share, part, rest, per; } F(limit_share);

/* Smallest current at which a cell of the block meets a limit, in the direction of sign: of the cell alone (0), of
   its string (1), or of the pack (2). */
INLINE void F(limit)(const double *c, const limit_step *p, const F(limit_share) *of,
  const int depth, F(line_part) *found) {
  const REAL fall = LOAD(c, TWIN_END_R);
  REAL a = (LOAD(c, TWIN_SOC) - p->soc) * LOAD(c, TWIN_CAPACITY) * p->per_second;
  REAL room = LOAD(c, TWIN_END_E) - p->volt;
  if (depth > 0) {
    a = (a - of->share) * of->part;
    room = (room - of->share * fall) * of->part;
  }
  if (depth > 1) {
    a = (a - of->rest) * of->per;
    room = (room - of->rest * fall) * of->per;
  }
  a = p->sign * a;
  room = p->sign * room;
  found->soc = PICK(a < found->soc, a, found->soc);
  F(keep_room)(found, room, fall);
}

/* A cell whose voltage over the step is asked for as a function of its own current; R without the part of
   the charge. Charges and energy are those of the surface: at the start, and at the end without current. */
typedef struct {
  REAL soc, energy, inverse, bleed, mean_e, end_e, mean_r, end_r, half_width, hysteresis, rest, own_inverse;
} F(lone_cell);

INLINE F(lone_cell) F(lone_cell_of)(const double *c, const move_step *p, const int hysteresis,
  const int lag) {
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL r0 = LOAD(c, TWIN_R0), r1 = LOAD(c, TWIN_R1), r2 = LOAD(c, TWIN_R2);
  F(lone_cell) cell = {
    .soc = LOAD(c, TWIN_SOC), .energy = LOAD(c, TWIN_ENERGY), .inverse = LOAD(c, TWIN_INVERSE),
    .bleed = LOAD(c, TWIN_BLEED), .mean_e = -p->m1 * v1 - p->m2 * v2,
    .end_e = -p->a1 * v1 - p->a2 * v2, .mean_r = r0 + r1 * p->n1 + r2 * p->n2,
    .end_r = r0 + r1 * p->b1 + r2 * p->b2};
  cell.rest = cell.soc;
  cell.own_inverse = cell.inverse;
  if (lag) {
    cell.soc -= LOAD(c, TWIN_LAG);
    cell.rest -= p->lag_decay * LOAD(c, TWIN_LAG);
    cell.energy = LOAD(c, TWIN_SURFACE_ENERGY);
    cell.inverse = LOAD(c, TWIN_SURFACE_INVERSE);
  }
  if (hysteresis) {
    cell.half_width = LOAD(c, TWIN_HALF_WIDTH);
    cell.hysteresis = LOAD(c, TWIN_HYSTERESIS);
  }
  return cell;
}

/* Where a current takes a cell: place in the table at the end of the step. */
INLINE void F(reach)(const F(lone_cell) *cell, const REAL i, const move_step *p, move_tile *tile,
  size_t k) {
  const REAL charge = PICK(i < 0, i * p->kept, i) + cell->bleed;
  const REAL z = cell->rest - charge * (p->per_hour * cell->inverse);
  AT(tile->z, k) = z;
  AT(tile->f, k) = F(place)(z * p->intervals, p->last, tile->row + k);
}

/* Voltages over the step and at its end, their falls with the current, the hysteresis' part of the mean, and
   the slope of the open-circuit curve at the end. The mean is released / over + fallen, for those who need no
   division. */
typedef struct { REAL mean, end, mean_r, end_r, turned, slope, released, over, fallen; } F(answer);

/* The voltage itself, with what the table says at the end of the step. The mean of the open-circuit voltage
   is the released energy over the charge; both fall as the current rises, and so does the hysteresis. */
INLINE F(answer) F(respond)(const F(lone_cell) *cell, const REAL i, const move_step *p,
  const move_tile *tile, size_t k, const int hysteresis) {
  const REAL f = AT(tile->f, k), u = AT(tile->u, k), rise = AT(tile->rise, k);
  const REAL ocv = u + f * rise, w = AT(tile->w, k) + p->width * f * (u + 0.5 * f * rise);
  const REAL moved = cell->soc - AT(tile->z, k), slope = rise * p->intervals;
  const REAL size = SIZE(moved);
  /* Over less than this the curve is straight, and the difference of energies has no digits. */
  const REAL divisor = PICK(size > 1e-7, moved, ZERO + 1);
  const REAL released = PICK(size > 1e-7, cell->energy - w, ocv + 0.5 * moved * slope);
  const REAL mean = released / divisor;
  REAL bend = PICK(size > 1e-7, (mean - ocv) / divisor, 0.5 * slope);
  bend = PICK(bend > 0, bend, ZERO);
  const REAL per_a = PICK(i < 0, ZERO + p->kept, ZERO + 1) * (p->per_hour * cell->inverse);
  F(answer) a = {
    .released = released, .over = divisor, .fallen = cell->mean_e - cell->mean_r * i,
    .mean = mean + cell->mean_e - cell->mean_r * i, .end = ocv + cell->end_e - cell->end_r * i,
    .mean_r = cell->mean_r + per_a * bend, .end_r = cell->end_r + per_a * slope, .slope = slope};
  if (hysteresis) {
    const F(turning) turn = F(turned_by)(
      cell->half_width, cell->hysteresis, i, p->turn * cell->own_inverse);
    a.turned = turn.mean;
    a.mean += turn.mean;
    a.fallen += turn.mean;
    a.end += turn.end;
    a.mean_r += turn.mean_r;
    a.end_r += turn.end_r;
  }
  return a;
}

/* The current of a cell whose group has a voltage. */
INLINE REAL F(current)(const double *c, const REAL volt, const REAL blend, const int blended) {
  REAL e = LOAD(c, TWIN_MEAN_E);
  if (blended) e = (1 - blend) * e + blend * LOAD(c, TWIN_END_E);
  return (e - volt) * LOAD(c, TWIN_CONDUCTANCE);
}

/* 1 where the line of a cell misses its voltage at a current by more than a millivolt, or by so much that
   cells at rest could gain energy: a quarter of the fall over the series resistance; otherwise 0. */
INLINE REAL F(misses)(const double *c, const F(answer) *a, const REAL i, const REAL blend,
  const REAL r0) {
  const REAL mean =
    a->released + a->over * (a->fallen - (LOAD(c, TWIN_MEAN_E) - i * LOAD(c, TWIN_MEAN_R)));
  const REAL end = a->over * (a->end - (LOAD(c, TWIN_END_E) - i * LOAD(c, TWIN_END_R)));
  const REAL miss = (1 - blend) * mean + blend * end, size = SIZE(miss);
  REAL most = 1e-5 + 0.25 * r0 * SIZE(i);
  most = PICK(most < 1e-3, most, ZERO + 1e-3);
  most *= SIZE(a->over);
  return PICK(size <= most, ZERO, ZERO + 1);
}

/* Second half of a step at a current per cell: charge, of the surface where that lags, and its place in the
   table; then, with what the table says, pairs, hysteresis and heat. */
INLINE void F(displace)(const double *c, const REAL i, const move_step *p, move_tile *tile,
  size_t k, const int lag) {
  const REAL charge = PICK(i < 0, i * p->kept, i) + LOAD(c, TWIN_BLEED);
  const REAL inverse = lag ? LOAD(c, TWIN_SURFACE_INVERSE) : LOAD(c, TWIN_INVERSE);
  REAL z = LOAD(c, TWIN_SOC);
  if (lag) z -= p->lag_decay * LOAD(c, TWIN_LAG);
  z -= charge * (p->per_hour * inverse);
  AT(tile->i, k) = i;
  AT(tile->z, k) = z;
  AT(tile->f, k) = F(place)(z * p->intervals, p->last, tile->row + k);
}

/* The same of a cell's mean charge, where its surface lags. */
INLINE void F(displace_mean)(const double *c, const REAL i, const move_step *p, move_tile *tile,
  size_t k) {
  const REAL charge = PICK(i < 0, i * p->kept, i) + LOAD(c, TWIN_BLEED);
  const REAL z = LOAD(c, TWIN_SOC) - charge * (p->per_hour * LOAD(c, TWIN_INVERSE));
  AT(tile->mean_z, k) = z;
  AT(tile->mean_f, k) = F(place)(z * p->intervals, p->last, tile->mean_row + k);
}

/* What the table says at the end of the step, and at the mean charge. */
INLINE void F(look_up_end)(const move_step *p, move_tile *tile, size_t k) {
  F(look_up_energy)(p->table, tile->row + k, tile->u + k, tile->rise + k, tile->w + k);
}

INLINE void F(look_up_mean)(const move_step *p, move_tile *tile, size_t k) {
  F(look_up_energy)(
    p->table, tile->mean_row + k, tile->mean_u + k, tile->mean_rise + k, tile->mean_w + k);
}

INLINE void F(settle)(double *c, const move_step *p, move_tile *tile, const double *given_v, size_t k,
  const int shared, const int hysteresis, const int lag, F(move_part) *part) {
  const REAL i = AT(tile->i, k), f = AT(tile->f, k), u = AT(tile->u, k);
  REAL z = AT(tile->z, k);
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL capacity = LOAD(c, TWIN_CAPACITY);
  const REAL r1 = LOAD(c, TWIN_R1), r2 = LOAD(c, TWIN_R2), e1 = r1 * i, e2 = r2 * i;
  const REAL mean_r = LOAD(c, TWIN_MEAN_R), end_r = LOAD(c, TWIN_END_R);
  const REAL ocv = u + f * AT(tile->rise, k);
  REAL w = AT(tile->w, k) + p->width * f * (u + 0.5 * f * AT(tile->rise, k));
  if (lag) {
    /* u, f, w so far are those of the surface; charge and energy of the cell are its means. */
    const REAL before = LOAD(c, TWIN_SOC) - LOAD(c, TWIN_LAG), moved = before - z;
    const REAL size = SIZE(moved), divisor = PICK(size > 1e-7, moved, ZERO + 1);
    const REAL volt = PICK(size > 1e-7, (LOAD(c, TWIN_SURFACE_ENERGY) - w) / divisor, ocv);
    const REAL mean_f = AT(tile->mean_f, k), mean_u = AT(tile->mean_u, k);
    STORE(c, TWIN_SURFACE_ENERGY, w);
    w = AT(tile->mean_w, k) + p->width * mean_f * (mean_u + 0.5 * mean_f * AT(tile->mean_rise, k));
    part->lag += (LOAD(c, TWIN_ENERGY) - w) * capacity * p->to_watt
      - (PICK(i < 0, i * p->kept, i) + LOAD(c, TWIN_BLEED)) * volt;
    part->low_s = PICK(z < part->low_s, z, part->low_s);
    part->high_s = PICK(z > part->high_s, z, part->high_s);
    STORE(c, TWIN_LAG, AT(tile->mean_z, k) - z);
    z = AT(tile->mean_z, k);
  }
  const REAL released = (LOAD(c, TWIN_ENERGY) - w) * capacity * p->to_watt;
  const REAL kelvin = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT) + 273.15;
  const REAL entropic = -i * kelvin * LOAD(c, TWIN_ENTROPIC);
  const REAL own = LOAD(c, TWIN_MEAN_E) - i * mean_r;
  /* What cells side by side exchange while their currents decay within the step is heat as well. */
  const REAL given = shared ? *(const F(any) *)(given_v + k) + p->link * i : own;
  const REAL heat = released - i * given + entropic;
  const REAL volt = LOAD(c, TWIN_END_E) - i * end_r;
  STORE(c, TWIN_V1, e1 + p->a1 * (v1 - e1));
  STORE(c, TWIN_V2, e2 + p->a2 * (v2 - e2));
  if (hysteresis) {
    const REAL wait = p->turn * SIZE(i) * LOAD(c, TWIN_INVERSE);
    const REAL fade = 1 / (1 + wait * (1 + wait * (0.5 + wait * (1.0 / 6))));
    const REAL sign = PICK(i > 0, ZERO + 1, PICK(i < 0, ZERO - 1, ZERO));
    STORE(c, TWIN_HYSTERESIS, (LOAD(c, TWIN_HYSTERESIS) + sign) * fade - sign);
  }
  if (shared) STORE(c, TWIN_SHARE, i - p->mean_a);
  STORE(c, TWIN_SOC, z);
  STORE(c, TWIN_ENERGY, w);
  AT(tile->watt, k) = heat;
  part->low_z = PICK(z < part->low_z, z, part->low_z);
  part->high_z = PICK(z > part->high_z, z, part->high_z);
  part->low_v = PICK(volt < part->low_v, volt, part->low_v);
  part->high_v = PICK(volt > part->high_v, volt, part->high_v);
  part->sum_z += z;
  part->sum_w += capacity * w;
  const REAL square = i * i;
  part->series += square * LOAD(c, TWIN_R0);
  part->pairs += i * (p->m1 * v1 + p->n1 * e1 + (p->m2 * v2 + p->n2 * e2));
  part->bleed += LOAD(c, TWIN_BLEED) * ocv;
  part->charge += PICK(i < 0, i * p->lost, ZERO) * ocv;
  if (hysteresis) part->hysteresis += -i * LOAD(c, TWIN_TURNED);
  if (shared) part->sharing += i * (own - given);
  part->link += square;
  part->entropic += entropic;
  part->heat += heat;
}
