import Planning
import Twin

extension PowerEnvelope {
  /// Takes over what the twin says it can do; the planner sees nothing else of it.
  init(_ envelope: TwinEnvelope) {
    self.init(
      chargeKW: envelope.chargeKW, dischargeKW: envelope.dischargeKW,
      energyMinKWh: envelope.energyMinKWh, energyMaxKWh: envelope.energyMaxKWh,
      chargeEfficiency: envelope.chargeEfficiency,
      dischargeEfficiency: envelope.dischargeEfficiency,
      retentionPerStep: envelope.retentionPerStep)
  }

  /// Returns the envelope of a battery that shares its inverter with production on the DC side.
  ///
  /// Discharge has the room that production leaves of the rating. Charging from production spares the
  /// two passes through the inverter that the envelope counts; since a plan has one efficiency, it gets
  /// the mean over the charge that self-consumption would take from production and from the grid.
  /// Production above the rating, which charges the battery for nothing, is not planned.
  ///
  /// - Parameters:
  ///   - converter: The inverter.
  ///   - outlook: Load, and production on the AC side.
  ///   - expectedKW: Battery power that self-consumption would ask for, one per slot. [kW]
  /// - Returns: The envelope.
  func shared(
    by converter: ConverterSpecification, with outlook: HorizonForecast, expectedKW: [Double]
  ) -> PowerEnvelope {
    guard converter.pvCoupling == .dc else { return self }
    var envelope = self
    var charged = 0.0
    var direct = 0.0
    for slot in expectedKW.indices {
      let surplus = outlook.pvKW[slot] - outlook.loadKW[slot]
      envelope.dischargeKW[slot] = min(
        dischargeKW[slot], max(0, converter.ratedKW - outlook.pvKW[slot]))
      let taken = max(0, -expectedKW[slot])
      charged += taken
      direct += min(taken, max(0, surplus))
    }
    let share = charged > 0 ? direct / charged : 0
    envelope.chargeEfficiency = min(
      1, chargeEfficiency * (1 + share * (1 / converter.directShare - 1)))
    return envelope
  }
}

extension ConverterSpecification {
  /// What is left of power that passes the converter once in each direction, at a third of the rating.
  var directShare: Double {
    let third = ratedKW / 3
    return third / dcKW(acKW: third) * -dcKW(acKW: -third) / third
  }
}
