import Documents
import Replay
import Twin

extension ReplayOutcome {
  /// Sentences on how far the answer to how much a battery aged can be trusted; nothing where it did not age.
  var ageingRemarks: [String] {
    if batteries.isEmpty { return ledger.map(Self.ageingRemarks) ?? [] }
    return batteries.flatMap { battery in
      Self.ageingRemarks(battery.ledger).map { "'\(battery.name)': \($0)" }
    }
  }

  /// Sentences on the warranty of each of several batteries.
  var warrantyRemarks: [String] {
    batteries.compactMap { battery in
      WarrantyReport(battery.warranty, battery.ledger, capacityLostFraction: nil).map {
        "'\(battery.name)': \($0.sentence)"
      }
    }
  }

  private static func ageingRemarks(_ ledger: TwinLedger) -> [String] {
    guard ledger.mostLifeUsedFraction > 0 else { return [] }
    func percent(_ fraction: Double) -> String { NumberText.percent(fraction, decimals: 1) }
    var lines: [String] = []
    if ledger.mostLifeUsedFraction > ledger.leastLifeUsedFraction {
      lines.append(
        "life used \(percent(ledger.lifeUsedFraction)); by the ageing models of its chemistry "
          + "\(percent(ledger.leastLifeUsedFraction)) to \(percent(ledger.mostLifeUsedFraction))")
    }
    let outside = ledger.beyondAgeingModelSeconds / ledger.seconds
    if outside > leastOutside {
      lines.append(
        "\(percent(outside)) of the time at temperatures or rates that its ageing model was not "
          + "measured under")
    }
    return lines
  }

  /// Share of the time from which it is told.
  private static let leastOutside = 0.05
}
