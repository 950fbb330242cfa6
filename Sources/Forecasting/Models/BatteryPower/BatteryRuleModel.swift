import TimeSeries

/// What self-consumption control would do from an issue on, with the net load that is expected then.
///
/// The net load of a slot is expected as its mean over the newest seven known days. The energy stored
/// at the issue is the newest measured state of charge of the last day, else the measured battery
/// power added up over three days from half full.
struct RuleForecast {
  static let meanDays = 7
  /// Expected load less production, one value per slot asked for. [kW]
  let netKW: [Double]
  /// Battery power, one value per slot asked for. [kW]
  let powerKW: [Double]

  /// Nothing without a battery, or without a load.
  init?(_ frame: IssueFrame, state: QuantityState) {
    guard let battery = state.site.battery, battery.capacityKWh > 0,
      let load = state.observed[.load]
    else { return nil }
    let pv = state.observed[.pv]
    func net(_ i: Int) -> Double {
      load[load.startIndex + i] - (pv.map { $0[$0.startIndex + i] } ?? 0)
    }
    // The slots between the newest known one and the first asked for have to be lived through too.
    let expected = (frame.known..<frame.first + frame.count).map { v -> Double in
      var sum = 0.0
      var count = 0
      let newest = state.profile.daysBack(v, known: frame.known)
      for day in newest..<newest + RuleForecast.meanDays {
        let i = state.profile.place(v, daysBefore: day)
        guard i >= 0 else { break }
        let value = net(i)
        if value.isFinite {
          sum += value
          count += 1
        }
      }
      return count > 0 ? sum / Double(count) : .nan
    }
    let socFraction = RuleForecast.storedFraction(frame.known, state: state, battery: battery)
    let power = selfConsumptionPower(
      loadKW: expected, pvKW: [Double](repeating: 0, count: expected.count),
      stepHours: state.profile.stepHours,
      initialEnergyKWh: socFraction * battery.capacityKWh, limits: battery)
    let skipped = frame.first - frame.known
    netKW = Array(expected.dropFirst(skipped))
    powerKW = zip(power, expected).dropFirst(skipped).map { $1.isFinite ? $0 : .nan }
  }

  /// The newest state of charge measured within a day before slot `known`.
  static func newestSOC(_ known: Int, state: QuantityState) -> Double? {
    state.observed[.stateOfCharge]?.prefix(known).suffix(state.profile.slotsPerDay)
      .last { $0.isFinite }
  }

  private static func storedFraction(
    _ known: Int, state: QuantityState, battery: StorageLimits
  ) -> Double {
    if let measured = newestSOC(known, state: state) { return min(1, max(0, measured)) }
    var stored = battery.capacityKWh / 2
    for i in max(0, known - 3 * state.profile.slotsPerDay)..<known {
      let power = state.profile.values[i]
      guard power.isFinite else { continue }
      let energy = power * state.profile.stepHours
      stored -=
        energy > 0 ? energy / battery.dischargeEfficiency : energy * battery.chargeEfficiency
      stored = min(battery.capacityKWh, max(0, stored))
    }
    return stored / battery.capacityKWh
  }
}

/// Battery power by rule: self-consumption under the net load of the newest week.
struct BatteryRuleModel: SlotModel {
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    if let outlook = RuleForecast(frame, state: state) { values = outlook.powerKW }
  }
}
