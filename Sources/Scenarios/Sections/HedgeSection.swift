import Planning
import Replay

/// The section `hedge` of a planner, before the planning step is known.
struct HedgeSection {
  /// The ways a plan may be hedged.
  enum Kind: String, CaseIterable {
    case automatic = "auto"
    case none
    case quantileMargin = "quantile_margin"
    case expectedValue = "expected_value"
    case twoStage = "two_stage"
  }

  var kind: Kind
  var source = HedgeSettings().source
  var pathCount = HedgeSettings().pathCount
  var quantile = 0.7
  var sharedHours: Double?
  var tailWeight: Double?
  var tailShare: Double?

  init(_ kind: Kind) { self.kind = kind }

  /// Reads the section.
  init?(_ reader: MappingReader) {
    guard let kind = reader.choice("kind", Kind.self) else { return nil }
    self.kind = kind
    if kind == .none || kind == .automatic { return }
    source = reader.choice("paths", default: source)
    pathCount = reader.integer(
      "path_count", kind == .twoStage ? 5...50 : 2...366, default: pathCount)
    switch kind {
    case .automatic, .none, .expectedValue: break
    case .quantileMargin: quantile = reader.number("quantile", .fraction, default: quantile)
    case .twoStage:
      sharedHours = reader.optionalNumber("shared_h", .positive)
      tailWeight = reader.optionalNumber("tail_weight", .fraction)
      tailShare = reader.optionalNumber("tail_fraction", .within(0.01...1))
    }
  }

  /// The settings of a replay; paths share the slots up to the next plan unless the document says more.
  func settings(planningStepSeconds: Int, replanSeconds: Int) -> HedgeSettings {
    let hedge: Hedge
    switch kind {
    case .automatic: return .automatic
    case .none: hedge = .none
    case .quantileMargin: hedge = .quantileMargin(quantile)
    case .expectedValue: hedge = .expectedValue
    case .twoStage:
      let shared = sharedHours.map { $0 * 3600 } ?? Double(replanSeconds)
      let slots = max(1, Int((shared / Double(planningStepSeconds)).rounded()))
      let usual = Hedge.twoStage(sharedSlots: slots)
      if case .twoStage(_, let weight, let share) = usual {
        hedge = .twoStage(
          sharedSlots: slots, tailWeight: tailWeight ?? weight, tailShare: tailShare ?? share)
      } else {
        hedge = usual
      }
    }
    return HedgeSettings(hedge, source: source, pathCount: pathCount)
  }
}

extension MappingReader {
  /// Reads how plans are hedged: the name of a kind, or a section.
  func hedge(_ key: String) -> HedgeSection? {
    sectionOrNode(
      key, section: { HedgeSection($0) },
      other: { node in
        context.choice(
          node, named: key, among: HedgeSection.Kind.allCases.map { ($0.rawValue, $0) }
        ).map { HedgeSection($0) }
      })
  }
}
