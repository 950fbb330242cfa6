#include "twin_kernels.h"

#include <string.h>

/* Finds the segment of a place among rising nodes, constant beyond the ends. */
static size_t segment(const double *nodes, size_t count, double place, double *share) {
  if (place <= nodes[0]) { *share = 0; return 0; }
  if (place >= nodes[count - 1]) { *share = 1; return count - 2; }
  size_t low = 0, high = count - 1;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    if (nodes[middle] <= place) low = middle; else high = middle;
  }
  *share = (place - nodes[low]) / (nodes[high] - nodes[low]);
  return low;
}

typedef struct { double dt, decay[4]; } decay_memory;

/* Fills the regression row of one sample and moves the filters. */
static void fill_row(const twin_fit_run *run, size_t k, double *row, double *filters,
  decay_memory *memory) {
  const size_t nr = run->r_nodes, no = run->ocv_nodes;
  const double i = run->current_a[k], z = run->soc[k], dt = run->seconds[k];
  double share;
  memset(row, 0, (no + nr * (1 + run->pairs)) * sizeof *row);
  if (no > 0) {
    const size_t s = segment(run->ocv_soc, no, z, &share);
    row[s] = 1 - share;
    row[s + 1] = share;
  }
  const double inverse = 1 / run->kelvin[k] - 1 / 298.15;
  const size_t s = segment(run->r_soc, nr, z, &share);
  const double a0 = twin_exp(run->activation[0] / 8.314462618 * inverse);
  row[no + s] = -run->series_a[k] * a0 * (1 - share);
  row[no + s + 1] = -run->series_a[k] * a0 * share;
  for (size_t p = 0; p < run->pairs; p++) {
    double *filter = filters + p * nr;
    if (dt > 0) {
      if (dt != memory->dt) {
        for (size_t q = 0; q < run->pairs; q++) memory->decay[q] = twin_exp(-dt / run->tau_s[q]);
        memory->dt = dt;
      }
      const double decay = memory->decay[p];
      const double ap = twin_exp(run->activation[1 + p] / 8.314462618 * inverse);
      for (size_t n = 0; n < nr; n++) filter[n] *= decay;
      filter[s] += (1 - decay) * ap * i * (1 - share);
      filter[s + 1] += (1 - decay) * ap * i * share;
    }
    for (size_t n = 0; n < nr; n++) row[no + nr * (1 + p) + n] = -filter[n];
  }
}

double twin_fit_accumulate(const twin_fit_run *run, double *matrix, double *vector, double *work) {
  const size_t order = run->ocv_nodes + run->r_nodes * (1 + run->pairs);
  double *row = work, *filters = work + order;
  decay_memory memory = {-1, {0}};
  memset(filters, 0, run->r_nodes * run->pairs * sizeof *filters);
  double squares = 0;
  for (size_t k = 0; k < run->samples; k++) {
    fill_row(run, k, row, filters, &memory);
    const double w = run->weight[k], y = run->target_v[k];
    if (w == 0) continue;
    squares += w * y * y;
    for (size_t a = 0; a < order; a++) {
      if (row[a] == 0) continue;
      const double f = w * row[a];
      vector[a] += f * y;
      double *to = matrix + a * order;
      for (size_t b = 0; b < order; b++) to[b] += f * row[b];
    }
  }
  return squares;
}

void twin_fit_predict(const twin_fit_run *run, const double *solution, double *volt, double *work) {
  const size_t order = run->ocv_nodes + run->r_nodes * (1 + run->pairs);
  double *row = work, *filters = work + order;
  decay_memory memory = {-1, {0}};
  memset(filters, 0, run->r_nodes * run->pairs * sizeof *filters);
  for (size_t k = 0; k < run->samples; k++) {
    fill_row(run, k, row, filters, &memory);
    double sum = 0;
    for (size_t a = 0; a < order; a++) sum += row[a] * solution[a];
    volt[k] = sum;
  }
}
