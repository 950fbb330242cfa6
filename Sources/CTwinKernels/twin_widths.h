#ifndef TWIN_WIDTHS_H
#define TWIN_WIDTHS_H

/* The physics of a cell for one, two and eight cells at a time. */

#include "twin_kernels.h"

#include <stdint.h>
#include <string.h>

/* Everything below becomes part of the function of each vector width, so that it uses its vectors. */
#define INLINE static inline __attribute__((always_inline))

#define LANES TWIN_LANES
#define BLOCK ((size_t)TWIN_COLUMNS * LANES)

typedef double v4 __attribute__((vector_size(32)));
typedef int64_t mask_4 __attribute__((vector_size(32)));
typedef double v4_any __attribute__((vector_size(32), aligned(8), may_alias));

/* Names and words of the loops over cells, for the WIDTH that holds where they are used. */
#define JOINED(name, width) name##_##width
#define NAMED(name, width) JOINED(name, width)
#define F(name) NAMED(name, WIDTH)
#define REAL F(real)
#define ZERO ((REAL){0})
#define PICK(condition, a, b) F(pick)((condition), (a), (b))
#define LOAD(c, column) (*(const F(any) *)((c) + (column) * LANES))
#define STORE(c, column, value) (*(F(any) *)((c) + (column) * LANES) = (value))
#define INDEX(x, row) F(index)(x, row)
#define SIZE(x) F(size)(x)
#define POWER_OF_TWO(shifted) F(power)(shifted)
#define AT(array, k) (*(F(any) *)((array) + (k)))

/* Constants of the first half of a step. */
typedef struct {
  const double *table, *heat_table;
  double intervals, last, first_c, per_k, last_hot, to_mid, half, m1, m2, a1, a2, n1, n2, b1, b2;
  double per_mean, half_hour, sign, turn, mean_a, link;
  /* Of the lag: growth over the step at 25 degrees C, over the charge that leaves; what is left of it at mid-step,
     and what of that fades until the end. */
  double lag_grown, lag_kelvin, lag_mid, lag_rest;
} prepare_step;

typedef struct {
  double soc, volt, per_second, sign;
} limit_step;

/* Constants of the second half. */
typedef struct {
  const double *table;
  double intervals, last, width, kept, lost, per_hour, to_watt, half, a1, a2, m1, m2, n1, n2, b1, b2;
  double turn, mean_a, link, lag_decay;
} move_step;

/* Cells that short loops go over at a time: where they lie in the tables, what the tables say there, and
   what follows. One loop over all of it would hold too few cells in flight to hide how long one takes. */
enum { TILE = 8 * LANES };

typedef struct {
  double f[TILE], g[TILE], h[TILE];
  double ocv[TILE], rise[TILE], bend[TILE], entropic[TILE], r0[TILE], r1[TILE], r2[TILE], hysteresis[TILE];
  double mean_turn[TILE], end_turn[TILE], mean_turn_r[TILE], end_turn_r[TILE];
  int32_t row[TILE], hot[TILE];
} __attribute__((aligned(64))) prepare_tile;

typedef struct {
  double i[TILE], z[TILE], f[TILE], u[TILE], rise[TILE], w[TILE], watt[TILE];
  double blend[TILE], volt[TILE], terminal[TILE];   /* of each cell's group, where they do not lie side by side */
  double mean_z[TILE], mean_f[TILE], mean_u[TILE], mean_rise[TILE], mean_w[TILE]; /* where the surface lags */
  int32_t row[TILE], mean_row[TILE];
} __attribute__((aligned(64))) move_tile;

/* ---- one cell ---- */

#define WIDTH 1

typedef double real_1;
typedef double any_1;

INLINE double pick_1(int condition, double a, double b) { return condition ? a : b; }

/* Without its sign; and with its sign turned where another number is below zero. */
INLINE double size_1(double x) { return __builtin_fabs(x); }

INLINE double flipped_1(double a, double by) { return __builtin_signbit(by) ? -a : a; }

INLINE double index_1(double x, int32_t *row) {
  *row = (int32_t)x;
  return (double)*row;
}

INLINE double power_1(double shifted) {
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits - 0x4338000000000000ULL + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

INLINE void look_up_1(const prepare_step *p, prepare_tile *tile, size_t k) {
  const double *a = p->table + TWIN_ROW * (size_t)tile->row[k];
  const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k];
  const double g = tile->g[k], h = tile->h[k];
  double value[TWIN_ROW_VALUES];
  for (size_t q = 0; q < TWIN_ROW_VALUES; q++) value[q] = a[q] + g * a[TWIN_ROW_VALUES + q];
  for (size_t q = 0; q < TWIN_HEAT_VALUES; q++)
    value[TWIN_ROW_R0 + q] *= b[q] + h * b[TWIN_HEAT_VALUES + q];
  tile->ocv[k] = value[TWIN_ROW_OCV];
  tile->rise[k] = value[TWIN_ROW_OCV_RISE];
  tile->bend[k] = value[TWIN_ROW_BEND];
  tile->entropic[k] = value[TWIN_ROW_ENTROPIC];
  tile->r0[k] = value[TWIN_ROW_R0];
  tile->r1[k] = value[TWIN_ROW_R1];
  tile->r2[k] = value[TWIN_ROW_R2];
  tile->hysteresis[k] = value[TWIN_ROW_HYSTERESIS];
}

INLINE void look_up_energy_1(const double *table, const int32_t *row, double *u, double *rise,
  double *w) {
  const double *a = table + TWIN_ENERGY_ROW * (size_t)*row;
  *u = a[TWIN_ENERGY_ROW_OCV];
  *rise = a[TWIN_ENERGY_ROW_OCV_RISE];
  *w = a[TWIN_ENERGY_ROW_ENERGY];
}

#include "twin_block.h"

#undef WIDTH

/* ---- two cells, for machines whose vectors hold no more: eight would not fit their registers ---- */

#define WIDTH 2
#include "twin_vector.h"

#define TWO(p) (*(const any_2 *)(p))
#define FORMER(a, b) __builtin_shufflevector(a, b, 0, 2)
#define LATTER(a, b) __builtin_shufflevector(a, b, 1, 3)

INLINE void look_up_2(const prepare_step *p, prepare_tile *tile, size_t k) {
  real_2 value[2][4];
  for (size_t l = 0; l < 2; l++) {
    const double *a = p->table + TWIN_ROW * (size_t)tile->row[k + l];
    const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k + l];
    const double g = tile->g[k + l], h = tile->h[k + l];
    for (size_t q = 0; q < 4; q++)
      value[l][q] = TWO(a + 2 * q) + g * TWO(a + TWIN_ROW_VALUES + 2 * q);
    for (size_t q = 0; q < 2; q++)
      value[l][2 + q] *= TWO(b + 2 * q) + h * TWO(b + TWIN_HEAT_VALUES + 2 * q);
  }
  AT(tile->ocv, k) = FORMER(value[0][0], value[1][0]);
  AT(tile->rise, k) = LATTER(value[0][0], value[1][0]);
  AT(tile->bend, k) = FORMER(value[0][1], value[1][1]);
  AT(tile->entropic, k) = LATTER(value[0][1], value[1][1]);
  AT(tile->r0, k) = FORMER(value[0][2], value[1][2]);
  AT(tile->r1, k) = LATTER(value[0][2], value[1][2]);
  AT(tile->r2, k) = FORMER(value[0][3], value[1][3]);
  AT(tile->hysteresis, k) = LATTER(value[0][3], value[1][3]);
}

INLINE void look_up_energy_2(const double *table, const int32_t *row, double *u, double *rise,
  double *w) {
  const double *a = table + TWIN_ENERGY_ROW * (size_t)row[0];
  const double *b = table + TWIN_ENERGY_ROW * (size_t)row[1];
  AT(u, 0) = FORMER(TWO(a), TWO(b));
  AT(rise, 0) = LATTER(TWO(a), TWO(b));
  AT(w, 0) = FORMER(TWO(a + TWIN_ENERGY_ROW_ENERGY), TWO(b + TWIN_ENERGY_ROW_ENERGY));
}

#include "twin_block.h"

#undef WIDTH

/* ---- eight cells ---- */

#define WIDTH 8
#include "twin_vector.h"

typedef real_8 v8;
typedef any_8 v8_any;

/* Four columns of eight cells, one cell each, turned so that cells lie side by side. WIDE puts cells 0
   and 4 together, and so on; then pairs of columns, then pairs of cells. */
#define WIDE(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define ODD(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)

INLINE void turn_8(const v4 r[LANES], v8 *c0, v8 *c1, v8 *c2, v8 *c3) {
  const v8 a = WIDE(r[0], r[4]), b = WIDE(r[1], r[5]), c = WIDE(r[2], r[6]), d = WIDE(r[3], r[7]);
  const v8 ab = LOW(a, b), cd = LOW(c, d), ab1 = HIGH(a, b), cd1 = HIGH(c, d);
  *c0 = EVEN(ab, cd);
  *c1 = EVEN(ab1, cd1);
  *c2 = ODD(ab, cd);
  *c3 = ODD(ab1, cd1);
}

#define FOUR(p) (*(const v4_any *)(p))

INLINE void look_up_8(const prepare_step *p, prepare_tile *tile, size_t k) {
  v4 first[LANES], second[LANES];
#pragma clang loop unroll(full)
  for (size_t l = 0; l < LANES; l++) {
    const double *a = p->table + TWIN_ROW * (size_t)tile->row[k + l];
    const double *b = p->heat_table + TWIN_HEAT_ROW * (size_t)tile->hot[k + l];
    const double g = tile->g[k + l], h = tile->h[k + l];
    first[l] = FOUR(a) + g * FOUR(a + TWIN_ROW_VALUES);
    second[l] = (FOUR(a + TWIN_ROW_R0) + g * FOUR(a + TWIN_ROW_VALUES + TWIN_ROW_R0))
      * (FOUR(b) + h * FOUR(b + TWIN_HEAT_VALUES));
  }
  v8 c0, c1, c2, c3;
  turn_8(first, &c0, &c1, &c2, &c3);
  AT(tile->ocv, k) = c0;
  AT(tile->rise, k) = c1;
  AT(tile->bend, k) = c2;
  AT(tile->entropic, k) = c3;
  turn_8(second, &c0, &c1, &c2, &c3);
  AT(tile->r0, k) = c0;
  AT(tile->r1, k) = c1;
  AT(tile->r2, k) = c2;
  AT(tile->hysteresis, k) = c3;
}

INLINE void look_up_energy_8(const double *table, const int32_t *row, double *u, double *rise,
  double *w) {
  v4 r[LANES];
#pragma clang loop unroll(full)
  for (size_t l = 0; l < LANES; l++) r[l] = FOUR(table + TWIN_ENERGY_ROW * (size_t)row[l]);
  v8 of_u, of_rise, of_w, none;
  turn_8(r, &of_u, &of_rise, &of_w, &none);
  AT(u, 0) = of_u;
  AT(rise, 0) = of_rise;
  AT(w, 0) = of_w;
}

_Static_assert(TWIN_ROW_OCV == 0 && TWIN_ROW_OCV_RISE == 1 && TWIN_ROW_BEND == 2
  && TWIN_ROW_ENTROPIC == 3 && TWIN_ROW_R0 == 4 && TWIN_ROW_R1 == 5 && TWIN_ROW_R2 == 6
  && TWIN_ROW_HYSTERESIS == 7 && TWIN_ENERGY_ROW_OCV == 0 && TWIN_ENERGY_ROW_OCV_RISE == 1
  && TWIN_ENERGY_ROW_ENERGY == 2, "the order in which rows are turned");

#include "twin_block.h"

/* Adds what a block found whose last places hold no cells. */
INLINE void keep_line(line_part_8 *all, const line_part_8 *part, mask_8 live) {
  all->e += PICK(live, part->e, ZERO);
  all->r += PICK(live, part->r, ZERO);
  all->soc = PICK(live & (part->soc < all->soc), part->soc, all->soc);
  keep_room_8(all, PICK(live, part->room, all->room), PICK(live, part->fall, all->fall));
}

/* Takes what pairs of cells side by side in a block found to the lanes of the block, or back. */
INLINE move_part_8 joined_moves(const move_part_2 parts[LANES / 2]) {
  move_part_8 all;
  v8 *to = (v8 *)&all;
  for (size_t k = 0; k < sizeof(move_part_1) / sizeof(double); k++) {
    double lane[LANES];
    for (size_t q = 0; q < LANES / 2; q++) *(any_2 *)(lane + 2 * q) = ((const real_2 *)(parts + q))[k];
    to[k] = *(v8_any *)lane;
  }
  return all;
}

/* Adds what a block found whose last places hold no cells. */
INLINE void keep_live(move_part_8 *all, const move_part_8 *part, mask_8 live) {
  all->low_z = PICK(live & (part->low_z < all->low_z), part->low_z, all->low_z);
  all->high_z = PICK(live & (part->high_z > all->high_z), part->high_z, all->high_z);
  all->low_v = PICK(live & (part->low_v < all->low_v), part->low_v, all->low_v);
  all->high_v = PICK(live & (part->high_v > all->high_v), part->high_v, all->high_v);
  all->low_s = PICK(live & (part->low_s < all->low_s), part->low_s, all->low_s);
  all->high_s = PICK(live & (part->high_s > all->high_s), part->high_s, all->high_s);
  const v8 *from[] = {&part->sum_z, &part->sum_w, &part->series, &part->pairs, &part->bleed,
    &part->link, &part->entropic, &part->heat, &part->hysteresis, &part->charge, &part->sharing,
    &part->lag};
  v8 *to[] = {&all->sum_z, &all->sum_w, &all->series, &all->pairs, &all->bleed, &all->link,
    &all->entropic, &all->heat, &all->hysteresis, &all->charge, &all->sharing, &all->lag};
  for (size_t k = 0; k < sizeof to / sizeof *to; k++) *to[k] += PICK(live, *from[k], ZERO);
}

#endif
