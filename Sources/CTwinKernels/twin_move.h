#ifndef TWIN_MOVE_H
#define TWIN_MOVE_H

/* Second half of a step: charge, pairs and heat at the pack's current. */

#include "twin_heat.h"
#include "twin_share.h"

INLINE void finish_pack(const twin_cells *pack, const twin_cell_model *model,
  const twin_step_coefficients *step, double pack_a, const twin_heat *heat,
  const twin_surroundings *around, twin_summary *summary, twin_losses *losses,
  const int narrow, const int hysteresis, const int lag) {
  const move_step p =
    second_half(model, step, pack_a / (double)(pack->parallel * pack->strings), pack->link_ohm);
  const size_t count = pack->count;
  const int alone = pack->parallel == 1 && pack->strings == 1;
  const int blended = !alone && is_blended(pack);
  const double *volt = of_groups(pack, TWIN_GROUP_VOLT);
  const double *terminal = of_groups(pack, blended ? TWIN_GROUP_TERMINAL : TWIN_GROUP_VOLT);
  const double *blend = of_groups(pack, TWIN_GROUP_BLEND);
  const int kept = !alone && count >= FEW && is_kept(pack, pack_a);
  if (!alone && !kept) share_groups(pack, pack_a, blended);
  if (!alone) forget(pack);

  move_part_1 whole;
  start_move_1(&whole);
  heat_walk walk;
  double air = 0, before_c = 0, before_g = 0;
  if (heat) {
    const size_t padded = twin_padded(count);
    const size_t order = twin_padded(heat->classes * heat->module + heat->common);
    walk.rates = around->scratch;
    walk.sums = walk.rates + padded;
    walk.moves = walk.sums + order;
    walk.offsets = walk.moves + order;
    walk.flow = ZERO;
    air = around->common_c[0];
  }
  if (count < FEW) {
    move_tile tile;
    for (size_t j = 0; j < count; j++) {
      const size_t g = j / pack->parallel;
      tile.terminal[j] = terminal[g];
      const double i = alone ? pack_a
        : current_1(pack->cells + j, volt[g], blend[g], blended);
      displace_1(pack->cells + j, i, &p, &tile, j, lag);
      look_up_end_1(&p, &tile, j);
      if (lag) {
        displace_mean_1(pack->cells + j, i, &p, &tile, j);
        look_up_mean_1(&p, &tile, j);
      }
      settle_1(pack->cells + j, &p, &tile, tile.terminal, j, !alone, hysteresis, lag, &whole);
      if (!heat) pack->cells[j + TWIN_HEAT * LANES] = tile.watt[j];
    }
    for (size_t j = 0; heat && j < count; j++) {
      const double *c = pack->cells + j;
      const double here = c[TWIN_TEMPERATURE * LANES];
      const double ahead = j + 1 < count
        ? heat->next_w_per_k[j] * (c[TWIN_TEMPERATURE * LANES + 1] - here) : 0;
      const double behind = j > 0
        ? heat->next_w_per_k[j - 1] * (here - c[TWIN_TEMPERATURE * LANES - 1]) : 0;
      const double flow = heat->air_w_per_k[j] * (here - air);
      walk.rates[j] = (tile.watt[j] - flow + ahead - behind) * heat->cell_k_per_j;
      walk.flow[j] += flow;
    }
  } else {
    move_part_8 part, rest;
    move_part_2 parts[LANES / 2];
    start_move_8(&part);
    start_move_8(&rest);
    for (size_t q = 0; q < LANES / 2; q++) start_move_2(parts + q);
    move_tile tile;
    const size_t total = twin_padded(count), whole_count = count / LANES * LANES;
    for (size_t first = 0; first < total; first += TILE) {
      double *c = pack->cells + first / LANES * BLOCK;
      const size_t own = total - first < TILE ? total - first : TILE;
      const double *of_cells = alone ? tile.volt : tile_of_groups(pack, volt, first, own, tile.volt);
      const double *given = !blended ? of_cells
        : tile_of_groups(pack, terminal, first, own, tile.terminal);
      if (kept) {
        move_kept(pack, first, own, &tile, 1);
      } else if (blended) {
        const double *mixture = tile_of_groups(pack, blend, first, own, tile.blend);
        for (size_t k = 0; k < own; k += LANES)
          AT(tile.i, k) = current_8(c + k / LANES * BLOCK, AT(of_cells, k), AT(mixture, k), 1);
      } else {
        for (size_t k = 0; k < own; k += LANES)
          AT(tile.i, k) = alone ? ZERO + pack_a
            : current_8(c + k / LANES * BLOCK, AT(of_cells, k), ZERO, 0);
      }
      for (size_t k = 0; k < own; k += LANES) {
        const v8 i = AT(tile.i, k);
        if (!kept) displace_8(c + k / LANES * BLOCK, i, &p, &tile, k, lag);
        if (lag) displace_mean_8(c + k / LANES * BLOCK, i, &p, &tile, k);
      }
      /* The last block is done apart when a part of it holds no cells. */
      const size_t full = first + own <= whole_count ? own : whole_count - first;
      if (narrow) {
        for (size_t k = 0; !kept && k < own; k += 2) look_up_end_2(&p, &tile, k);
        for (size_t k = 0; lag && k < own; k += 2) look_up_mean_2(&p, &tile, k);
        for (size_t q = 0; q < LANES / 2; q++) {
          move_part_2 two = parts[q];
          for (size_t k = 2 * q; k < full; k += LANES)
            settle_2(c + k / LANES * BLOCK + k % LANES, &p, &tile, given, k, !alone, hysteresis, lag, &two);
          parts[q] = two;
        }
      } else {
        for (size_t k = 0; !kept && k < own; k += LANES) look_up_end_8(&p, &tile, k);
        for (size_t k = 0; lag && k < own; k += LANES) look_up_mean_8(&p, &tile, k);
        for (size_t k = 0; k < full; k += LANES)
          settle_8(c + k / LANES * BLOCK, &p, &tile, given, k, !alone, hysteresis, lag, &part);
      }
      if (full < own) {
        double *last = c + full / LANES * BLOCK;
        if (narrow) {
          move_part_2 pairs[LANES / 2];
          for (size_t q = 0; q < LANES / 2; q++) {
            start_move_2(pairs + q);
            settle_2(
              last + 2 * q, &p, &tile, given, full + 2 * q, !alone, hysteresis, lag, pairs + q);
          }
          rest = joined_moves(pairs);
        } else {
          settle_8(last, &p, &tile, given, full, !alone, hysteresis, lag, &rest);
        }
      }
      for (size_t k = 0; k < own; k += LANES) {
        double *block = c + k / LANES * BLOCK;
        const v8 watt = AT(tile.watt, k);
        if (heat) {
          const size_t j = first + k;
          const double after_c =
            j + LANES < count ? block[BLOCK + TWIN_TEMPERATURE * LANES] : 0;
          rate_block(block, j, watt, before_c, after_c, before_g, heat, air, &walk);
          before_c = block[TWIN_TEMPERATURE * LANES + LANES - 1];
          before_g = heat->next_w_per_k[j + LANES - 1];
        } else {
          STORE(block, TWIN_HEAT, watt);
        }
      }
    }
    if (narrow) part = joined_moves(parts);
    if (whole_count < count) keep_live(&part, &rest, live_mask(count - whole_count));
    whole = whole_move(&part);
  }

  summary->lowest_soc = whole.low_z;
  summary->highest_soc = whole.high_z;
  summary->lowest_v = whole.low_v;
  summary->highest_v = whole.high_v;
  summary->lowest_surface = lag ? whole.low_s : whole.low_z;
  summary->highest_surface = lag ? whole.high_s : whole.high_z;
  summary->soc_sum = whole.sum_z;
  summary->energy_wh = whole.sum_w;
  losses->series_w = whole.series;
  losses->pairs_w = whole.pairs;
  losses->bleed_w = whole.bleed;
  losses->link_w = whole.link * pack->link_ohm;
  losses->entropic_w = whole.entropic;
  losses->hysteresis_w = whole.hysteresis;
  losses->charge_w = whole.charge;
  losses->sharing_w = whole.sharing;
  losses->lag_w = whole.lag;
  losses->heat_w = whole.heat;
  if (heat) move_heat(pack, heat, step->seconds, around, &walk, summary);
}

INLINE twin_summary summarise_pack(const twin_cells *pack) {
  twin_summary found = {.coldest_c = 1e300, .hottest_c = -1e300, .lowest_soc = 1e300,
    .highest_soc = -1e300, .lowest_surface = 1e300, .highest_surface = -1e300};
  double charge[LANES] = {0}, energy[LANES] = {0};
  for (size_t j = 0; j < pack->count; j++) {
    const double *c = pack->cells + TWIN_PLACE(0, j);
    const double t = c[TWIN_TEMPERATURE * LANES], z = c[TWIN_SOC * LANES];
    found.coldest_c = t < found.coldest_c ? t : found.coldest_c;
    found.hottest_c = t > found.hottest_c ? t : found.hottest_c;
    found.lowest_soc = z < found.lowest_soc ? z : found.lowest_soc;
    found.highest_soc = z > found.highest_soc ? z : found.highest_soc;
    const double s = z - c[TWIN_LAG * LANES];
    found.lowest_surface = s < found.lowest_surface ? s : found.lowest_surface;
    found.highest_surface = s > found.highest_surface ? s : found.highest_surface;
    charge[j % LANES] += z;
    energy[j % LANES] += c[TWIN_CAPACITY * LANES] * c[TWIN_ENERGY * LANES];
  }
  found.soc_sum = lane_sum(charge);
  found.energy_wh = lane_sum(energy);
  return found;
}

#endif
