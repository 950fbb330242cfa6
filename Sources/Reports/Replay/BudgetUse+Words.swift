import Documents
import Replay

extension BudgetUse {
  /// What became of the budget, one sentence without a full stop.
  func sentence(currency: String) -> String {
    let rested = restedSlots > 0 ? "; it was used up for \(restedSlots) intervals" : ""
    return
      "budget: \(NumberText.fixed(usedKWh, decimals: 0)) of \(NumberText.fixed(allowedKWh, decimals: 0)) kWh "
      + "let out, kept by a price of \(NumberText.fixed(pricePerKWh, decimals: 4)) \(currency)/kWh on top of wear, "
      + "the mean of its days\(rested)"
  }
}
