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
  REAL series, pairs, bleed, link, entropic, heat;
} F(move_part);

INLINE void F(start_line)(F(line_part) *part) {
  const REAL none = ZERO;
  part->e = part->r = none;
  part->soc = part->room = none + 1e300;
  part->fall = none + 1;
}

INLINE void F(start_move)(F(move_part) *part) {
  const REAL none = ZERO;
  part->low_z = part->low_v = none + 1e300;
  part->high_z = part->high_v = none - 1e300;
  part->sum_z = part->sum_w = none;
  part->series = part->pairs = part->bleed = part->link = part->entropic = part->heat = none;
}

/* Where a number lies on a uniform grid: row, and share of the way to the next. Not a number lies at the
   first row, so that no row outside of the table is read. */
INLINE REAL F(place)(const REAL x, const double last, int32_t *row) {
  REAL limited = PICK(x > 0, x, ZERO);
  limited = PICK(limited < last, limited, ZERO + last);
  return x - INDEX(limited, row);
}

/* First half of a step: where cells lie in the tables; then, with what the tables say, what follows. */
/* Charge that leaves a cell until mid-step: its share of the last step tells where it differs from the
   mean. [Ah] */
INLINE REAL F(until_mid)(const double *c, const prepare_step *p, const int shared) {
  return shared ? p->to_mid + p->per_mean * LOAD(c, TWIN_SHARE) : ZERO + p->to_mid;
}

INLINE void F(locate)(const double *c, const prepare_step *p, prepare_tile *tile, size_t k,
  const int shared) {
  const REAL mid = LOAD(c, TWIN_SOC) - F(until_mid)(c, p, shared) * LOAD(c, TWIN_INVERSE);
  const REAL t = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT);
  const REAL f = F(place)(mid * p->intervals, p->last, tile->row + k);
  const REAL g = PICK(f > 0, f, ZERO);
  const REAL y = F(place)((t - p->first_c) * p->per_k, p->last_hot, tile->hot + k);
  const REAL h = PICK(y > 0, y, ZERO);
  AT(tile->f, k) = f;
  AT(tile->g, k) = PICK(g < 1, g, ZERO + 1);
  AT(tile->h, k) = PICK(h < 1, h, ZERO + 1);
}

INLINE void F(evaluate)(double *c, const prepare_step *p, const prepare_tile *tile, size_t k,
  const int shared, const int hysteresis) {
  const REAL iq = LOAD(c, TWIN_INVERSE), s = LOAD(c, TWIN_SCALE);
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL rise = AT(tile->rise, k), slope = rise * p->intervals;
  const REAL r0 = s * AT(tile->r0, k), r1 = s * AT(tile->r1, k), r2 = s * AT(tile->r2, k);
  const REAL start = AT(tile->ocv, k) + rise * AT(tile->f, k) + slope * (F(until_mid)(c, p, shared) * iq);
  REAL mean = start - p->m1 * v1 - p->m2 * v2, end = start - p->a1 * v1 - p->a2 * v2;
  if (hysteresis) {
    /* exp(-x) by the reciprocal of a cubic, and (1 - that)/x; the books do not depend on it. */
    const REAL wait = p->turn * iq;
    const REAL by_x = 1 + wait * (0.5 + wait * (1.0 / 6));
    const REAL fade = 1 / (1 + wait * by_x);
    const REAL offset = LOAD(c, TWIN_HYSTERESIS) + p->sign;
    mean += AT(tile->hysteresis, k) * (offset * (by_x * fade) - p->sign);
    end += AT(tile->hysteresis, k) * (offset * fade - p->sign);
  }
  const REAL charged = slope * p->per_mean * iq;
  STORE(c, TWIN_R1, r1);
  STORE(c, TWIN_R2, r2);
  STORE(c, TWIN_ENTROPIC, AT(tile->entropic, k));
  STORE(c, TWIN_MEAN_E, mean);
  STORE(c, TWIN_MEAN_R, r0 + r1 * p->n1 + r2 * p->n2 + charged);
  STORE(c, TWIN_END_E, end);
  STORE(c, TWIN_END_R, r0 + r1 * p->b1 + r2 * p->b2 + 2 * charged);
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

/* Smallest current of the string at which a cell of the block meets a limit, in the direction of sign.
   part: the share of the string's current; share: the cell's current without any. */
INLINE void F(limit)(const double *c, const limit_step *p, const REAL share, const REAL part,
  const int alone, F(line_part) *found) {
  const REAL charge = (LOAD(c, TWIN_SOC) - p->soc) * LOAD(c, TWIN_CAPACITY) * p->per_second;
  const REAL volt = LOAD(c, TWIN_END_E) - p->volt, fall = LOAD(c, TWIN_END_R);
  const REAL a = alone ? p->sign * charge : p->sign * ((charge - share) * part);
  const REAL room = alone ? p->sign * volt : p->sign * ((volt - share * fall) * part);
  found->soc = PICK(a < found->soc, a, found->soc);
  F(keep_room)(found, room, fall);
}

/* Second half of a step at a current per cell: charge and its place in the table; then, with what the
   table says, pairs, hysteresis and heat. */
INLINE void F(displace)(const double *c, const REAL i, const move_step *p, move_tile *tile,
  size_t k) {
  const REAL charge = PICK(i < 0, i * p->kept, i) + LOAD(c, TWIN_BLEED);
  const REAL z = LOAD(c, TWIN_SOC) - charge * (p->per_hour * LOAD(c, TWIN_INVERSE));
  AT(tile->i, k) = i;
  AT(tile->z, k) = z;
  AT(tile->f, k) = F(place)(z * p->intervals, p->last, tile->row + k);
}

INLINE void F(settle)(double *c, const move_step *p, move_tile *tile, size_t k,
  const int shared, const int hysteresis, F(move_part) *part) {
  const REAL i = AT(tile->i, k), z = AT(tile->z, k), f = AT(tile->f, k), u = AT(tile->u, k);
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL capacity = LOAD(c, TWIN_CAPACITY);
  const REAL r1 = LOAD(c, TWIN_R1), r2 = LOAD(c, TWIN_R2), e1 = r1 * i, e2 = r2 * i;
  const REAL mean_r = LOAD(c, TWIN_MEAN_R), end_r = LOAD(c, TWIN_END_R);
  const REAL w = AT(tile->w, k) + p->width * f * (u + 0.5 * f * AT(tile->rise, k));
  const REAL released = (LOAD(c, TWIN_ENERGY) - w) * capacity * p->to_watt;
  const REAL kelvin = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT) + 273.15;
  const REAL entropic = -i * kelvin * LOAD(c, TWIN_ENTROPIC);
  const REAL heat = released - i * (LOAD(c, TWIN_MEAN_E) - i * mean_r) + entropic;
  const REAL volt = LOAD(c, TWIN_END_E) - i * end_r;
  STORE(c, TWIN_V1, e1 + p->a1 * (v1 - e1));
  STORE(c, TWIN_V2, e2 + p->a2 * (v2 - e2));
  if (hysteresis) {
    const REAL size = PICK(i < 0, -i, i);
    const REAL wait = p->turn * size * LOAD(c, TWIN_INVERSE);
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
  /* The series resistance is what mean and end have in common. */
  part->series += square * (2 * mean_r - end_r + p->c1 * r1 + p->c2 * r2);
  part->pairs += i * (p->m1 * v1 + p->n1 * e1 + (p->m2 * v2 + p->n2 * e2));
  part->bleed += LOAD(c, TWIN_BLEED) * u;
  part->link += square;
  part->entropic += entropic;
  part->heat += heat;
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
