#ifndef CELL_CEILING_H
#define CELL_CEILING_H

/* Cells of plain arrays without control, spread or books: what the machine does with the equations alone. */
typedef struct {
  /* Voltage at rest over the charge from 0 to 1, and resistance over temperature from -20 to 60 degC. */
  const double *open_circuit_v, *series_ohm;
  int intervals;
  /* State of each cell: charge from 0 to 1, two overvoltages, temperature; and its voltage. [1] [V] [degC] [V] */
  double *charge, *fast_v, *slow_v, *celsius, *volt;
  int cells;
} cell_ceiling_pack;

/* Takes the pack through steps of 60 s of a current, positive in discharge, which is turned after each 15. [A] */
void cell_ceiling_run(cell_ceiling_pack *pack, int steps, double current_a, double capacity_ah);

#endif
