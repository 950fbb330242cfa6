internal import CTwinKernels

extension DigitalTwin {
  /// Advances the battery system.
  ///
  /// The request is held as the mean AC power of the step as far as limits allow; what they take is
  /// booked to a cause. Steps longer than the specification's are divided evenly.
  ///
  /// - Parameters:
  ///   - requestKW: AC power asked of the battery, positive in discharge. [kW]
  ///   - ambientC: Temperature of the surroundings. [°C]
  ///   - seconds: Length of the step, above 0 and at most 3600. [s]
  ///   - irradianceWPerM2: Sun on the enclosure. [W/m²]
  /// - Returns: What the step did.
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  public mutating func step(
    requestKW: Double, ambientC: Double, seconds: Double, irradianceWPerM2: Double = 0
  ) throws(ImpossibleState) -> TwinStep {
    try step(
      BatteryRequest(.powerKW(requestKW)), ambientC: ambientC, seconds: seconds,
      irradianceWPerM2: irradianceWPerM2)
  }

  /// Advances the battery system at a power or a current, up to a voltage to be held.
  ///
  /// A current is that of the pack's terminals; the inverter carries it as far as its rating goes.
  ///
  /// - Parameters:
  ///   - request: What the battery is asked for.
  ///   - ambientC: Temperature of the surroundings. [°C]
  ///   - seconds: Length of the step, above 0 and at most 3600. [s]
  ///   - irradianceWPerM2: Sun on the enclosure. [W/m²]
  /// - Returns: What the step did.
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  public mutating func step(
    _ request: BatteryRequest, ambientC: Double, seconds: Double, irradianceWPerM2: Double = 0
  ) throws(ImpossibleState) -> TwinStep {
    precondition(seconds > 0 && seconds <= 3600, "a step is above 0 and at most 3600 s")
    precondition(request.isFinite && ambientC.isFinite, "a request and a temperature")
    let limit = specification.substepSeconds
    if seconds <= limit {
      return try advance(request, ambientC: ambientC, seconds: seconds, sun: irradianceWPerM2)
    }
    let parts = Int((seconds / limit).rounded(.up))
    let each = seconds / Double(parts)
    var whole = try advance(request, ambientC: ambientC, seconds: each, sun: irradianceWPerM2)
    var largestClip = whole.clippedKW
    var largestWithheldKW = whole.withheldKW
    for _ in 1..<parts {
      let part = try advance(request, ambientC: ambientC, seconds: each, sun: irradianceWPerM2)
      whole.requestedKW += part.requestedKW
      whole.packA += part.packA
      if let asked = part.requestedA { whole.requestedA? += asked }
      whole.isHeld = whole.isHeld || part.isHeld
      whole.deliveredKW += part.deliveredKW
      whole.auxiliaryKW += part.auxiliaryKW
      whole.clippedKW += part.clippedKW
      whole.lossKW += part.lossKW
      if part.clippedKW > largestClip || whole.cause == nil {
        largestClip = part.clippedKW
        whole.cause = part.cause ?? whole.cause
        whole.reason = part.reason ?? whole.reason
      }
      whole.derated = whole.derated || part.derated
      if part.withheldKW > largestWithheldKW || whole.withheldBy == nil {
        largestWithheldKW = part.withheldKW
        whole.withheldBy = part.withheldBy ?? whole.withheldBy
      }
      whole.withheldChargeKW += part.withheldChargeKW
      whole.withheldDischargeKW += part.withheldDischargeKW
      whole.socFraction = part.socFraction
      whole.hottestCellC = part.hottestCellC
      whole.storedEnergyKWh = part.storedEnergyKWh
    }
    let share = 1 / Double(parts)
    // A power is the same in every part; its mean would differ by rounding.
    if case .powerKW(let power) = request.amount, !whole.isHeld {
      whole.requestedKW = power
    } else {
      whole.requestedKW *= share
    }
    whole.packA *= share
    if let asked = whole.requestedA { whole.requestedA = asked * share }
    whole.deliveredKW *= share
    whole.auxiliaryKW *= share
    whole.clippedKW *= share
    whole.lossKW *= share
    whole.withheldChargeKW *= share
    whole.withheldDischargeKW *= share
    return whole
  }

  /// One undivided step.
  mutating func advance(
    _ request: BatteryRequest, ambientC: Double, seconds: Double, sun: Double
  ) throws(ImpossibleState) -> TwinStep {
    let hours = seconds / 3600
    if control.constants.hasSchedule {
      pack.condition = control.layout.condition(at: faultSeconds)
    }
    if pack.boundaryC[0] != ambientC { pack.boundaryC[0] = ambientC }
    if control.constants.hasSensorMemory { noteSensors() }
    let seen = controlView()
    let isCutOff = updateCutOff()
    if control.constants.hasDeratingMemory {
      if !control.rules.twinLeads.isEmpty, !isLookingAhead {
        looks = try foreseen(request, ambientC: ambientC, sun: sun)
      }
      derating.update(
        control.rules, seen: seen, heatsinkC: pack.commonC(control.constants.heatsink),
        looks: looks, now: elapsedSeconds,
        readings: control.rules.asksModels && !isLookingAhead
          ? readings(seen, request, ambientC: ambientC) : nil)
      if derating.isUnforeseen { ledger.unforeseenSeconds += seconds }
    }

    // Inverter: rating and heatsink.
    var clip = StepClip()
    let heatsinkC = pack.commonC(control.constants.heatsink)
    let sinkShare =
      heatsinkC <= control.constants.coolHeatsinkC && !control.constants.hasInverterRules
      ? 1
      : min(
        control.inverterShare(heatsinkC: heatsinkC),
        control.policyShare(airC: pack.commonC(0), ambientC: ambientC, memory: derating))
    let allowedKW = control.constants.ratedKW * sinkShare
    var askedA: Double?
    var acKW: Double
    switch request.amount {
    case .powerKW(let power): acKW = power
    case .currentA(let current):
      // The most that the inverter leaves; the current asked for is a part of it.
      acKW = current == 0 ? 0 : current > 0 ? allowedKW : -allowedKW
      askedA = current
    }
    var requestedKW = acKW
    if abs(acKW) > allowedKW {
      let rated = min(abs(acKW), control.constants.ratedKW)
      let direction: PowerDirection = acKW < 0 ? .charge : .discharge
      clip.add(abs(acKW) - rated, .inverter, direction, to: &ledger, hours: hours)
      clip.add(rated - allowedKW, .inverterTemperature, direction, to: &ledger, hours: hours)
      acKW = acKW < 0 ? -allowedKW : allowedKW
    }

    // What derating rules leave in both directions, asked for or not.
    var charge = control.fixedLimit(.charge, seen, memory: derating)
    var discharge = control.fixedLimit(.discharge, seen, memory: derating)
    if isCutOff {
      charge = (0, .heat)
      discharge = (0, .heat)
      ledger.cutOffSeconds += seconds
    }
    var withheld: StepWithholding?
    if sinkShare < 1 || charge.cause.isDerating || discharge.cause.isDerating {
      withheld = StepWithholding(
        control, charge: charge, discharge: discharge, inverterKW: allowedKW)
      withheld?.book(in: &ledger, hours: hours)
    }

    // Cells: the current that gives the power, no more than limits and derating rules allow.
    let response = pack.response(seconds: seconds)
    var dcKW = control.constants.curve.dcKW(acKW: acKW) - pvInputKW
    var line: twin_pack_line
    var currentA = 0.0
    var cellCause: ClipCause?
    var isHeld = false
    if dcKW == 0 {
      line = pack.prepare(response, estimatedA: 0).line
      if let shared = pack.share(response, packA: 0) { line = shared.line }
    } else {
      let askedKW = dcKW
      let solved = solveCurrent(
        response, dcKW: dcKW, askedA: askedA, hold: request.hold, seen: seen,
        fixed: dcKW > 0 ? discharge : charge)
      line = solved.line
      currentA = solved.currentA
      isHeld = solved.isHeld
      if askedA != nil || isHeld {
        dcKW = currentA * (line.e_volt - currentA * line.r_ohm) / 1000
        acKW = coupledACKW(batteryKW: dcKW, allowedKW: allowedKW)
        cellCause = solved.cause
        // What a voltage to be held takes was not asked for.
        if isHeld { requestedKW = acKW }
      } else if let cause = solved.cause {
        dcKW = currentA * (line.e_volt - currentA * line.r_ohm) / 1000
        // A limit above the request by rounding alone leaves the request as it is.
        if abs(dcKW) < abs(askedKW) {
          cellCause = cause
          let givenKW = coupledACKW(batteryKW: dcKW, allowedKW: allowedKW)
          clip.add(
            abs(acKW - givenKW), cause, askedKW < 0 ? .charge : .discharge, to: &ledger,
            hours: hours)
          acKW = givenKW
        } else {
          dcKW = askedKW
        }
      }
    }
    if let current = askedA, current != 0 {
      if isHeld {
        askedA = currentA
      } else if abs(currentA) < abs(current) {
        requestedKW = control.constants.curve.acKW(
          dcKW: current * (line.e_volt - currentA * line.r_ohm) / 1000)
        clip.add(
          abs(requestedKW) - abs(acKW),
          cellCause ?? (sinkShare < 1 ? .inverterTemperature : .inverter),
          current < 0 ? .charge : .discharge, to: &ledger, hours: hours)
      } else {
        requestedKW = acKW
      }
    }
    let pvKW =
      pvInputKW > 0
      ? bookPV(batteryKW: dcKW, acKW: acKW, cause: cellCause ?? clip.cause, hours: hours) : 0
    let converterLossKW = dcKW + pvKW - acKW
    let airC = pack.commonC(0)
    let working = pvKW > 0 && acKW == 0 ? dcKW : acKW
    let auxiliary = auxiliary(acKW: working, seen: seen)
    let sunW = sun * (control.constants.solarApertureM2 + doorM2)
    pack.setHeat(
      airW: auxiliary.airHeatW, sunW: sunW, sunlit: control.constants.sunlit,
      heatsinkW: converterLossKW * 1000, heatsink: control.constants.heatsink)
    pack.finish(response, line: line, packA: currentA)
    if control.constants.hasDeratingMemory {
      derating.note(currentA: currentA, forModels: control.rules.asksModels)
    }
    elapsedSeconds += seconds
    if control.constants.hasSensorMemory { followSensors(seconds: seconds) }

    // Books.
    // Each number of the summary is read by itself: a copy of the whole would wait for the kernel's stores.
    let storedWh = pack.summary.energy_wh
    let cellLossKW = (energyWh - storedWh) / 1000 / hours - dcKW
    energyWh = storedWh
    let soc = pack.meanSOC
    ledger.releasedKWh = (startWh - storedWh) / 1000
    ledger.book(
      deliveredKW: acKW - pvKW, auxiliaryKW: auxiliary.totalKW, converterLossKW: converterLossKW,
      cellLossKW: cellLossKW, hours: hours)
    ledger.book(
      coldestC: pack.summary.coldest_c, hottestC: pack.summary.hottest_c,
      lowestV: pack.summary.lowest_v, highestV: pack.summary.highest_v, soc: soc, seconds: seconds,
      limitC: control.constants.temperatureLimitC)
    ledger.book(pack.losses, hours: hours)
    if currentA > 0 {
      ledger.equivalentFullCycles += currentA * hours / control.constants.nominalAh
    }
    if let balancing = control.constants.balancing {
      balance(balancing, currentA: currentA, hours: hours)
    }
    if pack.summary.lowest_soc <= 0 || isProtected { protect(seconds: seconds) }
    if !isPossible, let found = findImpossible() { throw found }
    if isAgeing,
      ageing.add(
        meanSOC: soc, coldestC: pack.summary.coldest_c, hottestC: pack.summary.hottest_c,
        dischargeC: currentA / control.constants.nominalAh, seconds: seconds),
      ageing.sample(pack)
    {
      applyAgeing()
    }
    return TwinStep(
      requestedKW: requestedKW, deliveredKW: acKW, auxiliaryKW: auxiliary.totalKW,
      clippedKW: clip.totalKW, cause: clip.cause, lossKW: converterLossKW + cellLossKW,
      socFraction: soc, hottestCellC: pack.summary.hottest_c, storedEnergyKWh: storedEnergyKWh,
      derated: clip.deratedKW > 0, withheldChargeKW: withheld?.chargeKW ?? 0,
      withheldDischargeKW: withheld?.dischargeKW ?? 0, withheldBy: withheld?.cause,
      packA: currentA, requestedA: askedA,
      reason: clip.cause.map {
        control.reason(
          $0, requestedKW < 0 ? .charge : .discharge,
          ControlSight(seen: seen, heatsinkC: heatsinkC, airC: airC, ambientC: ambientC),
          currentA: currentA, summary: pack.summary, memory: derating, isCutOff: isCutOff)
      }, isHeld: isHeld)
  }

  /// Solves for the current and cuts it to the tightest limit, and to the voltage that is to be held.
  mutating func solveCurrent(
    _ response: StepResponse, dcKW: Double, askedA: Double?, hold: VoltageHold?,
    seen: DeratingPolicy.Reading, fixed limit: (currentA: Double, cause: ClipCause)
  ) -> (line: twin_pack_line, currentA: Double, cause: ClipCause?, isHeld: Bool) {
    let discharging = dcKW > 0
    let direction: PowerDirection = discharging ? .discharge : .charge
    var fixed = limit
    let stop = discharging ? control.constants.dischargeStop : control.constants.chargeStop
    // No cell falls far below its lowest voltage, so no more current is asked for than that takes.
    let mostAskedA =
      1.1 * abs(dcKW) * 1000 / (Double(specification.series) * control.constants.minimumV)
    if stop.isNear(
      hottestC: seen.hottestC, packA: min(fixed.currentA, mostAskedA), seconds: response.seconds)
    {
      let heatA = heatLimit(direction, seen: seen, seconds: response.seconds)
      if heatA < fixed.currentA { fixed = (heatA, .heat) }
    }
    let taper = control.taper(direction)
    if let taper, taper.mostA < fixed.currentA { fixed = (taper.mostA, .cellVoltage) }
    var estimate = dcKW * 1000 / pack.meanVoltageV
    if let askedA, abs(askedA) < abs(estimate) { estimate = askedA }
    // The first cell to be empty or full tells the limit closely; starting there saves a round.
    let roomFraction =
      discharging
      ? pack.summary.lowest_soc - control.constants.minimumSOC
      : control.constants.maximumSOC - pack.summary.highest_soc
    let roomA = max(0, roomFraction) * control.constants.nominalAh * 3600 / response.seconds
    let mostA = min(fixed.currentA, roomA)
    estimate = discharging ? min(estimate, mostA) : max(estimate, -mostA)
    let sign: Int32 = discharging ? 1 : -1
    let socLimit = discharging ? control.constants.minimumSOC : control.constants.maximumSOC
    let voltageLimit = discharging ? control.constants.minimumV : control.constants.maximumV
    var cells: CellPack.StepLimits
    var choice: CurrentChoice
    var round = 0
    repeat {
      cells = pack.prepare(
        response, estimatedA: estimate, direction: sign, socLimit: socLimit,
        voltageLimit: voltageLimit)
      choice = choose(cells, dcKW: dcKW, askedA: askedA, fixed: fixed)
      guard choice.isLimited else { break }
      round += 1
      // Coefficients at mid-step belong to the current; look again when it fell by much.
      if round == 3 || abs(choice.currentA - estimate) <= 0.02 * abs(estimate) { break }
      estimate = choice.currentA
    } while true
    // Cells side by side: the lines of the currents that are found, and the current by those lines.
    var isSettled = !pack.isShared
    for _ in 0..<CellPack.mostShares where !isSettled {
      let former = choice.currentA
      let shared = pack.share(
        response, packA: former, direction: sign, socLimit: socLimit, voltageLimit: voltageLimit)
      guard let shared else { break }
      cells = shared
      choice = choose(cells, dcKW: dcKW, askedA: askedA, fixed: fixed)
      isSettled = choice.currentA == former
    }
    var within = choice.currentA
    keepVoltage(&choice, cells, response, limitV: voltageLimit, taper: taper)
    // A table takes most of a current: the coefficients at mid-step are those of what it leaves.
    round = 0
    while taper != nil, choice.currentA != within, round < 4,
      abs(choice.currentA - estimate) > 1e-3 * abs(estimate)
    {
      round += 1
      estimate = choice.currentA
      cells = pack.prepare(
        response, estimatedA: estimate, direction: sign, socLimit: socLimit,
        voltageLimit: voltageLimit)
      if let shared = pack.share(
        response, packA: estimate, direction: sign, socLimit: socLimit, voltageLimit: voltageLimit)
      {
        cells = shared
      }
      choice = choose(cells, dcKW: dcKW, askedA: askedA, fixed: fixed)
      within = choice.currentA
      keepVoltage(&choice, cells, response, limitV: voltageLimit, taper: taper)
    }
    if choice.currentA != within, let shared = pack.share(response, packA: choice.currentA) {
      cells = shared
    }
    var isHeld = false
    if let hold {
      round = 0
      while true {
        let heldA = pack.currentWithin(
          response, choice.currentA, limitV: voltageLimit, hold: hold, taper: nil)
        isHeld = abs(heldA) < abs(choice.currentA)
        guard isHeld else { break }
        choice.currentA = heldA
        choice.cause = nil
        if round == Self.mostHoldRounds || abs(heldA - estimate) <= 1e-4 * abs(estimate) { break }
        // The coefficients at mid-step are those of the current that the voltage leaves.
        round += 1
        estimate = heldA
        cells = pack.prepare(
          response, estimatedA: estimate, direction: sign, socLimit: socLimit,
          voltageLimit: voltageLimit)
        if let shared = pack.share(
          response, packA: estimate, direction: sign, socLimit: socLimit,
          voltageLimit: voltageLimit)
        {
          cells = shared
        }
        choice = choose(cells, dcKW: dcKW, askedA: askedA, fixed: fixed)
        keepVoltage(&choice, cells, response, limitV: voltageLimit, taper: taper)
      }
      if isHeld, let shared = pack.share(response, packA: choice.currentA) { cells = shared }
    }
    return (cells.line, choice.currentA, choice.cause, isHeld)
  }

  /// Times that a held voltage looks at the coefficients of its current again.
  private static let mostHoldRounds = 5

  /// A current of the pack and what decided it.
  private struct CurrentChoice {
    var currentA: Double
    var cause: ClipCause?
    /// True when a limit, not the power asked for, decided.
    var isLimited: Bool
  }

  /// Returns the current that gives the power or that was asked for, whichever is smaller, or that of the
  /// tightest limit.
  ///
  /// Inlined, as a call would copy the twin.
  @inline(__always)
  private func choose(
    _ cells: CellPack.StepLimits, dcKW: Double, askedA: Double?,
    fixed: (currentA: Double, cause: ClipCause)
  ) -> CurrentChoice {
    let line = cells.line
    let mostA = CellPack.current(line, powerW: dcKW * 1000)
    let isOfPower = askedA.map { abs($0) > abs(mostA) } ?? true
    let wantedA = isOfPower ? mostA : askedA ?? mostA
    var limitA = fixed.currentA
    var cause = fixed.cause
    if cells.socA < limitA {
      limitA = cells.socA
      cause = .soc
    }
    if cells.voltageA < limitA {
      limitA = cells.voltageA
      cause = .cellVoltage
    }
    if abs(wantedA) <= limitA {
      // The highest power of all is a matter of voltage too.
      let mostW = line.e_volt * line.e_volt / (4 * line.r_ohm)
      return CurrentChoice(
        currentA: wantedA, cause: isOfPower && dcKW * 1000 > mostW ? .cellVoltage : nil,
        isLimited: false)
    }
    return CurrentChoice(currentA: dcKW > 0 ? limitA : -limitA, cause: cause, isLimited: true)
  }

  /// Cuts a current so that no cell passes its voltage where curves bend away from the lines.
  ///
  /// Inlined, as a call would copy the twin.
  @inline(__always)
  private func keepVoltage(
    _ choice: inout CurrentChoice, _ cells: CellPack.StepLimits, _ response: StepResponse,
    limitV: Double, taper: VoltageTaper?
  ) {
    guard taper != nil || mayBend(cells, choice.currentA, response) else { return }
    let exactA = pack.currentWithin(
      response, choice.currentA, limitV: limitV, taper: taper)
    guard abs(exactA) < abs(choice.currentA) else { return }
    choice.currentA = exactA
    choice.cause = .cellVoltage
  }

  /// True when a cell's end voltage needs a look at the curves: the straight line of mid-step, less what
  /// the open-circuit curve and the series resistance bend away from it, leads close to the limit.
  ///
  /// Inlined, as a call would copy the twin.
  @inline(__always)
  private func mayBend(
    _ cells: CellPack.StepLimits, _ currentA: Double, _ response: StepResponse
  ) -> Bool {
    let cellOhm = cells.line.r_ohm / Double(specification.series)
    let roomV = (cells.voltageA - abs(currentA)) * cellOhm
    if roomV < 0.08 { return true }
    let seen = pack.summary
    // A cell may carry half more than its share, and more beside aged ones.
    let reached = unsafe 1 - response.coefficients.pointee.lag_decay
    let lagged =
      specification.cell.surfaceLag.map { $0.hours(kelvin: seen.coldest_c + 273.15) * reached } ?? 0
    let hours = response.seconds / 3600 + lagged
    let moved = control.constants.largestMove * currentA * hours / control.constants.nominalAh
    // What the surface lags by fades towards the mean.
    let start =
      currentA > 0
      ? min(seen.lowest_soc, seen.lowest_surface) : max(seen.highest_soc, seen.highest_surface)
    let end = min(max(start - moved, 0), 1)
    guard abs(moved) > 1e-4, !control.constants.calmSOC.contains(end) else { return false }
    let middle = 0.5 * (start + end)
    let tables = specification.model.tables
    let straightV =
      tables.openCircuitV(at: middle)
      + tables.openCircuitSlopeV(at: middle) * (end - middle)
    let bendV = abs(straightV - tables.openCircuitV(at: end))
    let risen = tables.seriesShape(at: end, charging: currentA < 0)
    let usual = tables.seriesShape(at: middle, charging: currentA < 0)
    let growth = max(0, risen / usual - 1)
    return roomV - bendV - growth * abs(currentA) * cellOhm < 0.08
  }

  /// What kept models look at: measurements at the start of a step, and the current that the request comes to.
  private func readings(
    _ seen: DeratingPolicy.Reading, _ request: BatteryRequest, ambientC: Double
  ) -> HeatReadings {
    let plannedA: Double
    switch request.amount {
    case .currentA(let current): plannedA = current
    case .powerKW(let power):
      let packV = 0.5 * (seen.lowestV + seen.highestV) * Double(specification.series)
      plannedA = 1000 * control.constants.curve.dcKW(acKW: power) / packV
    }
    var seen = seen
    // Control goes on with what it saw last; a model is told that nothing was measured.
    if control.constants.hasSensorMemory, sensor.heldHottestC != nil {
      seen.coldestC = .nan
      seen.hottestC = .nan
    }
    return HeatReadings(
      seen: seen, heatsinkC: heatsinkC,
      airC: control.isInverterInside ? pack.commonC(0) : ambientC, plannedA: plannedA)
  }

  /// Draw and heat of fan, thermostat and idle inverter.
  mutating func auxiliary(
    acKW: Double, seen: DeratingPolicy.Reading
  ) -> (totalKW: Double, airHeatW: Double) {
    var total = acKW == 0 ? control.constants.standbyKW : 0
    var heat = 0.0
    var fanWorks = true
    var hvacWorks = true
    if control.constants.hasControlFaults {
      for fault in control.faults where fault.isActive(at: faultSeconds) {
        if fault.kind == .fanFailure { fanWorks = false }
        if fault.kind == .hvacFailure { hvacWorks = false }
      }
    }
    if acKW != 0, fanWorks { total += control.constants.fanKW }
    if let hvac = control.constants.hvac {
      decideHVAC(
        control.derating.preCooling?.applied(
          to: hvac, isCharging: acKW < 0, ambientC: pack.boundaryC[0]) ?? hvac, seen: seen)
      if hvacWorks {
        switch hvacMode {
        case .cooling:
          heat -= hvac.coolingKW * 1000
          total += hvac.coolingKW / hvac.coolingCOP
        case .heating:
          heat += hvac.heatingKW * 1000
          total += hvac.heatingKW / hvac.heatingCOP
        case .off: break
        }
      }
    }
    return (total, heat)
  }

  private mutating func decideHVAC(_ hvac: HVACSpecification, seen: DeratingPolicy.Reading) {
    let warm: Double
    let cold: Double
    switch hvac.reference {
    case .hottestCell:
      warm = seen.hottestC
      cold = seen.coldestC
    case .meanCell:
      warm = 0.5 * (seen.hottestC + seen.coldestC)
      cold = warm
    case .air:
      warm = pack.commonC(0)
      cold = warm
    }
    switch hvacMode {
    case .cooling where warm <= hvac.setpointC: hvacMode = .off
    case .heating where cold >= hvac.setpointC: hvacMode = .off
    default: break
    }
    if hvacMode == .off {
      if warm > hvac.setpointC + hvac.bandK, hvac.coolingKW > 0 {
        hvacMode = .cooling
      } else if cold < hvac.setpointC - hvac.bandK, hvac.heatingKW > 0 {
        hvacMode = .heating
      }
    }
  }
}
