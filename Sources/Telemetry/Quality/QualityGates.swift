import Diagnostics
import Documents
package import TimeSeries

/// Limits that a data set must keep to be used where it matters.
package struct QualityGates: Sendable, Hashable {
  /// Largest number of rows with a stamp that had occurred before.
  package var maximumDuplicates: Int
  /// Largest share of missing slots of a required quantity.
  package var maximumMissingFraction: Double
  /// Largest share of slots outside the physical range.
  package var maximumSpikeFraction: Double
  /// Quantities that must be there.
  package var required: [Quantity]

  /// The usual gates: no duplicate stamps, less than 0.1 % missing, less than 0.1 % out of range.
  package init(
    maximumDuplicates: Int = 0, maximumMissingFraction: Double = 0.001,
    maximumSpikeFraction: Double = 0.001, required: [Quantity] = [.load]
  ) {
    self.maximumDuplicates = maximumDuplicates
    self.maximumMissingFraction = maximumMissingFraction
    self.maximumSpikeFraction = maximumSpikeFraction
    self.required = required
  }

  /// Returns one error for each gate that the data did not pass.
  package func failures(of report: IngestReport) -> [IngestFinding] {
    var failures: [IngestFinding] = []
    func fail(_ message: String) {
      failures.append(IngestFinding(kind: .gate, diagnostic: .error(message)))
    }
    if report.duplicates > maximumDuplicates {
      fail("\(report.duplicates) duplicate stamps are more than \(maximumDuplicates)")
    }
    for quantity in required {
      guard let slots = report.slots[quantity], slots.total > 0 else {
        fail("'\(quantity.rawValue)' is required and not there")
        continue
      }
      let missing = Double(slots.gap + slots.spike) / Double(slots.total)
      if missing > maximumMissingFraction {
        fail(
          "'\(quantity.rawValue)' lacks \(percent(missing)) of its slots, more than "
            + percent(maximumMissingFraction))
      }
      let spikes = Double(slots.spike) / Double(slots.total)
      if spikes > maximumSpikeFraction {
        fail(
          "'\(quantity.rawValue)' is out of range in \(percent(spikes)) of its slots, more than "
            + percent(maximumSpikeFraction))
      }
    }
    return failures
  }

  private func percent(_ fraction: Double) -> String {
    NumberText.rounded(fraction * 100, decimals: 2) + " %"
  }
}
