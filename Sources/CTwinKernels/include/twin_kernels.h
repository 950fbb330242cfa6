#ifndef TWIN_KERNELS_H
#define TWIN_KERNELS_H

#include <stddef.h>

/* Cells lie in blocks of eight; within a block the columns follow one another, so that a step walks
   through memory once. Column f of cell j is at TWIN_PLACE(f, j); places after the last cell hold
   copies of it. The memory starts at a multiple of 64 bytes. */
enum { TWIN_LANES = 8 };
#define TWIN_PLACE(column, cell) \
  (((size_t)(cell) / TWIN_LANES * TWIN_COLUMNS + (size_t)(column)) * TWIN_LANES \
    + (size_t)(cell) % TWIN_LANES)

enum {
  TWIN_SOC,         /* state of charge, 0..1 */
  TWIN_V1,          /* first RC voltage, V, positive in steady discharge */
  TWIN_V2,          /* second RC voltage, V */
  TWIN_HYSTERESIS,  /* -1 after discharge .. +1 after charge */
  TWIN_TEMPERATURE, /* degrees C */
  TWIN_ENERGY,      /* integral of the open-circuit voltage from SOC 0, V */
  TWIN_DRIFT,       /* rate of the temperature over the last step, K/s */
  TWIN_CAPACITY,    /* Ah */
  TWIN_INVERSE,     /* 1 / Ah */
  TWIN_SCALE,       /* factor on every resistance */
  TWIN_BLEED,       /* balancing and self-discharge current, A */
  TWIN_SHARE,       /* current over the last step less the mean of all cells, A */
  TWIN_LAG,         /* charge that the surface lacks of the mean, 0..1; 0 where it does not lag */
  TWIN_SURFACE_ENERGY, /* TWIN_ENERGY at the charge of the surface, V; only where it lags */
  TWIN_STATE_COLUMNS,
  /* what the last step computed; no state */
  TWIN_R1 = TWIN_STATE_COLUMNS,
  TWIN_R2,
  TWIN_MEAN_E,      /* mean voltage over the step without current, V */
  TWIN_MEAN_R,      /* fall of the mean voltage with current, ohm */
  TWIN_END_E,       /* voltage at the step end without current, V */
  TWIN_END_R,       /* fall of the end voltage with current, ohm */
  TWIN_ENTROPIC,    /* dU/dT at mid-step, V/K */
  TWIN_CONDUCTANCE, /* of the cell with its connection, 1/ohm */
  TWIN_HEAT,        /* mean heat over the step, W; only where the network is not in modules */
  TWIN_R0,          /* series resistance, ohm */
  TWIN_HALF_WIDTH,  /* half the width of the hysteresis, V; this and the next only where there is any */
  TWIN_TURNED,      /* mean voltage of the hysteresis over the step, V */
  TWIN_SURFACE_INVERSE, /* fall of the surface's charge over the step with the charge that leaves, 1/Ah; only
                       where it lags */
  TWIN_ROOM,        /* rows of the table between the way of the charge and the next other row; below 0 where the way
                       leads into it. This and the next only where cells or strings lie side by side */
  TWIN_BEND,        /* what rises of the rows around differ by, V */
  TWIN_COLUMNS
};

/* One row of the table over SOC: values at the row, then their rise to the next row. OCV, OCV_RISE
   and BEND have no rise of their own; BEND is the largest difference of OCV_RISE to one of the two rows on either
   side. */
enum {
  TWIN_ROW_OCV, TWIN_ROW_OCV_RISE, TWIN_ROW_BEND, TWIN_ROW_ENTROPIC, TWIN_ROW_R0, TWIN_ROW_R1,
  TWIN_ROW_R2, TWIN_ROW_HYSTERESIS, TWIN_ROW_VALUES, TWIN_ROW = 2 * TWIN_ROW_VALUES
};

/* One row of the table of energy over SOC: voltage, its rise to the next row, and its integral from SOC 0. */
enum {
  TWIN_ENERGY_ROW_OCV, TWIN_ENERGY_ROW_OCV_RISE, TWIN_ENERGY_ROW_ENERGY, TWIN_ENERGY_ROW = 4
};

/* One row of the table over temperature: what the last four values above are multiplied with, then its
   rise to the next row; ohm for resistances, 1 for the hysteresis. */
enum { TWIN_HEAT_VALUES = TWIN_ROW_VALUES - TWIN_ROW_R0, TWIN_HEAT_ROW = 2 * TWIN_HEAT_VALUES };

typedef struct {
  const double *discharge_table; /* over SOC; with the series resistance of this direction */
  const double *charge_table;
  const double *energy_table;
  double soc_intervals;          /* rows minus one */
  const double *heat_table;      /* over temperature */
  double first_c, per_k, heat_intervals;
  double charge_efficiency;      /* charge kept of charge sent */
  double hysteresis_rate;        /* per full equivalent charge */
  /* The surface of the active material, at whose charge the curves are read, lags behind the mean:
     d lag/dt = (lag_h exp(lag_kelvin (1/T - 1/298.15)) I/Q - lag)/tau; 0 h where it does not. */
  double lag_h, lag_kelvin;
} twin_cell_model;

typedef struct {
  double seconds;
  double decay1, decay2;         /* exp(-dt/tau) */
  double mean1, mean2;           /* mean of the decay over the step */
  double lag_decay;              /* of the lag of the surface */
} twin_step_coefficients;

/* Cells of a pack: strings side by side, each of `series` groups of `parallel` cells that share one
   voltage. Cell j belongs to group j / parallel, group g to string g / series.
   links: TWIN_GROUP_COLUMNS columns of strings * series groups, then TWIN_STRING_COLUMNS columns of
   strings. sharing: twin_sharing_count doubles to work in. */
typedef struct {
  double *cells;
  double *links;
  double *sharing;
  size_t count, series, parallel, strings;
  double link_ohm;               /* connection of each cell, outside of it */
} twin_cells;

/* Cells that share a voltage agree in a mixture of the voltages at the mean and at the end of the step:
   1 - blend of the former, blend of the latter. E and R are of the line of that mixture, MEAN_E and MEAN_R
   of the mean voltage; where blend is 0 they are equal. */
enum {
  TWIN_GROUP_E, TWIN_GROUP_R, TWIN_GROUP_BLEND, TWIN_GROUP_MEAN_E, TWIN_GROUP_MEAN_R,
  TWIN_GROUP_VOLT,               /* of the mixture at the current of the step, V */
  TWIN_GROUP_TERMINAL,           /* mean voltage at the current of the step, V */
  TWIN_GROUP_COLUMNS
};
enum {
  TWIN_STRING_E, TWIN_STRING_R, TWIN_STRING_CONDUCTANCE,
  TWIN_STRING_REST_A,            /* current of the string without any of the pack's */
  TWIN_STRING_PER_A,             /* current of the pack over what the string carries of it */
  TWIN_STRING_CURRENT, TWIN_STRING_MEAN_E, TWIN_STRING_MEAN_R, TWIN_STRING_COLUMNS
};

typedef struct {
  double e_volt, r_ohm;          /* pack: mean voltage = e - i r */
} twin_pack_line;

typedef struct {
  double soc_a, voltage_a;       /* size of the pack current at which the first cell meets its limit */
} twin_pack_limits;

/* Limits to look for: direction 1 in discharge, -1 in charge, 0 for none. */
typedef struct {
  int direction;
  double soc, volt;
} twin_bounds;

/* The linear network of heat and its response over one step length. Cells form modules of equal size;
   common nodes are the air, first, and whatever hangs on it. Modules with the same conductances form a
   class; the mean of a class and the common nodes move by `aggregate`, what a module differs from the
   mean by moves by its class's own matrix. Matrices are stored by columns, each of them padded to a
   multiple of eight; arrays over cells are padded with zeros in the same way. */
typedef struct {
  size_t modules, module, common, classes;
  const double *next_w_per_k;    /* per cell: conductance to the next cell, 0 at the last of a module */
  const double *air_w_per_k;     /* per cell: conductance to the air */
  double cell_k_per_j;
  const double *common_k_per_j;
  size_t links;                  /* among common nodes; other -1 is the surroundings */
  const int *link_node, *link_other;
  const double *link_w_per_k;
  const int *module_class;
  const double *class_share;     /* one over the number of modules of a class */
  const double *module_response; /* classes x module x padded module */
  const double *aggregate;       /* order classes * module + common */
} twin_heat;

/* The nodes of heat that are not cells. scratch, with p(n) as twin_padded(n): p(count) + 2 p(order)
   + (classes + 1) p(module) doubles. */
typedef struct {
  double *common_c;
  const double *common_w;
  double ambient_c;
  double *scratch;
} twin_surroundings;

/* What a step left behind. */
typedef struct {
  double coldest_c, hottest_c;
  double lowest_soc, highest_soc;
  double lowest_v, highest_v;
  double lowest_surface, highest_surface; /* charge of the surface; that of the cell where it does not lag */
  double soc_sum;
  double energy_wh;              /* of all cells at rest, from empty */
} twin_summary;

/* Where the loss of all cells went, mean over the step. What is left of the whole is what the lines of
   voltage over current miss of the curves. */
typedef struct {
  double series_w;               /* series resistance */
  double pairs_w;                /* RC pairs */
  double bleed_w;                /* self-discharge and balancing */
  double link_w;                 /* connections */
  double entropic_w;             /* reversible heat, positive when given off; no loss of charge */
  double hysteresis_w;           /* hysteresis; negative for a while after the current has turned */
  double charge_w;               /* charge sent and not kept */
  double sharing_w;              /* exchange among cells and strings that decays within the step */
  double lag_w;                  /* charge given at the voltage of the surface instead of the mean; negative for
                                    a while after the current has turned */
  double heat_w;                 /* heat put into the cells */
} twin_losses;

/* The kernels in the machine code of one vector width. Fused multiply-adds are forbidden in all of them,
   so that each gives the same bits. */
typedef struct {
  const char *name;
  /* Evaluates every cell at mid-step for an estimated cell current, combines cells to groups of equal
     voltage, groups to strings and strings to the pack, and finds the pack current at which the first
     cell meets a limit. */
  twin_pack_line (*begin)(const twin_cells *cells, const twin_cell_model *model,
    const twin_step_coefficients *step, double estimated_a, twin_bounds bounds,
    twin_pack_limits *limits);
  /* Looks whether the lines that `begin` found hold for the currents they give the cells at a pack current;
     where they do not, solves for the currents at which the cells' voltages agree and makes the lines those
     of the solution. Returns the number of rounds, 0 when the lines hold. Only for cells or strings side by
     side. */
  int (*share)(const twin_cells *cells, const twin_cell_model *model,
    const twin_step_coefficients *step, double pack_a, twin_bounds bounds, twin_pack_line *line,
    twin_pack_limits *limits);
  /* Advances charge, RC pairs and hysteresis at a pack current; then, where heat is given, moves the
     temperatures of cells and common nodes. */
  void (*finish)(const twin_cells *cells, const twin_cell_model *model,
    const twin_step_coefficients *step, double pack_a, const twin_heat *heat,
    const twin_surroundings *around, twin_summary *summary, twin_losses *losses);
  /* Sums and extremes over the cells, without voltages. */
  twin_summary (*summarise)(const twin_cells *cells);
  /* y += matrix . x; columns of the matrix are `stride` apart, y has `stride` places. */
  void (*apply)(const double *matrix, size_t nodes, size_t stride, const double *x, double *y);
  /* y = exp(x), each with the bits of twin_exp. */
  void (*exps)(const double *x, double *y, size_t count);
} twin_kernels;

enum { TWIN_PORTABLE, TWIN_AVX2, TWIN_AVX512, TWIN_WIDTHS };

/* The kernels of a width, or NULL where the machine cannot run them. */
const twin_kernels *twin_kernels_for(int width);

/* Current of each cell for a current of the pack, by what the last `begin` found; needs room for as many
   strings after the cells. */
void twin_currents(const twin_cells *cells, double pack_a, double *current);

/* A number up to a multiple of eight. */
static inline size_t twin_padded(size_t count) {
  return (count + TWIN_LANES - 1) / TWIN_LANES * TWIN_LANES;
}

/* Cells whose currents are solved for at a time: whole groups, or all cells where strings share. */
static inline size_t twin_sharing_room(size_t count, size_t parallel, size_t strings) {
  const size_t most = strings > 1 ? count : (parallel > 64 ? parallel : 64);
  return twin_padded(count < most ? count : most);
}

enum { TWIN_SHARING_COLUMNS = 30, TWIN_KEPT_COLUMNS = 6 };

/* Doubles that `share` works in; none where nothing is shared: the pack currents that lines were looked at for, a mark
   for each group and for each block, and either the cells that are solved for or what `finish` takes up of the others. */
static inline size_t twin_sharing_count(size_t count, size_t parallel, size_t strings) {
  const size_t solved = TWIN_SHARING_COLUMNS * twin_sharing_room(count, parallel, strings);
  const size_t kept = TWIN_KEPT_COLUMNS * twin_padded(count);
  return parallel == 1 && strings == 1 ? 0
    : TWIN_LANES + twin_padded(count / parallel) + twin_padded(twin_padded(count) / TWIN_LANES)
      + (solved > kept ? solved : kept);
}

/* One measured run of a cell as regression rows. Voltage = sum of hats of the open-circuit nodes
   - current filtered through each pair and weighted by the hats of the resistance nodes. */
typedef struct {
  size_t samples;
  const double *seconds, *current_a, *kelvin, *soc, *target_v, *weight;
  const double *series_a;             /* current that the series resistance is taken to carry */
  size_t ocv_nodes, r_nodes, pairs;   /* 0 nodes of open-circuit voltage: it is in the target */
  const double *ocv_soc, *r_soc;
  const double *tau_s;                /* per pair */
  const double *activation;           /* series, then per pair, J/mol */
} twin_fit_run;

/* Adds the run to the normal equations and returns the weighted square sum of the target.
   order = ocv_nodes + r_nodes * (1 + pairs); matrix: order * order, vector: order;
   work: order + r_nodes * pairs doubles. */
double twin_fit_accumulate(const twin_fit_run *run, double *matrix, double *vector, double *work);

/* The voltages that a solution gives for the run. */
void twin_fit_predict(const twin_fit_run *run, const double *solution, double *volt, double *work);

/* exp and log with the same bits on every machine; error below 1 unit in the last place or two. */
double twin_exp(double x);
double twin_log(double x);

#endif
