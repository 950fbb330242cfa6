import Documents
import Planning
import Replay

/// The ways a plan may be hedged, as documents name them.
enum HedgeKind: String, CaseIterable {
  case automatic = "auto"
  case none
  case quantileMargin = "quantile_margin"
  case expectedValue = "expected_value"

  /// Quantile of the paths, 0…1, that a margin plans unless the document says more.
  static let usualQuantile = 0.7

  /// The settings of a kind that a document only names.
  var settings: HedgeSettings {
    switch self {
    case .automatic: .automatic
    case .none: HedgeSettings()
    case .quantileMargin: HedgeSettings(.quantileMargin(Self.usualQuantile))
    case .expectedValue: HedgeSettings(.expectedValue)
    }
  }
}

extension HedgeSettings {
  /// Reads a section `hedge`.
  init?(_ reader: MappingReader) {
    guard let kind = reader.requiredNode("kind").flatMap({ reader.context.hedge($0, "kind") })
    else { return nil }
    self = kind.settings
    if kind == .none || kind == .automatic { return }
    source = reader.choice("paths", default: source)
    pathCount = reader.integer("path_count", 2...366, default: pathCount)
    if kind == .quantileMargin {
      hedge = .quantileMargin(
        reader.number("quantile", .fraction, default: HedgeKind.usualQuantile))
    }
  }
}

extension MappingReader {
  /// Reads how plans are hedged: the name of a kind, or a section.
  func hedge(_ key: String) -> HedgeSettings? {
    sectionOrNode(
      key, section: { HedgeSettings($0) }, other: { context.hedge($0, key)?.settings })
  }
}

extension DecodingContext {
  /// Reads the name of a hedge.
  fileprivate func hedge(_ node: YAMLNode, _ key: String) -> HedgeKind? {
    choice(
      node, named: key, among: HedgeKind.allCases.map { ($0.rawValue, $0) },
      replaced: ["two_stage": "expected_value"])
  }
}
