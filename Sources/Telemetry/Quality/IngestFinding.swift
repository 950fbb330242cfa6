package import Diagnostics
import Documents

/// What is wrong or remarkable about a row, a cell or a slot.
package enum FindingKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Text where a number belongs.
  case badNumber = "bad_number"
  /// The word NaN or an infinity where a number belongs.
  case notFinite = "not_finite"
  /// A unit inside a cell that is unknown or measures something else.
  case badUnit = "bad_unit"
  /// A time stamp that cannot be read.
  case badStamp = "bad_stamp"
  /// A local time skipped when clocks are set forward.
  case nonexistentTime = "nonexistent_time"
  /// A row with fewer cells than the header.
  case raggedRow = "ragged_row"
  /// A second row with the same stamp; the last one counts.
  case duplicate
  /// A row whose stamp lies before that of the row above.
  case outOfOrder = "out_of_order"
  /// A stamp that does not lie on the source's own step.
  case offGrid = "off_grid"
  /// A value outside its physical range; it counts as missing.
  case spike
  /// A value moved to the end of its range.
  case clamped
  /// A counter that started again.
  case reset
  /// Slots without a value.
  case gap
  /// Energy that a meter delivered at once after an outage.
  case catchUp = "catch_up"
  /// The same value for longer than the source can honestly repeat it.
  case stuck
  /// Two sources that give different values for the same slot.
  case overlap
  /// A quality gate that the data did not pass.
  case gate
  /// A file that is not UTF-8.
  case encoding
  /// Something about how a file is laid out that is not as it says or seems.
  case layout
  /// Intervals that become longer or shorter within a file.
  case stepChange = "step_change"
}

/// One finding of an ingest.
package struct IngestFinding: Sendable, Hashable {
  /// What kind it is.
  package var kind: FindingKind
  /// Severity, place and words.
  package var diagnostic: Diagnostic

  /// Creates a finding.
  package init(kind: FindingKind, diagnostic: Diagnostic) {
    self.kind = kind
    self.diagnostic = diagnostic
  }
}

/// Findings of one file, of which each kind keeps its first ones and a count of the rest.
struct FindingLog {
  /// Findings kept in full per kind.
  static let keptPerKind = 20

  private(set) var kept: [IngestFinding] = []
  private(set) var counts: [FindingKind: Int] = [:]

  mutating func add(
    _ kind: FindingKind, _ severity: Diagnostic.Severity, _ message: @autoclosure () -> String,
    at position: @autoclosure () -> SourcePosition?
  ) {
    let count = counts[kind, default: 0]
    counts[kind] = count + 1
    if count < FindingLog.keptPerKind {
      let diagnostic = Diagnostic(severity: severity, position: position(), message: message())
      kept.append(IngestFinding(kind: kind, diagnostic: diagnostic))
    }
  }

  /// Adds findings of the reader of files.
  mutating func add(_ kind: FindingKind, _ found: [Diagnostic]) {
    for diagnostic in found {
      counts[kind, default: 0] += 1
      kept.append(IngestFinding(kind: kind, diagnostic: diagnostic))
    }
  }

  /// The findings kept, with a closing line for each kind that had more.
  func all(file: String) -> [IngestFinding] {
    var result = kept
    for kind in FindingKind.allCases {
      let more = counts[kind, default: 0] - FindingLog.keptPerKind
      guard more > 0, let first = kept.first(where: { $0.kind == kind }) else { continue }
      let text = "\(more) more findings of kind '\(kind.rawValue)'"
      result.append(
        IngestFinding(
          kind: kind,
          diagnostic: Diagnostic(
            severity: first.diagnostic.severity, position: SourcePosition(file: file),
            message: text)))
    }
    return result
  }
}

/// Returns a number with the six decimals that are enough for people.
func readable(_ value: Double) -> String { NumberText.rounded(value, decimals: 6) }
