#include "cell_ceiling.h"

#include <math.h>

/* One resistor, two pairs by their exact exponentials, one temperature, tables of equal distances. */
static inline __attribute__((always_inline)) void run(
    cell_ceiling_pack *pack, int steps, double current_a, double capacity_ah) {
  const double seconds = 60, last = pack->intervals, fast_ohm = 0.12e-3, slow_ohm = 0.2e-3;
  const double fast_decay = exp(-seconds / 20), slow_decay = exp(-seconds / 600);
  const double per_step = seconds / (3600 * capacity_ah);
  const double heat_decay = exp(-seconds / 7200), per_watt = 7200.0 / 5600;
  const double *restrict ocv = pack->open_circuit_v, *restrict ohm = pack->series_ohm;
  double *restrict charge = pack->charge, *restrict fast = pack->fast_v;
  double *restrict slow = pack->slow_v, *restrict celsius = pack->celsius;
  double *restrict volt = pack->volt;
  const int cells = pack->cells;
  for (int step = 0; step < steps; step++) {
    const double i = step / 15 % 2 == 0 ? current_a : -current_a;
    for (int k = 0; k < cells; k++) {
      double z = charge[k] - i * per_step;
      double at = z * last;
      at = at < 0 ? 0 : at > last - 1e-9 ? last - 1e-9 : at;
      int row = (int)at;
      double rest = ocv[row] + (at - row) * (ocv[row + 1] - ocv[row]);
      double hot = (celsius[k] + 20) / 80 * last;
      hot = hot < 0 ? 0 : hot > last - 1e-9 ? last - 1e-9 : hot;
      int warm = (int)hot;
      double r = ohm[warm] + (hot - warm) * (ohm[warm + 1] - ohm[warm]);
      double f = fast_ohm * i + (fast[k] - fast_ohm * i) * fast_decay;
      double s = slow_ohm * i + (slow[k] - slow_ohm * i) * slow_decay;
      double settled = 25 + per_watt * i * (i * r + f + s);
      charge[k] = z;
      fast[k] = f;
      slow[k] = s;
      celsius[k] = settled + (celsius[k] - settled) * heat_decay;
      volt[k] = rest - i * r - f - s;
    }
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void run_avx2(
    cell_ceiling_pack *pack, int steps, double current_a, double capacity_ah) {
  run(pack, steps, current_a, capacity_ah);
}
#endif

void cell_ceiling_run(cell_ceiling_pack *pack, int steps, double current_a, double capacity_ah) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    run_avx2(pack, steps, current_a, capacity_ah);
    return;
  }
#endif
  run(pack, steps, current_a, capacity_ah);
}
