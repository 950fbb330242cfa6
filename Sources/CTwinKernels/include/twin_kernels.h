#ifndef TWIN_KERNELS_H
#define TWIN_KERNELS_H

#include <stddef.h>

/* Cell state as columns of one buffer: column f of cell j is at cells[f * count + j]. */
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
  TWIN_STATE_COLUMNS,
  /* what the last step computed; no state */
  TWIN_R0 = TWIN_STATE_COLUMNS,
  TWIN_R1,
  TWIN_R2,
  TWIN_MEAN_E,      /* mean voltage over the step without current, V */
  TWIN_MEAN_R,      /* fall of the mean voltage with current, ohm */
  TWIN_END_E,       /* voltage at the step end without current, V */
  TWIN_END_R,       /* fall of the end voltage with current, ohm */
  TWIN_ENTROPIC,    /* dU/dT at mid-step, V/K */
  TWIN_HEAT,        /* mean heat over the step, W */
  TWIN_CURRENT,     /* A */
  TWIN_VOLTAGE,     /* terminal voltage at the step end, V */
  TWIN_CONDUCTANCE, /* of the cell with its connection, 1/ohm */
  TWIN_COLUMNS
};

/* Columns of one row of the table over SOC; rows are TWIN_ROW doubles apart. */
enum {
  TWIN_ROW_OCV, TWIN_ROW_ENERGY, TWIN_ROW_ENTROPIC, TWIN_ROW_R0, TWIN_ROW_R1, TWIN_ROW_R2,
  TWIN_ROW_HYSTERESIS, TWIN_ROW_R0_CHARGE, TWIN_ROW
};

/* Columns of one row of the table of Arrhenius factors over temperature. */
enum { TWIN_ARRHENIUS_ROW = 4 };

typedef struct {
  const double *soc_table;
  double soc_intervals;          /* rows minus one */
  const double *arrhenius_table;
  double arrhenius_first_c, arrhenius_per_k;
  double arrhenius_intervals;
  double r0_ohm, r1_ohm, r2_ohm; /* at 25 degrees C, shape 1 */
  double charge_efficiency;      /* charge kept of charge sent */
  double hysteresis_rate;        /* per full equivalent charge */
} twin_cell_model;

typedef struct {
  double seconds;
  double decay1, decay2;         /* exp(-dt/tau) */
  double mean1, mean2;           /* mean of the decay over the step */
} twin_step_coefficients;

typedef struct {
  double e_volt, r_ohm;          /* pack: mean voltage = e - i r */
} twin_pack_line;

typedef struct {
  double soc_a, voltage_a;       /* size of the pack current at which the first cell meets its limit */
} twin_pack_limits;

/* The linear network of heat and its response over one step length. Cells form modules of equal size;
   common nodes are the air, first, and whatever hangs on it. Modules with the same conductances form a
   class; the mean of a class and the common nodes move by `aggregate`, what a module differs from the
   mean by moves by its class's own matrix. Matrices are stored by columns. */
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
  const double *module_response; /* classes x module x module */
  const double *aggregate;       /* order classes * module + common */
} twin_heat;

/* What a step left behind. */
typedef struct {
  double coldest_c, hottest_c;
  double lowest_soc, highest_soc;
  double lowest_v, highest_v;
  double soc_sum;
  double energy_wh;              /* of all cells at rest, from empty */
} twin_summary;

/* Evaluates every cell at mid-step for an estimated cell current, fills the R and E columns, combines
   cells to groups of equal voltage and groups to a string, and finds the pack current at which the
   first cell meets a limit. direction: 1 in discharge, -1 in charge, 0 for no limits.
   groups: 2 * (count / parallel) doubles: mean E and R of each group; unused when parallel is 1. */
twin_pack_line twin_begin(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, double estimated_a, size_t parallel, double link_ohm,
  double *groups, int direction, double soc_limit, double voltage_limit, twin_pack_limits *limits);

/* Advances charge, RC pairs and hysteresis at a pack current and fills heat, current, voltage. */
void twin_update(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, size_t parallel, double link_ohm, const double *groups,
  double pack_a);

/* Like twin_update, then moves the heat of cells and common nodes.
   scratch: count + 3 * (classes * module + common) doubles. */
void twin_finish(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, const twin_heat *heat, size_t parallel, double link_ohm,
  const double *groups, double pack_a, double *common_c, const double *common_w,
  double ambient_c, double *scratch, twin_summary *summary);

/* Sums and extremes over the cells. */
twin_summary twin_summarise(const double *cells, size_t count);

/* Sums a column in eight fixed lanes. */
double twin_sum(const double *values, size_t count);

/* y += matrix . x; the matrix is stored by columns. */
void twin_apply(const double *matrix, size_t nodes, const double *x, double *y);

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
