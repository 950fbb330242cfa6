package import Tariffs
internal import TimeSeries

extension PlanRequest {
  /// Returns the request of a part of the slots at prices of its own.
  package func part(_ slots: Range<Int>, prices: PlanningPrices) -> PlanRequest {
    var part = self
    part.grid = grid[slots]
    part.loadKW = Array(loadKW[slots])
    part.pvKW = Array(pvKW[slots])
    part.losableKWh = losableKWh.isEmpty ? [] : Array(losableKWh[slots])
    part.curtailmentKW = curtailmentKW.isEmpty ? [] : Array(curtailmentKW[slots])
    part.reservesKWh = reservesKWh.isEmpty ? [] : Array(reservesKWh[slots])
    part.prices = prices
    part.importLimitKW = importLimitKW[slots]
    part.exportLimitKW = exportLimitKW[slots]
    part.envelope = envelope.part(slots)
    part.others = others.map { $0.part(slots) }
    part.jointPower = jointPower?.part(slots)
    part.waitingLoads = waitingLoads.map { $0.part(slots, of: grid.count) }
    return part
  }
}

extension PlanningPrices {
  /// Returns the prices of a part of the slots; peaks and blocks that none of them counts for are left out.
  package func part(_ slots: Range<Int>) -> PlanningPrices {
    var part = PlanningPrices(
      buyPerKWh: Array(buyPerKWh[slots]), sellPerKWh: Array(sellPerKWh[slots]))
    for var demand in demands where demand.applies[slots].contains(true) {
      demand.applies = Array(demand.applies[slots])
      part.demands.append(demand)
    }
    for var block in importBlocks where block.applies[slots].contains(true) {
      block.applies = Array(block.applies[slots])
      part.importBlocks.append(block)
    }
    return part
  }
}

extension WaitingLoad {
  /// Returns a part of the slots at no less than its cost can be: a later one begins with a full store, an
  /// earlier one leaves what is worth nothing.
  func part(_ slots: Range<Int>, of count: Int) -> WaitingLoad {
    var part = WaitingLoad(
      name: name, powerKW: Array(powerKW[slots]), storedPerKWh: Array(storedPerKWh[slots]),
      capacityKWh: Array(capacityKWh[slots]), drawKWh: Array(drawKWh[slots]),
      optionalKWh: Array(optionalKWh[slots]), retentionPerStep: retentionPerStep,
      startKWh: startKWh, unmetPerKWh: unmetPerKWh, optionalPerKWh: optionalPerKWh,
      endPerKWh: slots.upperBound == count ? endPerKWh : 0)
    if !leastKW.isEmpty { part.leastKW = Array(leastKW[slots]) }
    if slots.lowerBound > 0 { part.startKWh = capacityKWh[slots.lowerBound - 1] }
    return part
  }
  /// Returns the load with slots before it in which nothing happens, at the end of which it stores as much.
  package func beginning(after slots: Int) -> WaitingLoad {
    func before(_ value: Double, _ values: [Double]) -> [Double] {
      [Double](repeating: value, count: slots) + values
    }
    var later = self
    for _ in 0..<slots { later.startKWh /= max(1e-9, retentionPerStep) }
    later.powerKW = before(0, powerKW)
    if !leastKW.isEmpty { later.leastKW = before(0, leastKW) }
    later.storedPerKWh = before(1, storedPerKWh)
    later.capacityKWh = before(later.startKWh, capacityKWh)
    later.drawKWh = before(0, drawKWh)
    later.optionalKWh = before(0, optionalKWh)
    return later
  }
}
