import Numerics
import Planning
import Tariffs
import TimeSeries

/// Seeded requests that visit the corners of planning: flat and negative prices, dead batteries, tight
/// bands, self-discharge, exports dearer than imports, limits and peaks.
struct RandomInstances {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed, label: "plan instances") }

  mutating func chance(_ p: Double) -> Bool { generator.uniform() < p }

  mutating func request(allowsDemand: Bool = true, allowsNegative: Bool = true) -> PlanRequest {
    let n = 4 + Int(generator.uniform() * 60)
    let step = chance(0.5) ? 900 : 3600
    let quantised = chance(0.4)
    let negative = chance(0.2) && allowsNegative
    func quantise(_ x: Double) -> Double { quantised ? (x * 20).rounded() / 20 : x }
    var buy = [Double](repeating: 0, count: n)
    var sell = buy
    var load = buy
    var pv = buy
    let isFlat = chance(0.1)
    let inverts = chance(0.1)
    let freeSell = chance(0.2)
    for t in 0..<n {
      buy[t] = isFlat ? 0.2 : quantise(generator.uniform(negative ? -0.3 : 0.02, 0.5))
      sell[t] = freeSell ? 0 : quantise(buy[t] - generator.uniform(inverts ? -0.05 : 0, 0.2))
      load[t] = quantise(generator.uniform(0, 6))
      pv[t] = chance(0.5) ? 0 : quantise(generator.uniform(0, 8))
    }
    let capacity = chance(0.05) ? 0 : generator.uniform(1, 20)
    let start = capacity * generator.uniform()
    var envelope = PowerEnvelope.constant(
      count: n, chargeKW: chance(0.05) ? 0 : generator.uniform(0.5, 8),
      dischargeKW: chance(0.05) ? 0 : generator.uniform(0.5, 8), energyMaxKWh: capacity,
      chargeEfficiency: chance(0.2) ? 1 : generator.uniform(0.8, 1),
      dischargeEfficiency: chance(0.2) ? 1 : generator.uniform(0.8, 1),
      retentionPerStep: chance(0.7) ? 1 : generator.uniform(0.98, 1))
    if chance(0.3) {
      for t in 0..<n {
        envelope.chargeKW[t] *= generator.uniform()
        envelope.dischargeKW[t] *= generator.uniform()
        envelope.energyMinKWh[t] = capacity * generator.uniform(0, 0.4)
        envelope.energyMaxKWh[t] = capacity * generator.uniform(0.5, 1)
      }
    }
    if chance(0.05) {
      for t in 0..<n where chance(0.3) { envelope.energyMinKWh[t] = envelope.energyMaxKWh[t] }
    }
    var demands: [DemandPrice] = []
    if allowsDemand, chance(0.4) {
      for k in 0...(chance(0.3) ? 1 : 0) {
        let from = Int(generator.uniform() * Double(n) * 0.5)
        demands.append(
          DemandPrice(
            label: "peak \(k)", pricePerKW: generator.uniform(0.1, 10),
            applies: (0..<n).map { $0 >= from },
            incurredKW: chance(0.5) ? 0 : generator.uniform(0, 6)))
      }
    }
    let terminals: [TerminalValue] = [
      .none, .perKWh(generator.uniform(0, 0.4)), .equalToStart, .priceQuantile(0.3),
      .table([
        TerminalPoint(energyKWh: 0, value: 0), TerminalPoint(energyKWh: capacity / 3, value: 2),
        TerminalPoint(energyKWh: capacity, value: 3),
      ]),
    ]
    func limit(_ range: ClosedRange<Double>) -> PowerLimit {
      func draw() -> Double { generator.uniform(range.lowerBound, range.upperBound) }
      guard chance(0.5) else { return PowerLimit(draw()) }
      return PowerLimit(slotsKW: (0..<n).map { _ in chance(0.2) ? .infinity : draw() })
    }
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: step, count: n), loadKW: load, pvKW: pv,
      prices: PlanningPrices(buyPerKWh: buy, sellPerKWh: sell, demands: demands),
      envelope: envelope, initialEnergyKWh: start,
      importLimitKW: chance(0.8) ? .infinity : limit(2...10),
      exportLimitKW: chance(0.6) ? .infinity : chance(0.3) ? 0 : limit(0...8),
      wearPerKWh: chance(0.5) ? 0 : generator.uniform(0, 0.05),
      terminal: terminals[Int(generator.uniform() * 5)])
  }
}
