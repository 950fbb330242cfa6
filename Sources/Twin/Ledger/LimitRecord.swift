/// What one cause kept a battery from: capability withheld, asked for or not, and energy refused.
///
/// *Withheld* is the rated power less what a derating rule leaves of it, summed up over time in each
/// direction whether anybody asks for it or not. The rated power of a direction is the inverter's rating,
/// or the highest rate of the cells at their nominal voltage where that is lower. Where several rules
/// act on a direction, the tightest one has the whole of it. Ratings withhold nothing, and neither do
/// an empty or full cell and a cell at its voltage limit: these depend on what was done before, so they
/// count only where something was asked for.
///
/// *Refused* is AC energy that was asked for and not given, whatever the cause.
public struct LimitRecord: Sendable, Equatable {
  /// The cause.
  public var cause: ClipCause
  /// Energy of the rated power that could not be had in each direction, and for how long. [kWh] [s]
  public var withheldChargeKWh: Double
  public var withheldDischargeKWh: Double
  public var withheldChargeSeconds: Double
  public var withheldDischargeSeconds: Double
  /// Energy asked for and not given in each direction. [kWh]
  public var refusedChargeKWh: Double
  public var refusedDischargeKWh: Double
}

extension TwinLedger {
  /// What each cause withheld or refused, in the order of causes; those that did neither are left out.
  public var limits: [LimitRecord] {
    ClipCause.allCases.compactMap { cause in
      let record = LimitRecord(
        cause: cause, withheldChargeKWh: withheld.charge[cause],
        withheldDischargeKWh: withheld.discharge[cause],
        withheldChargeSeconds: withheldTime.charge[cause],
        withheldDischargeSeconds: withheldTime.discharge[cause],
        refusedChargeKWh: refused.charge[cause], refusedDischargeKWh: refused.discharge[cause])
      let isEmpty =
        record.withheldChargeSeconds + record.withheldDischargeSeconds + record.refusedChargeKWh
        + record.refusedDischargeKWh == 0
      return isEmpty ? nil : record
    }
  }
}

/// What derating rules keep from the rated power in one step. [kW]
struct StepWithholding {
  /// In each direction, and the rule that decides there; nothing where the whole rating is left.
  private(set) var chargeKW = 0.0
  private(set) var dischargeKW = 0.0
  private(set) var chargeCause: ClipCause?
  private(set) var dischargeCause: ClipCause?

  /// Works out what is left of the rating of both directions.
  ///
  /// - Parameters:
  ///   - control: Ratings.
  ///   - charge: Limit of the cells in charge and what decides it.
  ///   - discharge: Limit of the cells in discharge and what decides it.
  ///   - inverterKW: What the inverter's heatsink leaves of its rating. [kW]
  init(
    _ control: ControlModel, charge: (currentA: Double, cause: ClipCause),
    discharge: (currentA: Double, cause: ClipCause), inverterKW: Double
  ) {
    func held(
      _ ratedA: Double, _ limit: (currentA: Double, cause: ClipCause)
    ) -> (kW: Double, cause: ClipCause?) {
      let cellsKW = limit.currentA * control.constants.nominalKV
      let heldKW =
        min(control.constants.ratedKW, ratedA * control.constants.nominalKV)
        - min(inverterKW, cellsKW)
      // A stop by voltage depends on what was done before.
      guard heldKW > 0, limit.cause != .cellVoltage || cellsKW > inverterKW else { return (0, nil) }
      return (heldKW, cellsKW <= inverterKW ? limit.cause : .inverterTemperature)
    }
    (chargeKW, chargeCause) = held(control.constants.chargeA, charge)
    (dischargeKW, dischargeCause) = held(control.constants.dischargeA, discharge)
  }

  /// The rule that keeps most, that of the discharge where both keep as much.
  var cause: ClipCause? { chargeKW > dischargeKW ? chargeCause : dischargeCause }

  /// Enters the step into the books.
  func book(in ledger: inout TwinLedger, hours: Double) {
    guard chargeCause != nil || dischargeCause != nil else { return }
    let seconds = hours * 3600
    if let chargeCause {
      ledger.withheld.charge.add(chargeKW * hours, to: chargeCause)
      ledger.withheldTime.charge.add(seconds, to: chargeCause)
    }
    if let dischargeCause {
      ledger.withheld.discharge.add(dischargeKW * hours, to: dischargeCause)
      ledger.withheldTime.discharge.add(seconds, to: dischargeCause)
    }
    func acts(_ causes: ClipCause...) -> Bool {
      causes.contains { $0 == chargeCause || $0 == dischargeCause }
    }
    ledger.derateSeconds += seconds
    if acts(.cold) { ledger.coldSeconds += seconds }
    if acts(.heat, .inverterTemperature) { ledger.heatSeconds += seconds }
  }
}
