import Diagnostics
import Documents
import Studies

/// The one sentence that a sizing study opens with: which battery pays most, or that none does.
struct SizingVerdict: Sendable {
  private let study: SizingStudy
  private let settings: SizingSettings
  private let currency: String

  /// Takes a study whose money is in a currency.
  init(_ study: SizingStudy, settings: SizingSettings, currency: String) {
    self.study = study
    self.settings = settings
    self.currency = currency
  }

  /// The sentence.
  var sentence: String {
    study.bestIndex == 0 ? nothing : most(study.candidates[study.bestIndex])
  }

  private var nothing: String {
    let batteries = study.candidates.filter { !$0.isNoBattery }
    guard let least = batteries.max(by: { $0.netPresentValue < $1.netPresentValue }) else {
      return "No battery was tried."
    }
    let none =
      batteries.count == 1
      ? "the battery does not pay" : "none of the \(batteries.count) batteries pays"
    return
      "Do nothing: \(none); \(batteries.count == 1 ? "" : "the least loss is ")\(least.name), "
      + "whose net present value is \(money(least.netPresentValue)) over "
      + "\(settings.finance.years) years\(range(least))\(perfect)."
  }

  /// What forecasts without error would change about doing nothing; nothing where that was not tried.
  private var perfect: String {
    let tried = study.candidates.dropFirst().compactMap { candidate in
      candidate.oracleNetPresentValue.map { (candidate, $0) }
    }
    guard let best = tried.max(by: { $0.1 < $1.1 }) else { return "" }
    return best.1 > 0
      ? "; with perfect forecasts \(best.0.name) would come to \(money(best.1))"
      : "; perfect forecasts would not change that"
  }

  private func most(_ best: SizingCandidate) -> String {
    let others = study.flatRegion.filter { $0 != study.bestIndex }.map { study.candidates[$0] }
    let alike =
      others.isEmpty
      ? ""
      : "; "
        + (others.count > 3 ? "\(others.count) other sizes" : listed(others.map(\.name), "and"))
        + " may pay as much"
    let payback = best.paybackYears.map {
      ", paid back in \(NumberText.fixed($0, decimals: 1)) years"
    }
    return "\(best.name) pays most: net present value \(money(best.netPresentValue)) over "
      + "\(settings.finance.years) years\(range(best)), \(money(best.year1Savings)) saved in the first "
      + "year against no battery\(payback ?? "")\(alike)\(neighbours)."
  }

  /// What a size more or less would change; nothing without neighbours on the grid.
  private var neighbours: String {
    let best = study.candidates[study.bestIndex]
    guard best.run.product == nil, !best.isNoBattery else { return "" }
    let alike = study.candidates.filter {
      $0.run.site == best.run.site && $0.run.product == nil && $0.powerKW == best.powerKW
        && !$0.isNoBattery
    }
    let less = alike.filter { $0.energyKWh < best.energyKWh }.max { $0.energyKWh < $1.energyKWh }
    let more = alike.filter { $0.energyKWh > best.energyKWh }.min { $0.energyKWh < $1.energyKWh }
    let told = [less, more].compactMap { $0 }.map { other in
      "\(NumberText.rounded(other.energyKWh, decimals: 3)) kWh "
        + "\(number(other.netPresentValue - best.netPresentValue))"
    }
    return told.isEmpty ? "" : " (against it, \(told.joined(separator: ", ")))"
  }

  /// The range of a value and what it means for the decision.
  private func range(_ candidate: SizingCandidate) -> String {
    guard let range = candidate.range else { return " (how sure cannot be said)" }
    let words = "80 % range \(number(range.p10)) to \(number(range.p90))"
    return range.p10 < 0 && range.p90 > 0
      ? " (\(words): it may \(candidate.pays ? "lose" : "gain"))" : " (\(words))"
  }

  private func money(_ amount: Double) -> String { "\(number(amount)) \(currency)" }

  private func number(_ amount: Double) -> String { NumberText.fixed(amount, decimals: 0) }
}
