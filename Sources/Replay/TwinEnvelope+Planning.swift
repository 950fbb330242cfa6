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
}
