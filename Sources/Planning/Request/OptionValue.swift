/// What a stored kWh is worth while it is kept, beyond what the forecast says it will replace.
///
/// Where two hours cost the same, a plan may charge in either. The forecast is wrong, so energy that is
/// there early and leaves late serves what was not foreseen: a peak, a dearer hour, a cloud. The worth is
/// counted per kWh and hour in the cost to go, so it is the same in every solver, in the value step and in
/// the mean over paths; where prices leave no choice it is too small to matter.
public struct OptionValue: Sendable, Hashable {
  /// Worth of a kWh kept for an hour as a share of the mean price of the plan. [1/h]
  public var sharePerHour: Double

  /// Most that a kWh kept over a whole plan may be worth, as a share of the mean price: far below the
  /// differences of price that pay for the losses of a battery.
  static let mostShare = 0.02

  /// Creates a worth.
  public init(sharePerHour: Double) { self.sharePerHour = sharePerHour }

  /// The worth that was best over all measured sites; see the page of this module.
  public static let usual = OptionValue(sharePerHour: 2e-4)
  /// Nothing: the forecast is the truth.
  public static let none = OptionValue(sharePerHour: 0)

  /// Returns the worth of a kWh kept over one slot of a plan. [currency/kWh]
  func perSlot(buyPerKWh: [Double], stepHours: Double) -> Double {
    guard sharePerHour > 0, !buyPerKWh.isEmpty else { return 0 }
    let slots = Double(buyPerKWh.count)
    var sum = 0.0
    for price in buyPerKWh { sum += price.magnitude }
    return sum / slots * min(sharePerHour * stepHours, Self.mostShare / slots)
  }
}
