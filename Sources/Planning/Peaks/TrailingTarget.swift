/// The peaks that a month is best held to, judged by days that have passed.
///
/// Each choice of targets is run through the past days in one piece: the battery discharges what lies
/// above a target and charges up to it below. What the days would still have metered, each to the power
/// of the days of its kind that are left, is the law of the highest import that is yet to come, and the
/// choice that costs the least in expectation is taken. A target counts as spent. One charge is tried at
/// thirty levels, two at sixteen times twelve pairs; more are not held.
///
/// Nothing but days that have passed, the battery, the charges with what is paid for, and the number of
/// days left goes in, so a target cannot know the future. Efficiencies, self-discharge left out, and limits
/// are constant; days are taken to be independent.
package struct TrailingTarget: Sendable {
  /// A day that has passed, on slots of one length.
  package struct Day: Sendable {
    /// Kind of day, such as workday or day of rest, from 0.
    package var kind: Int
    /// Load less production, one per slot. [kW]
    package var netKW: [Double]
    /// Price of import, one per slot. [currency/kWh]
    package var buyPerKWh: [Double]
    /// Value of export, one per slot. [currency/kWh]
    package var sellPerKWh: [Double]
    /// Whether a slot of that hour and kind of day counts: one list per charge, one value per slot.
    package var counts: [[Bool]]

    /// Creates a day.
    package init(
      kind: Int, netKW: [Double], buyPerKWh: [Double], sellPerKWh: [Double], counts: [[Bool]]
    ) {
      self.kind = kind
      self.netKW = netKW
      self.buyPerKWh = buyPerKWh
      self.sellPerKWh = sellPerKWh
      self.counts = counts
    }
  }

  /// A charge on the highest import of the month.
  package struct Charge: Sendable {
    /// Price of one more kW. [currency/kW]
    package var pricePerKW: Double
    /// Peak that is paid for already. [kW]
    package var incurredKW: Double

    /// Creates a charge.
    package init(pricePerKW: Double, incurredKW: Double) {
      self.pricePerKW = pricePerKW
      self.incurredKW = incurredKW
    }
  }

  /// What the battery can do.
  package struct Battery: Sendable {
    /// Most charging power. [kW]
    package var chargeKW: Double
    /// Most discharging power. [kW]
    package var dischargeKW: Double
    /// Energy between empty and full. [kWh]
    package var capacityKWh: Double
    /// Efficiency of charging, AC to stored.
    package var chargeEfficiency: Double
    /// Efficiency of discharging, stored to AC.
    package var dischargeEfficiency: Double
    /// Wear per discharged energy. [currency/kWh]
    package var wearPerKWh: Double

    /// Creates limits.
    package init(
      chargeKW: Double, dischargeKW: Double, capacityKWh: Double, chargeEfficiency: Double,
      dischargeEfficiency: Double, wearPerKWh: Double = 0
    ) {
      self.chargeKW = chargeKW
      self.dischargeKW = dischargeKW
      self.capacityKWh = capacityKWh
      self.chargeEfficiency = chargeEfficiency
      self.dischargeEfficiency = dischargeEfficiency
      self.wearPerKWh = wearPerKWh
    }
  }

  /// Most charges that are held together.
  package static let mostCharges = 2
  /// Levels of each charge, by how many charges there are.
  private static let levels = [[30], [16, 12]]
  /// The lowest level lies below the highest load by this much of the battery's power.
  private static let powerShare = 1.15
  /// The highest level is this much of the highest load.
  private static let topShare = 1.02

  /// Costs closer than this share are the same.
  private static let rounding = 1e-12

  /// Targets, one per charge. [kW]
  package let targetsKW: [Double]
  /// Expected cost of the rest of the month at the targets: demand, energy and wear. [currency]
  package let expectedCost: Double

  /// Chooses the targets, or nothing for no or too many charges, or without a past day of a kind that is
  /// left.
  ///
  /// - Parameters:
  ///   - charges: One or two charges.
  ///   - days: Days that have passed, the oldest first.
  ///   - daysLeft: Days of each kind that are left in the month, today included.
  ///   - battery: What the battery can do.
  ///   - stepHours: Length of a slot. [h]
  package init?(
    charges: [Charge], days: [Day], daysLeft: [Int], battery: Battery, stepHours: Double
  ) {
    guard 1...Self.mostCharges ~= charges.count,
      daysLeft.indices.allSatisfy({ kind in
        daysLeft[kind] == 0 || days.contains { $0.kind == kind }
      }), daysLeft.contains(where: { $0 > 0 })
    else { return nil }
    let past = TrailingDays(days, kinds: daysLeft.count, charges: charges.count)
    let grids = charges.indices.map { c in
      Self.grid(
        topKW: past.highestKW(charge: c), batteryKW: battery.dischargeKW,
        count: Self.levels[charges.count - 1][c])
    }
    var best: (targets: [Double], cost: Double)?
    for first in grids[0] {
      for second in grids.count > 1 ? grids[1] : [.infinity] {
        let targets = grids.count > 1 ? [first, second] : [first]
        let run = past.run(targets, battery: battery, stepHours: stepHours)
        var cost = 0.0
        for kind in daysLeft.indices where daysLeft[kind] > 0 {
          cost += Double(daysLeft[kind]) * past.mean(of: run.cost, kind: kind)
        }
        for (c, charge) in charges.enumerated() {
          cost +=
            charge.pricePerKW
            * past.expectedHighest(
              of: run.highestKW[c], daysLeft: daysLeft, least: max(charge.incurredKW, targets[c]))
        }
        // Of levels that cost the same the highest counts: lower ones cannot be held.
        let least = best?.cost ?? .infinity
        if cost <= least + Self.rounding * abs(least) { best = (targets, cost) }
      }
    }
    guard let best else { return nil }
    targetsKW = best.targets
    expectedCost = best.cost
  }

  /// Levels from what the battery could shave at most to a little above the highest load. [kW]
  private static func grid(topKW: Double, batteryKW: Double, count: Int) -> [Double] {
    let low = max(0, topKW - powerShare * batteryKW)
    let high = topShare * max(0, topKW)
    return (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
  }
}
