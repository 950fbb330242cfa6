import Diagnostics
import Documents
import Forecasting
import Telemetry
import TimeSeries

/// Reads the list `files` of a history.
extension CSVSource {
  /// Reads one file: where it is, how its stamps are written and which columns it has.
  ///
  /// - Parameters:
  ///   - reader: The section.
  ///   - planes: Planes of modules that columns may be of; nothing where they could not be read.
  init?(_ reader: MappingReader, planes: [RoofPlane]? = []) {
    let path = reader.existingPath("file")
    let format = reader.choice(
      "format", among: [("csv", LogFormat?.none)] + LogFormat.allCases.map { ($0.rawValue, $0) },
      default: nil)
    let timeColumn =
      format == nil ? reader.text("time_column") : reader.optionalText("time_column") ?? "time"
    var bound: Set<String> = []
    let columns = reader.list("columns") { column in
      let mapping = ColumnMapping(column, planes: planes)
      if let mapping, let plane = mapping.plane {
        column.require(
          bound.insert(plane).inserted || mapping.combination != .join, "plane",
          "plane '\(plane)' has another column in this file; with 'combine: sum' they add up")
      }
      return mapping
    }
    let missing = reader.optionalTexts("missing_words") ?? []
    let held = reader.optionalInteger("held_for_s", 1...Int.max)
    self.init(
      path: path, format: format, timeColumn: timeColumn,
      stampFormat: reader.choice(
        "time_format",
        among: [("auto", StampFormat.automatic)]
          + StampFormat.allCases.filter { $0 != .automatic }.map { ($0.rawValue, $0) },
        default: .automatic),
      zone: reader.optionalZone("time_zone"), label: reader.choice("label", default: .start),
      stepSeconds: reader.optionalInteger("step_s", 1...86_400),
      sampling: held.map { .held(maxAgeSeconds: $0) } ?? .interval,
      delimiter: reader.mark("delimiter"), decimalMark: reader.mark("decimal_mark"),
      missingWords: CSVSource.usualMissingWords + missing,
      filters: reader.optionalList("only_rows") { RowFilter($0) } ?? [],
      skipsNonexistentTimes: reader.boolean("skip_nonexistent_times", default: false),
      columns: columns)
  }
}

extension RowFilter {
  /// Reads `{column, equals}`.
  init?(_ reader: MappingReader) {
    self.init(column: reader.text("column"), equals: reader.text("equals"))
  }
}

extension ColumnMapping {
  /// Reads one column: its header, what it measures, its unit and what to do with gaps.
  init?(_ reader: MappingReader, planes: [RoofPlane]?) {
    let column = reader.text("column")
    let quantity = reader.choice("quantity", Quantity.self)
    let unit = reader.optionalText("unit")
    if let unit, let quantity { reader.checkUnit(unit, of: quantity) }
    let isCounter = reader.choice(
      "reading", among: [("value", false), ("counter", true)], default: false)
    var reading = Reading.value
    if isCounter {
      let usual = CounterRule()
      reading = .counter(
        CounterRule(
          resetFraction: reader.number("reset_fraction", .fraction, default: usual.resetFraction),
          spreadsGaps: reader.boolean("spread_gaps", default: usual.spreadsGaps),
          maximumKW: reader.optionalNumber("maximum_kw", .positive),
          delaySeconds: reader.integer("delay_s", 0...86_400, default: usual.delaySeconds),
          staleSeconds: reader.optionalInteger("stale_s", 1...31_536_000)))
    }
    self.init(
      column: column, quantity: quantity ?? .load, unit: unit,
      factor: reader.number("factor", default: 1), reading: reading,
      minimum: reader.optionalNumber("minimum"), maximum: reader.optionalNumber("maximum"),
      fill: reader.fillRule("fill"),
      combination: reader.choice("combine", default: .join))
    plane = reader.plane(among: planes)
    reader.require(
      plane == nil || quantity == nil || quantity == .pv, "plane",
      "'plane' goes with quantity 'pv'")
    if let minimum, let maximum {
      reader.require(
        minimum < maximum, "maximum", "'maximum' must be greater than 'minimum'")
    }
  }
}

extension MappingReader {
  /// Reads the name of one of some planes of modules; any name where they could not be read.
  func plane(among planes: [RoofPlane]?) -> String? {
    guard let name = optionalText("plane") else { return nil }
    let known = planes?.map(\.name) ?? [name]
    let near = suggestion(for: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    require(
      known.contains(name), "plane",
      known.isEmpty
        ? "'plane' needs 'planes' of the site, which has none, found '\(name)'"
        : "the site has no plane '\(name)'\(near)")
    return name
  }

  /// Reads a single character, or the word `tab`.
  fileprivate func mark(_ key: String) -> Character? {
    guard let node = node(key), let text = context.text(node, named: key) else { return nil }
    if text == "tab" { return "\t" }
    guard text.count == 1, let mark = text.first else {
      context.error(
        "'\(key)' must be one character or 'tab', found \(node.found)", at: node.position)
      return nil
    }
    return mark
  }

  /// Refuses a unit that is not known, or that does not measure the quantity.
  fileprivate func checkUnit(_ unit: String, of quantity: Quantity) {
    let (accepted, examples): ([MeasurementUnit.Dimension], String) =
      switch quantity {
      case .load, .pv, .batteryPower, .net, .importLimit, .exportLimit:
        ([.power, .energy, .powerPerRatedPower], "kW, W, kWh or Wh")
      case .ambient: ([.temperature], "°C, K or °F")
      case .price: ([.energyPrice], "money per energy such as EUR/MWh")
      case .irradiance: ([.irradiance, .irradiation], "W/m² or Wh/m²")
      case .cloudCover, .stateOfCharge: ([.fraction], "1 or %")
      case .windSpeed: ([.speed], "m/s or km/h")
      }
    guard let known = MeasurementUnit(unit) else {
      error("unit", "unknown unit '\(unit)'; '\(quantity.rawValue)' takes \(examples)")
      return
    }
    require(
      accepted.contains(known.dimension), "unit",
      "'\(unit)' is a unit of \(known.dimension.rawValue); '\(quantity.rawValue)' takes \(examples)"
    )
  }

  /// Reads a fill rule: a name, or a section that also says for how long.
  fileprivate func fillRule(_ key: String) -> FillRule {
    enum Kind: String, CaseIterable {
      case none, zero
      case night = "zero_at_night"
      case hold, interpolate
    }
    func rule(
      _ kind: Kind, seconds: Int? = nil, elevationDeg: Double? = nil
    ) -> FillRule {
      let seconds = seconds ?? 7200
      return switch kind {
      case .none: .none
      case .zero: .zero
      case .night: .zeroAtNight(maxElevationDeg: elevationDeg ?? 5)
      case .hold: .hold(maxAgeSeconds: seconds)
      case .interpolate: .interpolate(maxGapSeconds: seconds)
      }
    }
    let kinds = Kind.allCases.map { (name: $0.rawValue, value: $0) }
    return sectionOrNode(
      key,
      section: { reader in
        let kind = reader.choice("rule", among: kinds) ?? .none
        let seconds = reader.optionalInteger("longest_s", 1...Int.max)
        let elevation = reader.optionalNumber("elevation_deg", .within(-90...90))
        return rule(kind, seconds: seconds, elevationDeg: elevation)
      },
      other: { node in
        context.choice(node, named: key, among: kinds).map { rule($0) }
      }) ?? .none
  }
}
