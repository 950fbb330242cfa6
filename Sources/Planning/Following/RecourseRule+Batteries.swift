/// What one of several batteries can do in a control tick, as measured.
public struct BatterySituation: Sendable {
  /// Stored energy on the scale of the plan's envelope. [kWh]
  public var storedKWh: Double
  /// Most it can charge now. [kW]
  public var chargeLimitKW: Double
  /// Most it can discharge now. [kW]
  public var dischargeLimitKW: Double
  /// Efficiency of charging, AC to stored.
  public var chargeEfficiency: Double
  /// Efficiency of discharging, stored to AC.
  public var dischargeEfficiency: Double
  /// Wear per discharged energy. [currency/kWh]
  public var wearPerKWh: Double
  /// Powers at which its inverter can run.
  public var powerSteps = PowerSteps.free

  /// Creates a situation.
  public init(
    storedKWh: Double, chargeLimitKW: Double, dischargeLimitKW: Double, chargeEfficiency: Double,
    dischargeEfficiency: Double, wearPerKWh: Double
  ) {
    self.storedKWh = storedKWh
    self.chargeLimitKW = chargeLimitKW
    self.dischargeLimitKW = dischargeLimitKW
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
    self.wearPerKWh = wearPerKWh
  }
}

extension RecourseRule {
  /// Returns what each of several batteries does in a tick of a slot of a plan.
  ///
  /// The rule decides what all do together; whose energy is worth least gives first, and whose is worth most is
  /// filled first, each within its limits. Batteries whose energy is worth the same share in proportion to what
  /// they can. With *battery set-point* each follows its own part of the plan.
  ///
  /// - Parameters:
  ///   - plan: The plan in force, made for as many batteries.
  ///   - slot: The plan's slot now.
  ///   - situation: What is measured now; its limits are those of all batteries together, what it says of energy,
  ///     efficiency and wear of one counts nowhere.
  ///   - batteries: What each battery can do.
  /// - Returns: Power of each battery, positive when discharging, and curtailment. [kW]
  public func requests(
    plan: Plan, slot: Int, situation: RecourseSituation, batteries: [BatterySituation]
  ) -> (batteryKW: [Double], curtailKW: Double) {
    let hours = situation.seconds / 3600
    let order = MeritOrder(batteries, plan: plan, slot: slot, hours: hours)
    var all = situation
    all.chargeLimitKW = min(
      situation.chargeLimitKW, batteries.reduce(0) { $0 + $1.chargeLimitKW })
    all.dischargeLimitKW = min(
      situation.dischargeLimitKW, batteries.reduce(0) { $0 + $1.dischargeLimitKW })
    var powers: [Double]
    switch self {
    case .batterySetPoint:
      powers = batteries.indices.map { b in
        min(
          batteries[b].dischargeLimitKW,
          max(-batteries[b].chargeLimitKW, plan.batteryKW(slot, of: b)))
      }
      let sum = powers.reduce(0, +)
      let allowed = min(all.dischargeLimitKW, max(-all.chargeLimitKW, sum))
      if abs(sum - allowed) > 1e-9 { powers = order.powers(summingTo: allowed) }
    case .valueStep:
      powers = order.powers(summingTo: order.cheapestKW(plan: plan, slot: slot, all))
    case .gridSetPoint, .modeBand:
      powers = order.powers(summingTo: batteryKW(plan: plan, slot: slot, all))
    }
    if batteries.contains(where: { !$0.powerSteps.isFree }) {
      powers = stepped(powers, plan: plan, slot: slot, all, batteries)
    }
    return (
      powers,
      Self.curtailKW(plan: plan, slot: slot, all, batteryKW: powers.reduce(0, +))
    )
  }
}

extension RecourseRule {
  /// Returns powers at which the inverters can run next to those that would be best if any were allowed. [kW]
  ///
  /// Each battery with steps takes one of the powers next to its own, and those without make of it what is cheapest. The
  /// value step takes the cheapest of all such choices, other rules that which changes powers least.
  private func stepped(
    _ wantedKW: [Double], plan: Plan, slot: Int, _ s: RecourseSituation,
    _ batteries: [BatterySituation]
  ) -> [Double] {
    let held = batteries.indices.filter { !batteries[$0].powerSteps.isFree }
    var choices: [[Double]] = [[Double](repeating: 0, count: batteries.count)]
    for b in held {
      let around = batteries[b].powerSteps.around(
        wantedKW[b], chargeKW: batteries[b].chargeLimitKW,
        dischargeKW: batteries[b].dischargeLimitKW)
      choices = choices.flatMap { choice in
        around.map { power in
          var next = choice
          next[b] = power
          return next
        }
      }
    }
    var free = batteries
    for b in held {
      free[b].chargeLimitKW = 0
      free[b].dischargeLimitKW = 0
    }
    let order = MeritOrder(free, plan: plan, slot: slot, hours: s.seconds / 3600)
    var best: (powersKW: [Double], rank: Double)?
    for choice in choices {
      let fixedKW = choice.reduce(0, +)
      guard fixedKW <= s.dischargeLimitKW + 1e-9, -fixedKW <= s.chargeLimitKW + 1e-9 else {
        continue
      }
      var rest = s
      rest.loadKW -= fixedKW
      rest.chargeLimitKW = min(
        s.chargeLimitKW + fixedKW, free.reduce(0) { $0 + $1.chargeLimitKW })
      rest.dischargeLimitKW = min(
        s.dischargeLimitKW - fixedKW, free.reduce(0) { $0 + $1.dischargeLimitKW })
      let sumKW =
        self == .valueStep
        ? order.cheapestKW(plan: plan, slot: slot, rest)
        : min(
          rest.dischargeLimitKW, max(-rest.chargeLimitKW, wantedKW.reduce(0, +) - fixedKW))
      let powers = zip(order.powers(summingTo: sumKW), choice).map { $0 + $1 }
      let rank =
        self == .valueStep
        ? ValueStep.cost(ofKW: powers, plan: plan, slot: slot, s, batteries)
        : zip(powers, wantedKW).reduce(0) { $0 + abs($1.0 - $1.1) }
      if best.map({ rank < $0.rank - 1e-12 * max(1, abs($0.rank)) }) ?? true {
        best = (powers, rank)
      }
    }
    return best?.powersKW ?? wantedKW.map { _ in 0 }
  }
}

extension ValueStep {
  /// Returns what powers of several batteries cost in a tick, with the cost to go of what they leave; only differences
  /// count. [currency]
  fileprivate static func cost(
    ofKW powersKW: [Double], plan: Plan, slot: Int, _ s: RecourseSituation,
    _ batteries: [BatterySituation]
  ) -> Double {
    let hours = s.seconds / 3600
    let price = price(plan: plan, slot: slot, s)
    var cost =
      hours
      * price.cost(
        atKW: price.cheapestKW(
          netKW: s.netKW - powersKW.reduce(0, +), amountsKW: s.curtailmentKW))
    for (b, battery) in batteries.enumerated() {
      let power = powersKW[b]
      let stored =
        power > 0
        ? -power * hours / battery.dischargeEfficiency : -power * hours * battery.chargeEfficiency
      cost +=
        battery.wearPerKWh * max(0, power) * hours
        + costToGo(
          after: slot, storedKWh: battery.storedKWh, changeKWh: stored,
          plan.batteries[b].valueFunction,
          worthPerKWh: plan.batteries[b].energyValuePerKWh[slot])
    }
    return cost
  }
}

/// What a kW more of several batteries costs, from all charging as hard as they may on.
///
/// No battery charges another one: what a difference of worths promises the losses of both take, and what may be
/// charged from the grid is not got round.
struct MeritOrder {
  /// A stretch of power of one battery at one price.
  private struct Step {
    var battery: Int
    var widthKW: Double
    /// Price of a kWh at the AC side. [currency/kWh]
    var pricePerKWh: Double
  }

  /// Prices closer than this are the same. [currency/kWh]
  private static let samePrice = 1e-9

  /// Power of each battery that charges as hard as it may. [kW]
  private let lowestKW: [Double]
  /// First what charges, then what discharges.
  private let steps: [Step]
  private let chargingSteps: Int
  private let hours: Double

  init(_ batteries: [BatterySituation], plan: Plan, slot: Int, hours: Double) {
    var lowest: [Double] = []
    var charging: [Step] = []
    var discharging: [Step] = []
    for (b, battery) in batteries.enumerated() {
      let value = plan.batteries[b].valueFunction.flatMap { slot < $0.slotCount ? $0 : nil }
      let charge = battery.chargeLimitKW
      let discharge = battery.dischargeLimitKW
      lowest.append(-charge)
      guard hours > 0 else { continue }
      let perCharge = hours * battery.chargeEfficiency
      let perDischarge = hours / battery.dischargeEfficiency
      var stored = battery.storedKWh
      if let range = value?.energyRange(after: slot) {
        stored = min(max(stored, range.lowerBound), range.upperBound)
      }
      let worth = plan.batteries[b].energyValuePerKWh[slot]
      func pieces(_ low: Double, _ high: Double) -> [(widthKWh: Double, perKWh: Double)] {
        value?.worths(after: slot, from: low, to: high) ?? [(high - low, worth)]
      }
      var known = 0.0
      for piece in pieces(stored, stored + charge * perCharge) {
        charging.append(
          Step(
            battery: b, widthKW: piece.widthKWh / perCharge,
            pricePerKWh: piece.perKWh * battery.chargeEfficiency))
        known += piece.widthKWh / perCharge
      }
      // A battery does not charge beyond what its cost to go knows.
      lowest[b] = -min(charge, known)
      for piece in pieces(stored - discharge * perDischarge, stored) {
        discharging.append(
          Step(
            battery: b, widthKW: piece.widthKWh / perDischarge,
            pricePerKWh: piece.perKWh / battery.dischargeEfficiency + battery.wearPerKWh))
      }
    }
    lowestKW = lowest
    self.hours = hours
    chargingSteps = charging.count
    // Steps of one price keep the order of the batteries.
    func sorted(_ steps: [Step]) -> [Step] {
      steps.enumerated().sorted {
        ($0.element.pricePerKWh, $0.offset) < ($1.element.pricePerKWh, $1.offset)
      }.map(\.element)
    }
    steps = sorted(charging) + sorted(discharging)
  }

  /// Returns the cheapest powers of a sum, or of the nearest sum that there is. [kW]
  func powers(summingTo sumKW: Double) -> [Double] {
    var powers = lowestKW
    var missing = sumKW - lowestKW.reduce(0, +)
    var first = 0
    while first < steps.count, missing > 0 {
      let price = steps[first].pricePerKWh
      var end = first
      var width = 0.0
      let last = first < chargingSteps ? chargingSteps : steps.count
      while end < last, steps[end].pricePerKWh <= price + Self.samePrice {
        width += steps[end].widthKW
        end += 1
      }
      let share = width > 0 ? min(1, missing / width) : 0
      for step in steps[first..<end] { powers[step.battery] += share * step.widthKW }
      missing -= width
      first = end
    }
    return powers
  }

  /// Returns the power of all that makes the tick with what comes after it cheapest. [kW]
  ///
  /// The cost bends where the energy of a battery changes its worth and where the price at the meter does; one of
  /// these is the cheapest. Of equal costs the smallest power counts.
  func cheapestKW(plan: Plan, slot: Int, _ s: RecourseSituation) -> Double {
    guard hours > 0 else { return 0 }
    let price = ValueStep.price(plan: plan, slot: slot, s)
    let start = lowestKW.reduce(0, +)
    let full = steps.reduce(start) { $0 + $1.widthKW }
    let low = max(start, -s.chargeLimitKW)
    let high = max(low, min(full, s.dischargeLimitKW, max(0, s.loadKW + s.exportLimitKW)))
    var bends: [Double] = [0, -s.exportLimitKW]
    for k in 0..<price.caps.count { bends.append(price.caps.above[k]) }
    var candidates: [Double] = [low, high, 0]
    for bend in bends where bend.isFinite {
      candidates.append(s.netKW - bend)
      // The same with all production thrown away.
      if !price.neverCurtails { candidates.append(s.netKW + s.pvKW - bend) }
      for amount in s.curtailmentKW { candidates.append(s.netKW + amount - bend) }
    }
    var best: (power: Double, cost: Double)?
    func consider(_ power: Double, _ paid: Double) {
      guard power >= low, power <= high else { return }
      let cost =
        paid
        + price.cost(
          atKW: price.cheapestKW(netKW: s.netKW - power, amountsKW: s.curtailmentKW))
      guard let known = best else {
        best = (power, cost)
        return
      }
      let tie = 1e-10 * max(1, abs(known.cost))
      if cost < known.cost - tie || cost <= known.cost + tie && abs(power) < abs(known.power) {
        best = (power, cost)
      }
    }
    candidates.sort()
    // One way up through the steps, with what they cost so far. [currency/h]
    var at = start
    var paid = 0.0
    var next = 0
    for step in steps {
      while next < candidates.count, candidates[next] < at { next += 1 }
      while next < candidates.count, candidates[next] <= at + step.widthKW {
        consider(candidates[next], paid + (candidates[next] - at) * step.pricePerKWh)
        next += 1
      }
      at += step.widthKW
      paid += step.widthKW * step.pricePerKWh
      consider(at, paid)
    }
    return best?.power ?? min(max(0, low), high)
  }
}
