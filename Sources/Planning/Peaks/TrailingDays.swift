/// Past days in one piece, through which a battery is run under targets.
struct TrailingDays {
  private let charges: Int
  private let kindOf: [Int]
  private let daysOfKind: [Int]
  /// First slot of each day, and the end.
  private var bounds = [0]
  private var netKW: [Double] = []
  private var buy: [Double] = []
  private var sell: [Double] = []
  /// Charges that count in each slot, one bit each.
  private var counting: [Int] = []

  init(_ days: [TrailingTarget.Day], kinds: Int, charges: Int) {
    self.charges = charges
    kindOf = days.map(\.kind)
    daysOfKind = (0..<kinds).map { kind in days.count { $0.kind == kind } }
    for day in days {
      netKW += day.netKW
      buy += day.buyPerKWh
      sell += day.sellPerKWh
      for t in day.netKW.indices {
        counting.append((0..<charges).reduce(0) { $0 | (day.counts[$1][t] ? 1 << $1 : 0) })
      }
      bounds.append(netKW.count)
    }
  }

  /// Highest load less production among the slots that count for a charge. [kW]
  func highestKW(charge: Int) -> Double {
    netKW.indices.reduce(0) { counting[$1] >> charge & 1 == 1 ? max($0, netKW[$1]) : $0 }
  }

  /// What a run through the days comes to.
  struct Run {
    /// Highest import of each day among the slots that count, one list per charge. [kW]
    var highestKW: [[Double]]
    /// Cost of energy and wear of each day. [currency]
    var cost: [Double]
  }

  /// Runs a battery, full at first, that discharges what lies above the lowest target that counts and
  /// charges up to it.
  func run(_ targets: [Double], battery: TrailingTarget.Battery, stepHours: Double) -> Run {
    let days = kindOf.count
    var run = Run(
      highestKW: [[Double]](repeating: [Double](repeating: 0, count: days), count: charges),
      cost: [Double](repeating: 0, count: days))
    // The lowest of the targets by which of them count.
    let level = (0..<1 << charges).map { mask in
      (0..<charges).reduce(Double.infinity) { mask >> $1 & 1 == 1 ? min($0, targets[$1]) : $0 }
    }
    var storedKWh = battery.capacityKWh
    for day in 0..<days {
      var money = 0.0
      for t in bounds[day]..<bounds[day + 1] {
        let mask = counting[t]
        let above = netKW[t] - level[mask]
        var grid = netKW[t]
        if above > 0 {
          let power = min(
            above, battery.dischargeKW, storedKWh * battery.dischargeEfficiency / stepHours)
          storedKWh -= power * stepHours / battery.dischargeEfficiency
          grid -= power
          money += battery.wearPerKWh * power
        } else {
          let room = max(0, battery.capacityKWh - storedKWh)
          let power = min(
            -above, battery.chargeKW, room / (battery.chargeEfficiency * stepHours))
          storedKWh += power * stepHours * battery.chargeEfficiency
          grid += power
        }
        money += grid > 0 ? buy[t] * grid : sell[t] * grid
        for c in 0..<charges where mask >> c & 1 == 1 {
          run.highestKW[c][day] = max(run.highestKW[c][day], grid)
        }
      }
      run.cost[day] = money * stepHours
    }
    return run
  }

  /// Mean of a value over the days of a kind.
  func mean(of values: [Double], kind: Int) -> Double {
    var sum = 0.0
    for day in kindOf.indices where kindOf[day] == kind { sum += values[day] }
    return sum / Double(max(1, daysOfKind[kind]))
  }

  /// Expected highest import of the days left, each drawn from the past days of its kind, or a least
  /// value where that is higher. [kW]
  func expectedHighest(of highestKW: [Double], daysLeft: [Int], least: Double) -> Double {
    let days = kindOf.indices.filter { daysLeft[kindOf[$0]] > 0 }
      .sorted { highestKW[$0] < highestKW[$1] }
    var below = [Int](repeating: 0, count: daysLeft.count)
    var reached = 0.0
    var expected = 0.0
    for day in days {
      below[kindOf[day]] += 1
      // Chance that no day left is higher than this one.
      var chance = 1.0
      for kind in daysLeft.indices {
        let share = Double(below[kind]) / Double(max(1, daysOfKind[kind]))
        for _ in 0..<daysLeft[kind] { chance *= share }
      }
      expected += (chance - reached) * max(least, highestKW[day])
      reached = chance
    }
    return expected
  }
}
