package import Diagnostics
import Documents
package import Replay
package import Studies
package import Tariffs
package import Twin
import TimeSeries

/// A scenario document as validated values: everything a replay or a study starts from.
package struct Scenario: Sendable {
  /// Name shown in results.
  package var name: String
  /// The document as it was read, for the record of a run.
  package var text: String
  /// Where the site is and what plant it has.
  package var site: SiteSettings
  /// What is replayed.
  package var period: PeriodSettings
  /// Where the history comes from.
  package var history: HistorySettings
  /// Which forecast versions are compared.
  package var forecasts: ForecastSettings
  /// The battery system.
  package var battery: BatterySystemSpecification
  /// Name of the product that it is, in the catalogue.
  package var product: String?
  /// How it was scaled to keep its datasheet; nil when it states none.
  package var datasheetMatch: DatasheetMatch?
  /// What the maker promises of its life.
  package var warranty: Warranty?
  /// Batteries that are compared side by side; empty for `battery` alone.
  package var batteries: [BatteryVariant] = []
  /// Batteries that the site has at the same time, of which `battery` is the first; empty for `battery` alone.
  package var fleet: [FleetBattery] = []
  /// What the connection allows.
  package var grid: GridSettings
  /// Loads with meters and tariffs of their own, beside the site.
  package var meters: [MeterSettings] = []
  /// Loads that can wait, on top of the load of the history.
  package var loads: [LoadSettings] = []
  /// The tariff.
  package var tariff: Tariff
  /// How a replay plans, executes and settles.
  package var settings: ReplaySettings
  /// Ways of planning that a comparison replays each version with; empty for `settings` alone.
  package var planners: [PlannerVariant]
  /// Which battery sizes a study tries, if the document says so.
  package var size: SizeSettings?
  /// What a stress study does, if the document says so.
  package var stress: StressSettings?
  /// Where the keys stand, as `section.key`, for findings that only the data can show.
  package var positions: [String: SourcePosition]
  /// Files that values come from besides the document, in the order of mention.
  package var files: [String]
  /// Findings that do not stop a run.
  package var warnings: [Diagnostic]

  /// Returns the scenario with one seed for the synthetic history and everything random in a replay.
  package func with(seed: UInt64) -> Scenario {
    var copy = self
    copy.settings.seed = seed
    if case .synthetic(let site, _) = history.source {
      copy.history.source = .synthetic(site, seed: seed)
    }
    return copy
  }

  /// Reads a scenario document.
  ///
  /// - Parameters:
  ///   - path: Path of the document; files it names are relative to its folder.
  ///   - environment: Variables that `${NAME}` in a path may name.
  /// - Returns: The scenario.
  /// - Throws: `InputError` with every mistake in the document and in the documents it names.
  package static func read(path: String, environment: [String: String]) throws -> Scenario {
    try read(
      try TextFile(path, isUnicode: true).bytes, path: path, environment: environment)
  }

  /// Reads a scenario document given as bytes.
  package static func read(
    _ bytes: [UInt8], path: String, environment: [String: String]
  ) throws -> Scenario {
    let root = try YAMLParser.parse(bytes, file: path)
    let context = DecodingContext(folder: folder(of: path), environment: environment)
    let reader = MappingReader(root.withFleet(context), context: context)
    let draft = ScenarioDraft(reader)
    reader.finish()
    try context.throwIfErrors()
    return try draft.scenario(
      text: String(decoding: bytes, as: UTF8.self), positions: reader.allPositions,
      files: context.files, warnings: context.findings.all)
  }

  /// Every key that reading a document asks for, as `section.key`, whether the document has it or not.
  package static func keysAskedFor(
    in text: String, folder: String, environment: [String: String]
  ) throws -> Set<String> {
    let context = DecodingContext(folder: folder, environment: environment)
    let reader = MappingReader(try YAMLParser.parse(text, file: "keys.yaml"), context: context)
    _ = ScenarioDraft(reader)
    return context.knownKeys
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
