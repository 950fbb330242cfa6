#ifndef PLANNING_KERNELS_H
#define PLANNING_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Convex functions of the stored energy, one to a path, each by the energy it begins at and by how wide it is at each
   slope. A bin is one slope, the same for all paths. Four paths lie side by side in a group; lanes left over repeat
   a path. */
enum { PLANNING_LANES = 4 };

typedef struct {
  size_t groups;  /* of four paths */
  double *width;  /* of each bin, four numbers to a group; kWh at the end of the horizon */
  uint64_t *used; /* one bit to a bin that holds any width */
  size_t words;   /* of `used` */
  double *left;   /* lowest energy of each function, kWh at the end of the horizon */
  double *total;  /* sum of the widths, kWh at the end of the horizon */
} planning_bins;

/* A stretch of net power with one price. */
typedef struct {
  double from, to;             /* where it begins and ends for a path without production, kW */
  double from_moves, to_moves; /* whether production moves the beginning and the end down, 0 or 1 */
  int64_t discharge_bin, charge_bin;
} planning_piece;

/* One row per slot: numbers that all paths share, then for each group five columns of four lanes. */
enum { PLANNING_CHARGE, /* most charge, kW */
       PLANNING_DISCHARGES, /* 0 where a price pays for losing energy, else 1 */
       PLANNING_SHARED };
enum { PLANNING_NET = 0,                        /* load less production, kW */
       PLANNING_PV = PLANNING_LANES,            /* production, kW */
       PLANNING_DISCHARGE = 2 * PLANNING_LANES, /* most discharge that load and export limit take, kW */
       PLANNING_LOW = 3 * PLANNING_LANES,       /* lowest energy after the slot, kWh */
       PLANNING_HIGH = 4 * PLANNING_LANES,      /* highest energy after the slot, kWh */
       PLANNING_GROUP = 5 * PLANNING_LANES };

typedef struct {
  size_t count;                 /* slots */
  const double *rows;           /* PLANNING_SHARED + groups * PLANNING_GROUP numbers to a slot */
  const planning_piece *pieces; /* those of the last slot first */
  const int64_t *first;         /* of each slot; its pieces end where those of the slot before begin */
  const double *scale;          /* of slopes before each slot, and after the last */
  double per_discharge, per_charge; /* stored kWh to a kW over a slot */
} planning_slots;

/* A path over the slots, one value to each. */
typedef struct {
  const double *load_kw, *pv_kw, *most_discharge_kw, *low_kwh, *high_kwh, *export_limit_kw;
} planning_path;

/* What the paths of a slot reach: the most production, the least net power with the battery, the most without. [kW] */
typedef struct { double pv_kw, lowest_kw, highest_kw; } planning_reach;

/* The end of a piece of a function and its slope; or an energy and how far the slope rises there. */
typedef struct { double energy_kwh, slope; } planning_step;

/* Writes a path into a lane of the rows and widens what is reached. */
void planning_lay(
  double *rows, size_t groups, size_t lane, const planning_path *path, planning_reach *reach, size_t count);

/* Takes the functions from after slot `from` to before slot `to`, where 1 <= to <= from. */
typedef void planning_go_back(
  const planning_bins *bins, const planning_slots *slots, size_t from, size_t to);

enum { PLANNING_PORTABLE, PLANNING_AVX2, PLANNING_AVX512 };

/* Returns the code for a vector width, or NULL where this machine does not run it. All give the same bits. */
planning_go_back *planning_go_back_for(int width);

/* Writes the functions of the first paths as steps, `room` places to a path, with their number and where they begin;
   slopes are brought to a state by its scale and what keeping energy is worth. Steps that end at `least_kwh` or below
   and those that begin at `most_kwh` or above may be left out, but never the last below. */
void planning_enter(
  const planning_bins *bins, const double *slope, double scale, double kept, double least_kwh, double most_kwh,
  size_t paths, size_t room, planning_step *steps, int64_t *counts, double *left);

/* Means the functions of some paths over the energies between two that all know. Corners closer than a rounding are one.
   `corners` and `sorted` have `paths * room` places each. Returns the number of pieces, whose slopes and widths it
   writes, and where they begin. */
size_t planning_mean(
  const planning_step *steps, const int64_t *counts, const double *left, const double *weight, size_t paths,
  size_t room, double least_kwh, double most_kwh, double rounding_kwh, planning_step *corners, planning_step *sorted,
  double *begins, double *slope, double *width);

/* Sorts `count` numbers in place; `spare` has room for as many. */
void planning_sort(uint64_t *numbers, uint64_t *spare, size_t count);

#endif
