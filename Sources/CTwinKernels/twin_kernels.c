#include "twin_kernels.h"

#include <stdint.h>
#include <string.h>

/* One machine code per vector width, chosen when the program is loaded. The build forbids fused
   multiply-adds, so each of them gives the same bits. */
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define CLONES
#endif

/* Helpers become part of each clone, so that they use its vectors too. */
#define INLINE static inline __attribute__((always_inline))

#define LANES 8

INLINE double limited(double x, double low, double high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

/* Sum of eight lanes, in order. */
INLINE double lane_sum(const double lane[LANES]) {
  double sum = 0;
  for (size_t l = 0; l < LANES; l++) sum += lane[l];
  return sum;
}

INLINE double sum_lanes(const double *values, size_t count) {
  double lane[LANES] = {0};
  size_t j = 0;
  for (; j + LANES <= count; j += LANES)
    for (size_t l = 0; l < LANES; l++) lane[l] += values[j + l];
  for (size_t l = 0; j < count; j++, l++) lane[l] += values[j];
  return lane_sum(lane);
}

INLINE void prepare_cells(double *cells, size_t count,
  const twin_cell_model *model, const twin_step_coefficients *step, double estimated_a,
  const int hysteresis) {
  const double *restrict soc = cells + TWIN_SOC * count;
  const double *restrict v1 = cells + TWIN_V1 * count;
  const double *restrict v2 = cells + TWIN_V2 * count;
  const double *restrict hyst = cells + TWIN_HYSTERESIS * count;
  const double *restrict temperature = cells + TWIN_TEMPERATURE * count;
  const double *restrict drift = cells + TWIN_DRIFT * count;
  const double *restrict inverse = cells + TWIN_INVERSE * count;
  const double *restrict scale = cells + TWIN_SCALE * count;
  double *restrict r0 = cells + TWIN_R0 * count;
  double *restrict r1 = cells + TWIN_R1 * count;
  double *restrict r2 = cells + TWIN_R2 * count;
  double *restrict mean_e = cells + TWIN_MEAN_E * count;
  double *restrict mean_r = cells + TWIN_MEAN_R * count;
  double *restrict end_e = cells + TWIN_END_E * count;
  double *restrict end_r = cells + TWIN_END_R * count;
  double *restrict entropic = cells + TWIN_ENTROPIC * count;

  const double *restrict table = model->soc_table;
  const double *restrict arrhenius = model->arrhenius_table;
  const double intervals = model->soc_intervals, last = intervals - 1;
  const double first_c = model->arrhenius_first_c, per_k = model->arrhenius_per_k;
  const double last_t = model->arrhenius_intervals - 1e-9;
  const double a1 = step->decay1, a2 = step->decay2, m1 = step->mean1, m2 = step->mean2;
  const double b1 = 1 - a1, b2 = 1 - a2, n1 = 1 - m1, n2 = 1 - m2;
  const double dt = step->seconds;
  const double kept = estimated_a < 0 ? model->charge_efficiency : 1;
  const double to_mid = estimated_a * kept * dt / 7200, per_mean = kept * dt / 7200;
  const double half = 0.5 * dt;
  const double ref0 = model->r0_ohm, ref1 = model->r1_ohm, ref2 = model->r2_ohm;
  const size_t r0_column = estimated_a < 0 ? TWIN_ROW_R0_CHARGE : TWIN_ROW_R0;
  /* One-state hysteresis: the mean and the end of the step follow from the decay of h + sign I. */
  const double sign = estimated_a > 0 ? 1 : (estimated_a < 0 ? -1 : 0);
  const double turn = model->hysteresis_rate * sign * estimated_a * dt / 3600;

#pragma clang loop vectorize(assume_safety) interleave(disable)
  for (size_t j = 0; j < count; j++) {
    const double z = soc[j], iq = inverse[j];
    const double mid = z - to_mid * iq;
    const double x = mid * intervals;
    const double place = limited(x, 0, last);
    const int32_t k = (int32_t)place;
    const double f = x - (double)k, g = limited(f, 0, 1);
    const double *row = table + TWIN_ROW * k, *next = row + TWIN_ROW;
    const double u = row[TWIN_ROW_OCV], rise = next[TWIN_ROW_OCV] - u;
    const double slope = rise * intervals;
    const double t = temperature[j] + half * drift[j];
    const double y = limited((t - first_c) * per_k, 0, last_t);
    const int32_t l = (int32_t)y;
    const double h = y - (double)l;
    const double *hot = arrhenius + TWIN_ARRHENIUS_ROW * l, *hotter = hot + TWIN_ARRHENIUS_ROW;
    const double s = scale[j];
    const double s0 = row[r0_column] + g * (next[r0_column] - row[r0_column]);
    const double s1 = row[TWIN_ROW_R1] + g * (next[TWIN_ROW_R1] - row[TWIN_ROW_R1]);
    const double s2 = row[TWIN_ROW_R2] + g * (next[TWIN_ROW_R2] - row[TWIN_ROW_R2]);
    const double c0 = ref0 * s * s0 * (hot[0] + h * (hotter[0] - hot[0]));
    const double c1 = ref1 * s * s1 * (hot[1] + h * (hotter[1] - hot[1]));
    const double c2 = ref2 * s * s2 * (hot[2] + h * (hotter[2] - hot[2]));
    const double at_start = u + rise * f + slope * (z - mid);
    double mean = at_start - m1 * v1[j] - m2 * v2[j], end = at_start - a1 * v1[j] - a2 * v2[j];
    if (hysteresis) {
      /* exp(-x) by the reciprocal of a cubic, and (1 - that)/x; the books do not depend on it. */
      const double half_width = row[TWIN_ROW_HYSTERESIS]
        + g * (next[TWIN_ROW_HYSTERESIS] - row[TWIN_ROW_HYSTERESIS]);
      const double wait = turn * iq;
      const double fade = 1 / (1 + wait * (1 + wait * (0.5 + wait / 6)));
      const double mean_fade = (1 + wait * (0.5 + wait / 6)) * fade;
      const double offset = hyst[j] + sign;
      mean += half_width * (offset * mean_fade - sign);
      end += half_width * (offset * fade - sign);
    }
    r0[j] = c0;
    r1[j] = c1;
    r2[j] = c2;
    entropic[j] = row[TWIN_ROW_ENTROPIC] + g * (next[TWIN_ROW_ENTROPIC] - row[TWIN_ROW_ENTROPIC]);
    mean_e[j] = mean;
    mean_r[j] = c0 + c1 * n1 + c2 * n2 + slope * per_mean * iq;
    end_e[j] = end;
    end_r[j] = c0 + c1 * b1 + c2 * b2 + 2 * slope * per_mean * iq;
  }
}

INLINE twin_pack_line combine_cells(double *cells, size_t count, size_t parallel,
  double link_ohm, double *groups) {
  const double *restrict e = cells + TWIN_MEAN_E * count;
  const double *restrict r = cells + TWIN_MEAN_R * count;
  double *restrict conductance = cells + TWIN_CONDUCTANCE * count;
  twin_pack_line line;
  if (parallel == 1) {
    line.e_volt = sum_lanes(e, count);
    line.r_ohm = sum_lanes(r, count) + link_ohm * (double)count;
    return line;
  }
  const size_t series = count / parallel;
  double *restrict group_e = groups, *restrict group_r = groups + series;
#pragma clang loop vectorize(assume_safety)
  for (size_t j = 0; j < count; j++) conductance[j] = 1 / (r[j] + link_ohm);
  for (size_t g = 0; g < series; g++) {
    double lane_c[LANES] = {0}, lane_e[LANES] = {0};
    const double *restrict ce = conductance + g * parallel, *restrict ee = e + g * parallel;
    size_t p = 0;
    for (; p + LANES <= parallel; p += LANES)
      for (size_t l = 0; l < LANES; l++) {
        lane_c[l] += ce[p + l];
        lane_e[l] += ce[p + l] * ee[p + l];
      }
    for (size_t l = 0; p < parallel; p++, l++) {
      lane_c[l] += ce[p];
      lane_e[l] += ce[p] * ee[p];
    }
    group_r[g] = 1 / lane_sum(lane_c);
    group_e[g] = lane_sum(lane_e) * group_r[g];
  }
  line.e_volt = sum_lanes(group_e, series);
  line.r_ohm = sum_lanes(group_r, series);
  return line;
}

INLINE twin_pack_limits limit_cells(const double *cells, size_t count, size_t parallel,
  double link_ohm, const double *groups, const twin_step_coefficients *step, int direction,
  double soc_limit, double voltage_limit, double charge_efficiency) {
  const double *restrict soc = cells + TWIN_SOC * count;
  const double *restrict capacity = cells + TWIN_CAPACITY * count;
  const double *restrict end_e = cells + TWIN_END_E * count;
  const double *restrict end_r = cells + TWIN_END_R * count;
  const double per_second = 3600 / step->seconds / (direction > 0 ? 1 : charge_efficiency);
  const double sign = direction > 0 ? 1 : -1;
  double by_soc[LANES], by_voltage[LANES];
  for (size_t l = 0; l < LANES; l++) by_soc[l] = by_voltage[l] = 1e300;
  if (parallel == 1) {
    size_t j = 0;
    for (; j + LANES <= count; j += LANES)
      for (size_t l = 0; l < LANES; l++) {
        const double a = sign * (soc[j + l] - soc_limit) * capacity[j + l] * per_second;
        const double b = sign * (end_e[j + l] - voltage_limit) / end_r[j + l];
        by_soc[l] = a < by_soc[l] ? a : by_soc[l];
        by_voltage[l] = b < by_voltage[l] ? b : by_voltage[l];
      }
    for (size_t l = 0; j < count; j++, l++) {
      const double a = sign * (soc[j] - soc_limit) * capacity[j] * per_second;
      const double b = sign * (end_e[j] - voltage_limit) / end_r[j];
      by_soc[l] = a < by_soc[l] ? a : by_soc[l];
      by_voltage[l] = b < by_voltage[l] ? b : by_voltage[l];
    }
  } else {
    const double *restrict e = cells + TWIN_MEAN_E * count;
    const double *restrict r = cells + TWIN_MEAN_R * count;
    const double *restrict c = cells + TWIN_CONDUCTANCE * count;
    const size_t series = count / parallel;
    for (size_t g = 0; g < series; g++) {
      /* i_j = share + part * i_pack, part = conductance / sum of conductances */
      const double group_e = groups[g], whole = 1 / groups[series + g];
      const size_t first = g * parallel, end = first + parallel;
      size_t j = first;
      for (; j + LANES <= end; j += LANES)
        for (size_t l = 0; l < LANES; l++) {
          const double share = (e[j + l] - group_e) * c[j + l];
          const double factor = sign * whole * (r[j + l] + link_ohm);
          const double a =
            ((soc[j + l] - soc_limit) * capacity[j + l] * per_second - share) * factor;
          const double b = ((end_e[j + l] - voltage_limit) / end_r[j + l] - share) * factor;
          by_soc[l] = a < by_soc[l] ? a : by_soc[l];
          by_voltage[l] = b < by_voltage[l] ? b : by_voltage[l];
        }
      for (size_t l = 0; j < end; j++, l++) {
        const double share = (e[j] - group_e) * c[j];
        const double factor = sign * whole * (r[j] + link_ohm);
        const double a = ((soc[j] - soc_limit) * capacity[j] * per_second - share) * factor;
        const double b = ((end_e[j] - voltage_limit) / end_r[j] - share) * factor;
        by_soc[l] = a < by_soc[l] ? a : by_soc[l];
        by_voltage[l] = b < by_voltage[l] ? b : by_voltage[l];
      }
    }
  }
  for (size_t l = 1; l < LANES; l++) {
    by_soc[0] = by_soc[l] < by_soc[0] ? by_soc[l] : by_soc[0];
    by_voltage[0] = by_voltage[l] < by_voltage[0] ? by_voltage[l] : by_voltage[0];
  }
  const twin_pack_limits found = {by_soc[0], by_voltage[0]};
  return found;
}

CLONES
twin_pack_line twin_begin(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, double estimated_a, size_t parallel, double link_ohm,
  double *groups, int direction, double soc_limit, double voltage_limit,
  twin_pack_limits *limits) {
  if (model->hysteresis_rate > 0) prepare_cells(cells, count, model, step, estimated_a, 1);
  else prepare_cells(cells, count, model, step, estimated_a, 0);
  const twin_pack_line line = combine_cells(cells, count, parallel, link_ohm, groups);
  if (direction != 0)
    *limits = limit_cells(cells, count, parallel, link_ohm, groups, step, direction, soc_limit,
      voltage_limit, model->charge_efficiency);
  return line;
}

INLINE void update_cells(double *cells, size_t count,
  const twin_cell_model *model, const twin_step_coefficients *step, size_t parallel,
  double link_ohm, const double *groups, double pack_a, const int hysteresis) {
  double *restrict soc = cells + TWIN_SOC * count;
  double *restrict v1 = cells + TWIN_V1 * count;
  double *restrict v2 = cells + TWIN_V2 * count;
  double *restrict hyst = cells + TWIN_HYSTERESIS * count;
  const double *restrict temperature = cells + TWIN_TEMPERATURE * count;
  const double *restrict drift = cells + TWIN_DRIFT * count;
  double *restrict energy = cells + TWIN_ENERGY * count;
  const double *restrict capacity = cells + TWIN_CAPACITY * count;
  const double *restrict inverse = cells + TWIN_INVERSE * count;
  const double *restrict bleed = cells + TWIN_BLEED * count;
  const double *restrict r1 = cells + TWIN_R1 * count;
  const double *restrict r2 = cells + TWIN_R2 * count;
  const double *restrict mean_e = cells + TWIN_MEAN_E * count;
  const double *restrict mean_r = cells + TWIN_MEAN_R * count;
  const double *restrict end_e = cells + TWIN_END_E * count;
  const double *restrict end_r = cells + TWIN_END_R * count;
  const double *restrict entropic = cells + TWIN_ENTROPIC * count;
  const double *restrict conductance = cells + TWIN_CONDUCTANCE * count;
  double *restrict heat = cells + TWIN_HEAT * count;
  double *restrict current = cells + TWIN_CURRENT * count;
  double *restrict voltage = cells + TWIN_VOLTAGE * count;

  const double *restrict table = model->soc_table;
  const double intervals = model->soc_intervals, last = intervals - 1, width = 1 / intervals;
  const double a1 = step->decay1, a2 = step->decay2;
  const double dt = step->seconds, per_hour = dt / 3600, to_watt = 3600 / dt, half = 0.5 * dt;
  const double kept = model->charge_efficiency, rate = model->hysteresis_rate;
  (void)link_ohm;

  if (parallel == 1) {
    for (size_t j = 0; j < count; j++) current[j] = pack_a;
  } else {
    const size_t series = count / parallel;
    for (size_t g = 0; g < series; g++) {
      const double v = groups[g] - groups[series + g] * pack_a;
      for (size_t j = g * parallel; j < (g + 1) * parallel; j++)
        current[j] = (mean_e[j] - v) * conductance[j];
    }
  }

#pragma clang loop vectorize(assume_safety) interleave(disable)
  for (size_t j = 0; j < count; j++) {
    const double i = current[j];
    const double e1 = r1[j] * i, e2 = r2[j] * i;
    const double moved = (i < 0 ? i * kept : i) + bleed[j];
    const double z = soc[j] - moved * per_hour * inverse[j];
    const double x = z * intervals;
    const double place = limited(x, 0, last);
    const int32_t k = (int32_t)place;
    const double f = x - (double)k;
    const double *row = table + TWIN_ROW * k, *next = row + TWIN_ROW;
    const double u = row[TWIN_ROW_OCV];
    const double w = row[TWIN_ROW_ENERGY]
      + width * f * (u + 0.5 * f * (next[TWIN_ROW_OCV] - u));
    const double released = (energy[j] - w) * capacity[j] * to_watt;
    const double kelvin = temperature[j] + half * drift[j] + 273.15;
    heat[j] = released - i * (mean_e[j] - i * mean_r[j]) - i * kelvin * entropic[j];
    voltage[j] = end_e[j] - i * end_r[j];
    v1[j] = e1 + a1 * (v1[j] - e1);
    v2[j] = e2 + a2 * (v2[j] - e2);
    if (hysteresis) {
      const double wait = rate * (i < 0 ? -i : i) * per_hour * inverse[j];
      const double fade = 1 / (1 + wait * (1 + wait * (0.5 + wait / 6)));
      const double sign = i > 0 ? 1 : (i < 0 ? -1 : 0);
      hyst[j] = (hyst[j] + sign) * fade - sign;
    }
    soc[j] = z;
    energy[j] = w;
  }
}

CLONES
void twin_update(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, size_t parallel, double link_ohm, const double *groups,
  double pack_a) {
  if (model->hysteresis_rate > 0)
    update_cells(cells, count, model, step, parallel, link_ohm, groups, pack_a, 1);
  else update_cells(cells, count, model, step, parallel, link_ohm, groups, pack_a, 0);
}

INLINE void apply_matrix(const double *restrict matrix,
  const size_t nodes, const double *restrict x, double *restrict y) {
  for (size_t k = 0; k < nodes; k++) {
    const double factor = x[k];
    const double *restrict column = matrix + nodes * k;
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < nodes; i++) y[i] += column[i] * factor;
  }
}

/* Sixteen sums stay in registers; additions in the same order as above. */
INLINE void apply_16(const double *restrict matrix,
  const double *restrict x, double *restrict y) {
  double sum[16];
  for (size_t i = 0; i < 16; i++) sum[i] = y[i];
  for (size_t k = 0; k < 16; k++) {
    const double factor = x[k];
    for (size_t i = 0; i < 16; i++) sum[i] += matrix[16 * k + i] * factor;
  }
  for (size_t i = 0; i < 16; i++) y[i] = sum[i];
}

CLONES
void twin_apply(const double *matrix, size_t nodes, const double *x, double *y) {
  apply_matrix(matrix, nodes, x, y);
}

INLINE void move_heat(double *cells, size_t count, const twin_heat *heat, double seconds,
  double *common_c, const double *common_w, double ambient_c, double *scratch) {
  double *restrict temperature = cells + TWIN_TEMPERATURE * count;
  double *restrict drift = cells + TWIN_DRIFT * count;
  const double *restrict watt = cells + TWIN_HEAT * count;
  const double *restrict next = heat->next_w_per_k;
  const double *restrict to_air = heat->air_w_per_k;
  const size_t size = heat->module, modules = heat->modules, classes = heat->classes;
  const size_t order = classes * size + heat->common;
  double *restrict rates = scratch;
  double *sums = scratch + count, *moves = sums + order, *offsets = moves + order;
  const double air = common_c[0], per_j = heat->cell_k_per_j, per_s = 1 / seconds;

  /* The cell after the last of a module has conductance 0, so the ends need no case of their own;
     temperature[-1] and temperature[count] are other columns of the same buffer. */
  double lane[LANES] = {0};
  double before = 0;
  size_t j = 0;
  for (size_t l = 0; l < LANES && l < count; l++) {
    const double flow = to_air[l] * (temperature[l] - air);
    const double ahead = l + 1 < count ? next[l] * (temperature[l + 1] - temperature[l]) : 0;
    rates[l] = (watt[l] - flow + ahead - before) * per_j;
    before = ahead;
    lane[l] += flow;
  }
  for (j = LANES; j + LANES <= count; j += LANES)
    for (size_t l = 0; l < LANES; l++) {
      const size_t i = j + l;
      const double here = temperature[i];
      const double flow = to_air[i] * (here - air);
      const double ahead = next[i] * (temperature[i + 1] - here);
      const double behind = next[i - 1] * (here - temperature[i - 1]);
      rates[i] = (watt[i] - flow + ahead - behind) * per_j;
      lane[l] += flow;
    }
  for (size_t l = 0; j < count; j++, l++) {
    const double here = temperature[j];
    const double flow = to_air[j] * (here - air);
    const double ahead = j + 1 < count ? next[j] * (temperature[j + 1] - here) : 0;
    const double behind = next[j - 1] * (here - temperature[j - 1]);
    rates[j] = (watt[j] - flow + ahead - behind) * per_j;
    lane[l] += flow;
  }

  for (size_t i = 0; i < order; i++) sums[i] = moves[i] = 0;
  double *common_rates = sums + classes * size;
  for (size_t i = 0; i < heat->common; i++) common_rates[i] = common_w[i];
  common_rates[0] += lane_sum(lane);
  for (size_t k = 0; k < heat->links; k++) {
    const int a = heat->link_node[k], b = heat->link_other[k];
    const double flow = heat->link_w_per_k[k] * ((b < 0 ? ambient_c : common_c[b]) - common_c[a]);
    common_rates[a] += flow;
    if (b >= 0) common_rates[b] -= flow;
  }
  for (size_t i = 0; i < heat->common; i++) common_rates[i] *= heat->common_k_per_j[i];

  if (modules == 1) {
    for (size_t i = 0; i < count; i++) sums[i] = rates[i];
    apply_matrix(heat->aggregate, order, sums, moves);
    for (size_t i = 0; i < count; i++) {
      temperature[i] += moves[i];
      drift[i] = moves[i] * per_s;
    }
  } else {
    for (size_t m = 0; m < modules; m++) {
      double *restrict sum = sums + (size_t)heat->module_class[m] * size;
      const double *restrict rate = rates + m * size;
      for (size_t i = 0; i < size; i++) sum[i] += rate[i];
    }
    for (size_t c = 0; c < classes; c++)
      for (size_t i = 0; i < size; i++) sums[c * size + i] *= heat->class_share[c];
    apply_matrix(heat->aggregate, order, sums, moves);
    /* Offset of a class: the move of its mean less what its own matrix would make of the mean rate. */
    for (size_t c = 0; c < classes; c++) {
      const double *response = heat->module_response + c * size * size;
      double *restrict offset = offsets + c * size;
      for (size_t i = 0; i < size; i++) offset[i] = 0;
      apply_matrix(response, size, sums + c * size, offset);
      for (size_t i = 0; i < size; i++) offset[i] = moves[c * size + i] - offset[i];
    }
    for (size_t m = 0; m < modules; m++) {
      const size_t c = (size_t)heat->module_class[m];
      const double *response = heat->module_response + c * size * size;
      double *restrict rate = rates + m * size;
      double *restrict t = temperature + m * size, *restrict d = drift + m * size;
      if (size == 16) {
        double move[16];
        for (size_t i = 0; i < 16; i++) move[i] = offsets[c * 16 + i];
        apply_16(response, rate, move);
        for (size_t i = 0; i < 16; i++) {
          t[i] += move[i];
          d[i] = move[i] * per_s;
        }
      } else {
        for (size_t i = 0; i < size; i++) d[i] = offsets[c * size + i];
        apply_matrix(response, size, rate, d);
        for (size_t i = 0; i < size; i++) {
          t[i] += d[i];
          d[i] *= per_s;
        }
      }
    }
  }
  for (size_t i = 0; i < heat->common; i++) common_c[i] += moves[classes * size + i];
}

INLINE twin_summary summarise_cells(const double *cells, size_t count) {
  const double *restrict temperature = cells + TWIN_TEMPERATURE * count;
  const double *restrict soc = cells + TWIN_SOC * count;
  const double *restrict voltage = cells + TWIN_VOLTAGE * count;
  const double *restrict energy = cells + TWIN_ENERGY * count;
  const double *restrict capacity = cells + TWIN_CAPACITY * count;
  double low_t[LANES], high_t[LANES], low_z[LANES], high_z[LANES], low_v[LANES], high_v[LANES];
  double sum_z[LANES] = {0}, sum_w[LANES] = {0};
  for (size_t l = 0; l < LANES; l++) {
    low_t[l] = low_z[l] = low_v[l] = 1e300;
    high_t[l] = high_z[l] = high_v[l] = -1e300;
  }
  size_t j = 0;
  for (; j + LANES <= count; j += LANES)
    for (size_t l = 0; l < LANES; l++) {
      const double t = temperature[j + l], z = soc[j + l], v = voltage[j + l];
      low_t[l] = t < low_t[l] ? t : low_t[l];
      high_t[l] = t > high_t[l] ? t : high_t[l];
      low_z[l] = z < low_z[l] ? z : low_z[l];
      high_z[l] = z > high_z[l] ? z : high_z[l];
      low_v[l] = v < low_v[l] ? v : low_v[l];
      high_v[l] = v > high_v[l] ? v : high_v[l];
      sum_z[l] += z;
      sum_w[l] += capacity[j + l] * energy[j + l];
    }
  for (size_t l = 0; j < count; j++, l++) {
    const double t = temperature[j], z = soc[j], v = voltage[j];
    low_t[l] = t < low_t[l] ? t : low_t[l];
    high_t[l] = t > high_t[l] ? t : high_t[l];
    low_z[l] = z < low_z[l] ? z : low_z[l];
    high_z[l] = z > high_z[l] ? z : high_z[l];
    low_v[l] = v < low_v[l] ? v : low_v[l];
    high_v[l] = v > high_v[l] ? v : high_v[l];
    sum_z[l] += z;
    sum_w[l] += capacity[j] * energy[j];
  }
  for (size_t l = 1; l < LANES; l++) {
    low_t[0] = low_t[l] < low_t[0] ? low_t[l] : low_t[0];
    high_t[0] = high_t[l] > high_t[0] ? high_t[l] : high_t[0];
    low_z[0] = low_z[l] < low_z[0] ? low_z[l] : low_z[0];
    high_z[0] = high_z[l] > high_z[0] ? high_z[l] : high_z[0];
    low_v[0] = low_v[l] < low_v[0] ? low_v[l] : low_v[0];
    high_v[0] = high_v[l] > high_v[0] ? high_v[l] : high_v[0];
  }
  const twin_summary found = {low_t[0], high_t[0], low_z[0], high_z[0], low_v[0], high_v[0],
    lane_sum(sum_z), lane_sum(sum_w)};
  return found;
}

CLONES
twin_summary twin_summarise(const double *cells, size_t count) {
  return summarise_cells(cells, count);
}

CLONES
void twin_finish(double *cells, size_t count, const twin_cell_model *model,
  const twin_step_coefficients *step, const twin_heat *heat, size_t parallel, double link_ohm,
  const double *groups, double pack_a, double *common_c, const double *common_w,
  double ambient_c, double *scratch, twin_summary *summary) {
  if (model->hysteresis_rate > 0)
    update_cells(cells, count, model, step, parallel, link_ohm, groups, pack_a, 1);
  else update_cells(cells, count, model, step, parallel, link_ohm, groups, pack_a, 0);
  move_heat(cells, count, heat, step->seconds, common_c, common_w, ambient_c, scratch);
  *summary = summarise_cells(cells, count);
}

CLONES
double twin_sum(const double *values, size_t count) { return sum_lanes(values, count); }

double twin_exp(double x) {
  if (x != x) return x;
  if (x > 709) x = 709;
  if (x < -708) return 0;
  /* Cody and Waite: x = k ln 2 + r with |r| <= ln 2 / 2, then the Taylor series to degree 13. */
  const double scaled = x * 1.4426950408889634;
  const int64_t k = (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double r = (x - (double)k * 6.93147180369123816490e-01) - (double)k * 1.90821492927058770002e-10;
  static const double inverse[13] = {
    1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0,
    1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0};
  double sum = inverse[0];
  for (int i = 1; i < 13; i++) sum = sum * r + inverse[i];
  const double result = 1 + r * sum;
  const uint64_t bits = (uint64_t)(k + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return result * power;
}

double twin_log(double x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inf() : __builtin_nan("");
  if (x > 1.7976931348623157e308) return x;
  int64_t shift = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    shift = -54;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int64_t exponent = (int64_t)(bits >> 52) - 1023;
  bits = (bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  /* log m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716 */
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 0;
  for (int i = 21; i >= 3; i -= 2) sum = (sum + 1.0 / (double)i) * s2;
  const double k = (double)(exponent + shift);
  return k * 6.93147180369123816490e-01
    + (2 * s + (2 * s * sum + k * 1.90821492927058770002e-10));
}
