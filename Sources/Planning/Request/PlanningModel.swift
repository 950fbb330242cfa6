internal import Tariffs
internal import TimeSeries

/// A request made safe: the numbers both solvers use, so that they solve the same problem.
///
/// Power limits are not negative, and the energy band can be reached from the
/// start, so a plan always exists. What had to be moved for that is listed as slack.
struct PlanningModel: Sendable {
  let count: Int
  let stepHours: Double
  /// Load less photovoltaic power. [kW]
  var netKW: [Double]
  var loadKW: [Double]
  var pvKW: [Double]
  var buy: [Double]
  var sell: [Double]
  var chargeKW: [Double]
  var dischargeKW: [Double]
  /// Lowest powers where the steps of an inverter are chosen; empty for none. [kW]
  var leastChargeKW: [Double] = []
  var leastDischargeKW: [Double] = []
  let powerSteps: PowerSteps
  /// Slots in which the plan keeps to what is done in steps.
  let steppedSlots: Int
  var energyMin: [Double]
  var energyMax: [Double]
  let chargeEfficiency: Double
  let dischargeEfficiency: Double
  let retention: Double
  let start: Double
  let importLimitKW: PowerLimit
  let exportLimitKW: PowerLimit
  let wear: Double
  /// Price of breaking a soft limit, above anything a tariff can offer. [currency/kWh]
  let limitPenalty: Double
  /// Worth of a kWh kept over a slot, beyond what it replaces. [currency/kWh]
  let keepingPerKWh: Double
  let demands: [DemandPrice]
  let terminal: [TerminalPiece]
  let blocks: [ImportBlock]
  var waitingLoads: [WaitingLoad]
  /// Lowest power of each load that can wait where its runs are chosen; empty for none. [kW]
  var leastWaitingKW: [[Double]] = []
  /// Production that can be thrown away in each slot; empty where any amount can be. [kW]
  var curtailmentKW: [[Double]]
  /// Production thrown away where the steps of it are chosen, besides what the model may throw away; empty for none. [kW]
  var chosenCurtailmentKW: [Double] = []
  let heat: HeatModel?
  /// The batteries beside this one, each as if it stood alone.
  var others: [PlanningModel] = []
  /// Power that all batteries may have together; nothing for no such limit.
  let jointPower: JointPower?
  /// Stored energy that may be lost for nothing in each slot; empty for none. [kWh]
  let losableKWh: [Double]
  /// Slots of the first metering interval of each demand price that have passed.
  let meteringPhase: [Int]
  /// Discharge and band before what a path and the start make of them.
  let mostDischargeKW: [Double]
  private var band: (min: [Double], max: [Double])
  private(set) var slack: [PlanSlack] = []
  /// Slots in which feeding in pays more than buying costs.
  var invertedSlots = 0

  /// Prepares a request, or says what makes that impossible.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - carried: Value of energy that the last plan of the battery hands on.
  ///   - othersCarried: The same of each battery beside it.
  init?(
    _ request: PlanRequest, carried: [TerminalPiece]? = nil,
    othersCarried: [[TerminalPiece]?] = []
  ) {
    let n = request.grid.count
    let envelope = request.envelope
    let prices = request.prices
    guard n > 0, Self.areUsable(request) else { return nil }
    count = n
    stepHours = request.grid.stepHours
    loadKW = request.loadKW
    pvKW = request.pvKW.map { max(0, $0) }
    netKW = [Double](repeating: 0, count: n)
    for t in 0..<n { netKW[t] = loadKW[t] - pvKW[t] }
    buy = prices.buyPerKWh
    sell = prices.sellPerKWh
    importLimitKW = request.importLimitKW.map { max(0, $0) }
    exportLimitKW = request.exportLimitKW.map { max(0, $0) }
    chargeKW = envelope.chargeKW.map { max(0, $0) }
    mostDischargeKW = envelope.dischargeKW.map { max(0, $0) }
    dischargeKW = mostDischargeKW
    energyMin = envelope.energyMinKWh
    energyMax = envelope.energyMaxKWh
    band = (energyMin, energyMax)
    chargeEfficiency = min(1, max(1e-3, envelope.chargeEfficiency))
    dischargeEfficiency = min(1, max(1e-3, envelope.dischargeEfficiency))
    retention = min(1, max(1e-3, envelope.retentionPerStep))
    // The first cell may be empty below the mean that counts as nothing.
    start = max(min(0, envelope.energyMinKWh[0]), request.initialEnergyKWh)
    wear = max(0, request.wearPerKWh)
    keepingPerKWh = request.optionValue.perSlot(
      buyPerKWh: buy, stepHours: stepHours)
    demands = prices.demands
    let firstSlot = request.grid.start / request.grid.stepSeconds
    meteringPhase = demands.map {
      ((firstSlot % $0.meteringSlots) + $0.meteringSlots) % $0.meteringSlots
    }
    blocks = prices.importBlocks
    waitingLoads = request.waitingLoads.map { $0.reachable() }
    heat = request.heat
    jointPower = request.jointPower
    powerSteps = request.powerSteps
    steppedSlots = request.steppedSlots
    curtailmentKW = request.hasCurtailmentSteps ? request.curtailmentKW : []
    for t in curtailmentKW.indices.dropFirst(steppedSlots) { curtailmentKW[t] = [] }
    losableKWh = request.losableKWh.map { max(0, $0) }
    var highest = 0.1
    for t in 0..<n {
      if sell[t] > buy[t], exportLimitKW[t] > 0 { invertedSlots += 1 }
      // Discharging more than the load and the export limit take has nowhere to go.
      var takenKW = loadKW[t]
      for load in waitingLoads { takenKW += load.powerKW[t] }
      dischargeKW[t] = max(0, min(dischargeKW[t], takenKW + exportLimitKW[t]))
      highest = max(highest, max(abs(buy[t]), abs(sell[t])))
    }
    var demandPrice = 0.0
    for demand in prices.demands { demandPrice += max(0, demand.pricePerKW) }
    for block in blocks { highest += block.surchargePerKWh }
    limitPenalty = 10 * (highest + wear) + 3 * demandPrice / stepHours
    terminal = request.terminal.pieces(
      startKWh: start, buyPerKWh: buy, dischargeEfficiency: dischargeEfficiency, wearPerKWh: wear,
      limitPenalty: limitPenalty, carried: carried)
    holdReserve(request)
    if !powerSteps.isFree {
      // Rest takes energy that no power as small as it would make good.
      var kept = 1.0
      for t in 0..<n {
        kept *= retention
        energyMin[t] *= kept
      }
    }
    band = (energyMin, energyMax)
    relaxBand()
    for place in request.others.indices {
      guard
        let other = PlanningModel(
          request.alone(place + 1),
          carried: place < othersCarried.count ? othersCarried[place] : nil)
      else { return nil }
      others.append(other)
      slack += other.slack
    }
  }

  /// Returns the model of the same request along another path, on which any production may be thrown away.
  func along(_ path: ForecastPath) -> PlanningModel {
    var model = self
    model.curtailmentKW = []
    for t in 0..<count {
      let load = path.loadKW[t]
      let pv = max(0, path.pvKW[t])
      model.loadKW[t] = load
      model.pvKW[t] = pv
      model.netKW[t] = load - pv
      model.dischargeKW[t] = max(0, min(mostDischargeKW[t], load + exportLimitKW[t]))
    }
    (model.energyMin, model.energyMax) = band
    model.slack = []
    model.relaxBand()
    return model
  }

  /// Whether every path has the band of this model: none is forced back into it from outside in a way that
  /// depends on its load.
  var sharesBand: Bool {
    guard start <= energyMax[0], band.max == energyMax,
      !beginsOutside(low: band.min[0], high: band.max[0])
    else { return false }
    // Without a roof over the import every path returns with all that may be charged.
    let hasRoof =
      importLimitKW.isFinite || demands.contains { $0.pricePerKW > 0 }
    if hasRoof, band.min != energyMin { return false }
    var high = start
    for t in 0..<count {
      let rested = high * retention
      if hasRoof && rested < energyMin[t] || t > 0 && energyMax[t] < energyMax[t - 1] {
        return false
      }
      high = min(rested + chargeKW[t] * stepHours * chargeEfficiency, energyMax[t])
    }
    return true
  }

  private static func areUsable(_ request: PlanRequest) -> Bool {
    let n = request.grid.count
    let e = request.envelope
    let columns = [
      request.loadKW, request.pvKW, request.prices.buyPerKWh, request.prices.sellPerKWh,
      e.chargeKW, e.dischargeKW, e.energyMinKWh, e.energyMaxKWh,
    ]
    for column in columns {
      guard column.count == n else { return false }
      for value in column where !(value.magnitude <= 1e9) { return false }
    }
    guard request.losableKWh.isEmpty || request.losableKWh.count == n,
      request.losableKWh.allSatisfy({ $0.magnitude <= 1e9 })
    else { return false }
    for value in [
      request.initialEnergyKWh, request.wearPerKWh, request.reserveKWh, e.chargeEfficiency,
      e.dischargeEfficiency, e.retentionPerStep,
    ] where !(value.magnitude <= 1e9) { return false }
    guard request.reservesKWh.isEmpty || request.reservesKWh.count == n,
      request.reservesKWh.allSatisfy({ $0.magnitude <= 1e9 })
    else { return false }
    guard request.importLimitKW.isUsable(slots: n), request.exportLimitKW.isUsable(slots: n) else {
      return false
    }
    for demand in request.prices.demands {
      guard demand.applies.count == n, demand.pricePerKW.magnitude <= 1e9,
        demand.pricePerKW >= 0, demand.incurredKW.magnitude <= 1e9, demand.meteringSlots >= 1,
        demand.held.map({
          $0.meteredKW.magnitude <= 1e9 && 0...1e9 ~= $0.linePricePerKW
        }) ?? true
      else { return false }
    }
    for block in request.prices.importBlocks {
      guard block.applies.count == n, block.surchargePerKWh >= 0,
        block.surchargePerKWh <= 1e9, block.limitKWh.magnitude <= 1e12
      else { return false }
    }
    guard request.curtailmentKW.isEmpty || request.curtailmentKW.count == n,
      request.curtailmentKW.allSatisfy({ $0.allSatisfy { $0 > 0 && $0 <= 1e9 } })
    else { return false }
    guard request.waitingLoads.allSatisfy({ $0.isUsable(count: n) }) else { return false }
    if let joint = request.jointPower {
      for column in [joint.chargeKW, joint.dischargeKW] {
        guard column.count == n, column.allSatisfy({ $0 >= 0 }) else { return false }
      }
    }
    guard request.powerSteps.minimumKW <= 1e9, request.powerSteps.stepsKW.allSatisfy({ $0 <= 1e9 })
    else { return false }
    return request.heat?.isUsable(count: n) ?? true
  }
}

// MARK: - A band that can be reached

extension PlanningModel {
  /// Room left beside a limit that was moved, so that a rounding cannot close it. [kWh]
  static let bandRounding = 1e-9

  private mutating func holdReserve(_ request: PlanRequest) {
    guard request.reserveKWh > 0 || !request.reservesKWh.isEmpty else { return }
    for t in 0..<count {
      energyMin[t] = max(energyMin[t], min(request.reserveKWh(after: t), energyMax[t]))
    }
  }

  /// Moves band limits that cannot be held from the start energy, and lists them.
  ///
  /// From outside the battery comes back as ``openWayBack()`` says; elsewhere, only as fast as that costs no limit
  /// and no new peak.
  private mutating func relaxBand() {
    var low = start
    var high = start
    var (missing, surplus) = openWayBack()
    for t in 0..<count {
      if energyMin[t] > energyMax[t] {
        missing += energyMin[t] - energyMax[t]
        energyMin[t] = energyMax[t]
      }
      let rested = (low: low * retention, high: high * retention)
      let up = rested.high < energyMin[t] ? gentleChargeKW(t) : chargeKW[t]
      let down = rested.low > energyMax[t] ? gentleDischargeKW(t) : dischargeKW[t]
      let reachHigh = rested.high + up * stepHours * chargeEfficiency
      let reachLow = max(
        min(0, energyMin[t]), rested.low - down * stepHours / dischargeEfficiency)
      if reachHigh - Self.bandRounding < energyMin[t] {
        missing += max(0, energyMin[t] - reachHigh)
        energyMin[t] = reachHigh - Self.bandRounding * max(1, reachHigh)
      }
      if reachLow + Self.bandRounding > energyMax[t] {
        surplus += max(0, reachLow - energyMax[t])
        energyMax[t] = reachLow + Self.bandRounding * max(1, reachLow)
      }
      low = max(reachLow, energyMin[t])
      high = min(reachHigh, energyMax[t])
    }
    // What a slot of self-discharge takes from an empty battery is not worth a report.
    let noticeable = noticeableKWh
    for (rule, amount) in [("energy_min", missing), ("energy_max", surplus)]
    where amount > noticeable {
      slack.append(PlanSlack(rule: rule, amount: amount, cost: 0))
    }
  }

  func gentleChargeKW(_ t: Int) -> Double {
    var roof = importLimitKW[t]
    for demand in demands where demand.applies[t] && demand.pricePerKW > 0 {
      roof = min(roof, max(0, demand.incurredKW))
    }
    return max(0, min(chargeKW[t], roof - netKW[t]))
  }

  func gentleDischargeKW(_ t: Int) -> Double {
    max(0, min(dischargeKW[t], netKW[t] + exportLimitKW[t]))
  }
}
