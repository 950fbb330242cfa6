import Planning
import Tariffs
import TimeSeries
import Twin

/// What the plan over a whole known period is asked for: a problem in which every run of the case is allowed,
/// at no more than it costs.
struct ForesightRequest {
  /// The whole period; prices are those of months that end at no cap.
  let plan: PlanRequest
  /// Stored energy of each battery at the start. [kWh]
  let startKWh: [Double]
  /// Intervals with a measurement; in the others nothing flows and nobody is billed.
  let isMeasured: [Bool]

  /// Days at the lowest charge in which self-discharge makes room that prices below zero may pay for.
  private static let restDays = 10.0

  /// Asks for the plan of a case.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - context: What is metered and billed.
  ///   - startKWh: Stored energy of each battery at the start. [kWh]
  ///   - prices: Prices over the period; those that plans know where left out.
  /// - Throws: What the twin throws for a battery that cannot be.
  init(
    _ replay: ReplayCase, _ context: MeteringContext, startKWh: [Double],
    prices: PlanningPrices? = nil
  ) throws {
    let grid = replay.period
    let measured = grid.indices.map {
      context.loadKW[$0].isFinite && context.pvKW[$0].isFinite
    }
    let prices = prices ?? context.prices
    // Losing energy may pay up to the last price below zero.
    let lossEnd =
      grid.indices.last { min(prices.buyPerKWh[$0], prices.sellPerKWh[$0]) < 0 }.map { $0 + 1 } ?? 0
    var batteries: [(envelope: PowerEnvelope, losableKWh: [Double])] = []
    for place in 0..<replay.batteryCount {
      let alone = replay.alone(place)
      let extremes = try BatteryExtremes(
        alone, ambientC: context.ambientC, withLosses: lossEnd > 0)
      batteries.append(
        (
          try Self.envelope(
            alone, context, extremes, measured, startKWh: startKWh[place], lossEnd: lossEnd),
          Self.losable(extremes, grid, lossEnd: lossEnd)
        ))
    }
    var envelope = batteries[0].envelope
    let own = replay.ownDrawKW
    var loadKW = [Double](repeating: 0, count: grid.count)
    var pvKW = loadKW
    for t in grid.indices where measured[t] {
      let isBelowZero = min(prices.buyPerKWh[t], prices.sellPerKWh[t]) < 0
      (loadKW[t], pvKW[t]) = replay.plannable(
        loadKW: context.loadKW[t], pvKW: Self.pvKW(replay, context, t),
        exportLimitKW: replay.exportLimitKW[t], dischargeKW: envelope.dischargeKW[t])
      if isBelowZero, replay.battery.converter.pvCoupling == .dc {
        // A hybrid inverter can leave production unused, whatever may be thrown away at the meter.
        loadKW[t] = context.loadKW[t]
        pvKW[t] = Self.pvKW(replay, context, t)
      }
      // Power that is drawn or not is a load that production of its own may serve, or be thrown away.
      let spread = isBelowZero ? own.upperBound - own.lowerBound : 0
      loadKW[t] += own.lowerBound + spread
      pvKW[t] += spread
    }
    // Loads that can wait may all run at once, and a battery may serve them.
    let mostWaitingKW = context.waiting.reduce(0) { $0 + ($1.powerKW.max() ?? 0) }
    // The site alone may exceed its limit in a slot, and its battery's own draw is not foreseen.
    var importLimitKW = replay.importLimitKW
    if importLimitKW.isFinite {
      importLimitKW = importLimitKW.map(slots: grid.count) { t, kW in
        max(kW, loadKW[t] - pvKW[t]) + own.upperBound + mostWaitingKW
      }
    }
    // What the battery may do follows from what the meter shows, as it does in every run; its own draw is a load
    // that it may serve.
    let rights = replay.settings.rights
    if !rights.isFree, batteries.count == 1 {
      for t in grid.indices where measured[t] {
        let netKW = context.loadKW[t] - context.pvKW[t]
        envelope.chargeKW[t] = rights.chargeKW(envelope.chargeKW[t], netKW: netKW)
        envelope.dischargeKW[t] = rights.dischargeKW(
          envelope.dischargeKW[t], netKW: netKW + own.upperBound + mostWaitingKW)
      }
    }
    var request = PlanRequest(
      grid: grid, loadKW: loadKW, pvKW: pvKW, prices: prices, envelope: envelope,
      initialEnergyKWh: startKWh[0], importLimitKW: importLimitKW,
      exportLimitKW: replay.plannable(exportLimitKW: replay.exportLimitKW),
      wearPerKWh: replay.settings.wearPerKWh,
      terminal: .perKWh(context.endValuePerKWh))
    // A bound need not keep to steps.
    request.waitingLoads = context.waiting.map { $0.atAnyPower() }
    request.losableKWh = batteries[0].losableKWh
    if replay.hasSeveralBatteries {
      Self.place(
        batteries, in: &request, replay, context, startKWh: startKWh,
        unplannedKW: own.upperBound + mostWaitingKW, measured)
    }
    plan = request
    self.startKWh = startKWh
    isMeasured = measured
  }

  /// Stored energy that a battery may lose for nothing, slot by slot; empty where that pays nowhere. [kWh]
  private static func losable(
    _ extremes: BatteryExtremes, _ grid: TimeGrid, lossEnd: Int
  ) -> [Double] {
    guard lossEnd > 0 else { return [] }
    // What comes from the rounding of a battery without losses makes no piece of its own.
    let most = extremes.mostLossKW > 1e-6 ? extremes.mostLossKW * grid.stepHours : 0
    return grid.indices.map { $0 < lossEnd ? most : 0 }
  }

  /// Puts several batteries into the request of the first.
  private static func place(
    _ batteries: [(envelope: PowerEnvelope, losableKWh: [Double])], in request: inout PlanRequest,
    _ replay: ReplayCase, _ context: MeteringContext, startKWh: [Double], unplannedKW: Double,
    _ measured: [Bool]
  ) {
    for place in batteries.indices {
      var battery = PlannedBattery(
        name: replay.fleet[place].name, envelope: batteries[place].envelope,
        initialEnergyKWh: startKWh[place],
        wearPerKWh: replay.fleet[place].wearPerKWh ?? replay.settings.wearPerKWh,
        terminal: .perKWh(context.endValuesPerKWh[place]))
      battery.losableKWh = batteries[place].losableKWh
      for t in 0..<replay.firstSlot(of: place) {
        battery.envelope.chargeKW[t] = 0
        battery.envelope.dischargeKW[t] = 0
        // What is not there loses nothing.
        battery.initialEnergyKWh /= battery.envelope.retentionPerStep
        battery.envelope.energyMaxKWh[t] = max(
          battery.envelope.energyMaxKWh[t], startKWh[place] * 2)
      }
      if place == 0 {
        request.envelope = battery.envelope
        request.initialEnergyKWh = battery.initialEnergyKWh
        request.wearPerKWh = battery.wearPerKWh
        request.terminal = battery.terminal
      } else {
        request.others.append(battery)
      }
    }
    let rights = replay.settings.rights
    guard !rights.isFree else { return }
    let all = request.joined().envelope
    var joint = JointPower(chargeKW: all.chargeKW, dischargeKW: all.dischargeKW)
    for t in request.grid.indices where measured[t] {
      let netKW = context.loadKW[t] - context.pvKW[t]
      joint.chargeKW[t] = rights.chargeKW(joint.chargeKW[t], netKW: netKW)
      joint.dischargeKW[t] = rights.dischargeKW(
        joint.dischargeKW[t], netKW: netKW + unplannedKW)
    }
    request.jointPower = joint
  }

  /// What a battery at its best can do; at rest where nothing is measured.
  private static func envelope(
    _ replay: ReplayCase, _ context: MeteringContext, _ best: BatteryExtremes, _ measured: [Bool],
    startKWh: Double, lossEnd: Int
  ) throws -> PowerEnvelope {
    let grid = replay.period
    let twin = replay.startingTwin(ambientC: context.ambientC.first ?? 25)
    let window = twin.energyBounds()
    var envelope = try replay.ratedEnvelope(slots: grid.count, stepSeconds: grid.stepSeconds)
    envelope.chargeEfficiency = max(envelope.chargeEfficiency, best.charge)
    envelope.dischargeEfficiency = max(envelope.dischargeEfficiency, best.discharge)
    if replay.battery.converter.pvCoupling == .dc {
      let saved = envelope.chargeEfficiency / replay.battery.converter.directShare
      envelope.chargeEfficiency = min(1, saved)
      envelope.dischargeEfficiency = min(1, envelope.dischargeEfficiency * max(1, saved))
    }
    let restSlots = restDays * 24 / grid.stepHours
    let lostAtRest = (1 - envelope.retentionPerStep) * window.maximumKWh
    var kept = 1.0
    let reserved = context.reserve?.leastKWh(
      from: startKWh, window: window, slotKWh: best.dischargeKW * grid.stepHours)
    for t in grid.indices {
      envelope.chargeKW[t] = measured[t] ? max(envelope.chargeKW[t], best.chargeKW) : 0
      envelope.dischargeKW[t] = measured[t] ? max(envelope.dischargeKW[t], best.dischargeKW) : 0
      // A run that begins outside of the window need not come back.
      envelope.energyMaxKWh[t] = max(envelope.energyMaxKWh[t], window.maximumKWh, startKWh)
      // Resting takes energy below the window, which nobody has to make good at once.
      kept *= envelope.retentionPerStep
      let least = max(
        min(envelope.energyMinKWh[t], window.minimumKWh, startKWh), reserved?[t] ?? 0)
      envelope.energyMinKWh[t] =
        t < lossEnd
        ? max(0, least - lostAtRest * min(Double(t + 1), restSlots)) : least * kept
    }
    return envelope
  }

  /// Production at the AC side. [kW]
  ///
  /// On the DC side production reaches the battery without the inverter, above its rating too.
  private static func pvKW(_ replay: ReplayCase, _ context: MeteringContext, _ t: Int) -> Double {
    guard let direct = context.directPVKW else { return context.pvKW[t] }
    return replay.battery.converter.acKW(dcKW: max(0, direct[t]))
  }
}
