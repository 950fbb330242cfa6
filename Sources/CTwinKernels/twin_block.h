/* The physics of one cell, or of the eight cells of a block, written once and included for both widths:
   WIDTH is 1 or 8, REAL the number or vector, F(name) the name with the width. Operations and their
   order are the same for both, so a cell has the same bits in either. */

/* What the first half of a step finds over cells: sums of the lines, smallest distances to limits. */
typedef struct { REAL e, r, soc, volt; } F(line_part);

/* What the second half finds. */
typedef struct {
  REAL low_z, high_z, low_v, high_v, sum_z, sum_w;
  REAL series, pairs, bleed, link, entropic;
} F(move_part);

INLINE void F(start_line)(F(line_part) *part) {
  const REAL none = ZERO;
  part->e = part->r = none;
  part->soc = part->volt = none + 1e300;
}

INLINE void F(start_move)(F(move_part) *part) {
  const REAL none = ZERO;
  part->low_z = part->low_v = none + 1e300;
  part->high_z = part->high_v = none - 1e300;
  part->sum_z = part->sum_w = none;
  part->series = part->pairs = part->bleed = part->link = part->entropic = none;
}

/* Where a number lies on a uniform grid: row, and share of the way to the next. */
INLINE REAL F(place)(const REAL x, const double last, int32_t *row) {
  REAL limited = PICK(x < 0, ZERO, x);
  limited = PICK(limited > last, ZERO + last, limited);
  return x - INDEX(limited, row);
}

/* First half of a step for the cells at c: fills R0 to ENTROPIC. */
INLINE void F(prepare)(double *c, const prepare_step *p, const int hysteresis, F(line_part) *part) {
  const REAL z = LOAD(c, TWIN_SOC), iq = LOAD(c, TWIN_INVERSE), s = LOAD(c, TWIN_SCALE);
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2);
  const REAL mid = z - p->to_mid * iq;
  const REAL x = mid * p->intervals;
  const REAL t = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT);
  int32_t row[WIDTH], hot[WIDTH];
  const REAL f = F(place)(x, p->last, row);
  REAL g = PICK(f < 0, ZERO, f);
  g = PICK(g > 1, ZERO + 1, g);
  const REAL y = (t - p->first_c) * p->per_k;
  REAL h = F(place)(y, p->last_hot, hot);
  h = PICK(h < 0, ZERO, h);
  h = PICK(h > 1, ZERO + 1, h);
  F(cell_row) at;
  F(look_up)(p->table, row, g, p->heat_table, hot, h, &at);
  const REAL slope = at.rise * p->intervals;
  const REAL r0 = s * at.r0, r1 = s * at.r1, r2 = s * at.r2;
  const REAL start = at.ocv + at.rise * f + slope * (z - mid);
  REAL mean = start - p->m1 * v1 - p->m2 * v2, end = start - p->a1 * v1 - p->a2 * v2;
  if (hysteresis) {
    /* exp(-x) by the reciprocal of a cubic, and (1 - that)/x; the books do not depend on it. */
    const REAL wait = p->turn * iq;
    const REAL fade = 1 / (1 + wait * (1 + wait * (0.5 + wait * (1.0 / 6))));
    const REAL mean_fade = (1 + wait * (0.5 + wait * (1.0 / 6))) * fade;
    const REAL offset = LOAD(c, TWIN_HYSTERESIS) + p->sign;
    mean += at.hysteresis * (offset * mean_fade - p->sign);
    end += at.hysteresis * (offset * fade - p->sign);
  }
  const REAL charged = slope * p->per_mean * iq;
  const REAL mean_r = r0 + r1 * p->n1 + r2 * p->n2 + charged;
  const REAL end_r = r0 + r1 * p->b1 + r2 * p->b2 + 2 * charged;
  STORE(c, TWIN_R0, r0);
  STORE(c, TWIN_R1, r1);
  STORE(c, TWIN_R2, r2);
  STORE(c, TWIN_ENTROPIC, at.entropic);
  STORE(c, TWIN_MEAN_E, mean);
  STORE(c, TWIN_MEAN_R, mean_r);
  STORE(c, TWIN_END_E, end);
  STORE(c, TWIN_END_R, end_r);
  part->e += mean;
  part->r += mean_r;
}

/* Smallest current of the string at which a cell of the block meets a limit, in the direction of sign.
   part: the share of the string's current; share: the cell's current without any. */
INLINE void F(limit)(const double *c, const limit_step *p, const REAL share, const REAL part,
  const int alone, F(line_part) *found) {
  const REAL room = (LOAD(c, TWIN_SOC) - p->soc) * LOAD(c, TWIN_CAPACITY) * p->per_second;
  const REAL rise = (LOAD(c, TWIN_END_E) - p->volt) / LOAD(c, TWIN_END_R);
  const REAL a = alone ? p->sign * room : p->sign * ((room - share) * part);
  const REAL b = alone ? p->sign * rise : p->sign * ((rise - share) * part);
  found->soc = PICK(a < found->soc, a, found->soc);
  found->volt = PICK(b < found->volt, b, found->volt);
}

/* Second half of a step at a current per cell: charge, pairs, hysteresis, heat, voltage. */
INLINE void F(move)(double *c, const REAL i, const move_step *p, const int hysteresis,
  F(move_part) *part) {
  const REAL v1 = LOAD(c, TWIN_V1), v2 = LOAD(c, TWIN_V2), iq = LOAD(c, TWIN_INVERSE);
  const REAL capacity = LOAD(c, TWIN_CAPACITY), bleed = LOAD(c, TWIN_BLEED);
  const REAL e1 = LOAD(c, TWIN_R1) * i, e2 = LOAD(c, TWIN_R2) * i;
  const REAL z = LOAD(c, TWIN_SOC) - (PICK(i < 0, i * p->kept, i) + bleed) * (p->per_hour * iq);
  const REAL x = z * p->intervals;
  int32_t row[WIDTH];
  const REAL f = F(place)(x, p->last, row);
  REAL u, rise, w;
  F(look_up_energy)(p->table, row, &u, &rise, &w);
  w += p->width * f * (u + 0.5 * f * rise);
  const REAL released = (LOAD(c, TWIN_ENERGY) - w) * capacity * p->to_watt;
  const REAL kelvin = LOAD(c, TWIN_TEMPERATURE) + p->half * LOAD(c, TWIN_DRIFT) + 273.15;
  const REAL entropic = -i * kelvin * LOAD(c, TWIN_ENTROPIC);
  const REAL heat =
    released - i * (LOAD(c, TWIN_MEAN_E) - i * LOAD(c, TWIN_MEAN_R)) + entropic;
  const REAL volt = LOAD(c, TWIN_END_E) - i * LOAD(c, TWIN_END_R);
  STORE(c, TWIN_HEAT, heat);
  STORE(c, TWIN_CURRENT, i);
  STORE(c, TWIN_VOLTAGE, volt);
  STORE(c, TWIN_V1, e1 + p->a1 * (v1 - e1));
  STORE(c, TWIN_V2, e2 + p->a2 * (v2 - e2));
  if (hysteresis) {
    const REAL size = PICK(i < 0, -i, i);
    const REAL wait = p->turn * size * iq;
    const REAL fade = 1 / (1 + wait * (1 + wait * (0.5 + wait * (1.0 / 6))));
    const REAL sign = PICK(i > 0, ZERO + 1, PICK(i < 0, ZERO - 1, ZERO));
    STORE(c, TWIN_HYSTERESIS, (LOAD(c, TWIN_HYSTERESIS) + sign) * fade - sign);
  }
  STORE(c, TWIN_SOC, z);
  STORE(c, TWIN_ENERGY, w);
  part->low_z = PICK(z < part->low_z, z, part->low_z);
  part->high_z = PICK(z > part->high_z, z, part->high_z);
  part->low_v = PICK(volt < part->low_v, volt, part->low_v);
  part->high_v = PICK(volt > part->high_v, volt, part->high_v);
  part->sum_z += z;
  part->sum_w += capacity * w;
  const REAL square = i * i;
  part->series += square * LOAD(c, TWIN_R0);
  part->pairs += i * (p->m1 * v1 + p->n1 * e1 + (p->m2 * v2 + p->n2 * e2));
  part->bleed += bleed * u;
  part->link += square;
  part->entropic += entropic;
}

/* Extremes and sums of cells that did not move. */
INLINE void F(look)(const double *c, F(move_part) *part) {
  const REAL z = LOAD(c, TWIN_SOC), volt = LOAD(c, TWIN_VOLTAGE);
  part->low_z = PICK(z < part->low_z, z, part->low_z);
  part->high_z = PICK(z > part->high_z, z, part->high_z);
  part->low_v = PICK(volt < part->low_v, volt, part->low_v);
  part->high_v = PICK(volt > part->high_v, volt, part->high_v);
  part->sum_z += z;
  part->sum_w += LOAD(c, TWIN_CAPACITY) * LOAD(c, TWIN_ENERGY);
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
  REAL sum = ZERO + 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  const REAL result = (1 + r * sum) * POWER_OF_TWO(shifted);
  const REAL bounded = PICK(given < -708, ZERO, result);
  return PICK(given != given, given, bounded);
}
