/// On which side of the inverter photovoltaics work.
public enum PVCoupling: String, Sendable, CaseIterable, Codable {
  /// By an inverter of their own on the AC bus.
  case ac
  /// On the DC side of the battery's inverter, a hybrid one.
  case dc
}
