import Diagnostics
package import Forecasting
import Replay
package import Synthesis
package import Telemetry
import TimeSeries

/// Where the history comes from: the section `history`.
package struct HistorySettings: Sendable {
  /// The kinds of source.
  package enum Source: Sendable {
    /// Made from a seed.
    case synthetic(SyntheticSite, seed: UInt64)
    /// Read from CSV files, in order of precedence.
    case files([CSVSource])
    /// Read from the project database.
    case store(path: String, site: String)
  }

  /// What stands in for a load, production or spot price that is missing within the period.
  package enum MissingRule: String, Sendable, CaseIterable {
    /// Nothing does: the run is refused, with the number of missing slots.
    case refuse
    /// The same slot of the newest earlier day that has one.
    case previousDay = "previous_day"
    /// The newest earlier value.
    case hold
    /// Zero.
    case zero
    /// Nothing does: the battery rests in such a slot and nobody is billed for it.
    case leave
  }

  /// The air around the battery, when nobody measured it.
  package enum AmbientRule: Sendable, Hashable {
    /// The history holds it.
    case measured
    /// The same temperature at all times, as in a cellar. [°C]
    case constant(Double)
    /// Made up for the site's place from a seed.
    case madeUp(SyntheticClimate, seed: UInt64)
  }

  /// Where the values come from.
  package var source: Source
  /// The air around the battery, when the history does not hold it.
  package var ambient: AmbientRule
  /// What stands in for a missing value; every one is counted.
  package var missing: MissingRule
  /// Largest share of the period in which a load, production or spot price may stand in for one that
  /// nobody measured.
  package var filledMaxFraction: Double
  /// True to leave out rows and cells with errors, each reported, instead of refusing the file.
  package var skipsErrors: Bool

  /// Largest share of stand-ins, where the document has none.
  static let usualFilledMaxFraction = ReplaySettings().filledMaxFraction
  /// Seed of what is made up, where the document has none.
  static let usualSeed = 1
}

extension HistorySettings {
  private enum Kind: String, CaseIterable {
    case synthetic, files, store
  }

  /// Reads the section.
  init?(_ reader: MappingReader, site: SiteSettings?) {
    let kind = reader.choice("source", Kind.self)
    missing = reader.choice("missing", default: kind == .synthetic ? .hold : .refuse)
    filledMaxFraction = reader.number(
      "filled_max_fraction", .fraction, default: Self.usualFilledMaxFraction)
    skipsErrors = reader.boolean("skip_errors", default: false)
    ambient = .measured
    if kind == .files || kind == .store { ambient = reader.ambientRule(site: site) }
    switch kind {
    case .synthetic:
      let seed = UInt64(reader.integer("seed", default: Self.usualSeed))
      guard let synthetic = SyntheticSite(reader, site: site) else { return nil }
      source = .synthetic(synthetic, seed: seed)
      if let site { reader.checkPlanes(site.context.planes) }
    case .files:
      let files = reader.list("files") { CSVSource($0, planes: site.map(\.context.planes)) }
      let columns = files.flatMap(\.columns)
      if reader.isSound, let site { reader.checkPlanes(site.context.planes, columns: columns) }
      let hasNet = columns.contains { $0.quantity == .net }
      reader.require(
        !reader.isSound || hasNet || columns.contains { $0.quantity == .load }, "files",
        "the history needs a column of quantity 'load', or 'net' of a signed meter")
      reader.require(
        !hasNet || !columns.contains { $0.quantity == .load }, "files",
        "'load' and 'net' exclude each other: the load follows from the meter and the production")
      for column in columns {
        if case .zeroAtNight = column.fill, let site, site.place == nil {
          reader.error(
            "files", "'zero_at_night' needs 'latitude_deg' and 'longitude_deg' of the site")
        }
      }
      if reader.isSound, ambient == .measured, !columns.contains(where: { $0.quantity == .ambient })
      {
        reader.context.error(
          "the history needs the air temperature: a column of quantity 'ambient', 'ambient_c' for "
            + "a constant one, or 'climate' for one made up", at: reader.position)
      }
      source = .files(files)
    case .store:
      source = .store(path: reader.existingPath("file"), site: reader.text("site"))
      if let site { reader.checkPlanes(site.context.planes) }
    case nil:
      reader.passOver()
      return nil
    }
  }
}

extension HistorySettings {
  /// Headers of the columns that a plane of modules has of its own.
  package func columns(of plane: RoofPlane) -> [String] {
    guard case .files(let files) = source else { return [] }
    return files.flatMap(\.columns).filter { $0.plane == plane.name }.map(\.column)
  }

  /// Whether the production of a plane is known by itself.
  func measures(_ plane: RoofPlane) -> Bool {
    // A database is asked when it is read.
    guard case .files = source else { return true }
    return plane.shareFraction != nil || !columns(of: plane).isEmpty
  }
}

extension MappingReader {
  /// Checks that every plane of modules is measured once: in columns of its own, or as a share of what columns of no
  /// plane measure; or none is, and the production is that of all.
  fileprivate func checkPlanes(_ planes: [RoofPlane], columns: [ColumnMapping]? = nil) {
    let key = columns == nil ? "source" : "files"
    let bound = Set((columns ?? []).compactMap(\.plane))
    let hasShares = planes.contains { $0.shareFraction != nil }
    guard hasShares || !bound.isEmpty else { return }
    for plane in planes {
      switch (bound.contains(plane.name), plane.shareFraction != nil) {
      case (true, true):
        error(key, "plane '\(plane.name)' has a column of its own, so it has no 'share'")
      case (false, false):
        error(
          key,
          "plane '\(plane.name)' has neither a column of its own nor a 'share', which other planes have"
        )
      default: break
      }
    }
    guard let columns else { return }
    let isShared = planes.contains { $0.shareFraction != nil && !bound.contains($0.name) }
    let hasCommon = columns.contains { $0.quantity == .pv && $0.plane == nil }
    require(
      !isShared || hasCommon, key,
      "'share' of a plane is of a column of quantity 'pv' without 'plane', and there is none")
    require(
      isShared || !hasCommon, key,
      "every plane has a column of its own; one of quantity 'pv' without 'plane' measures planes that have a "
        + "'share' of it")
  }

  /// Reads what stands in for an air temperature that nobody measured.
  fileprivate func ambientRule(site: SiteSettings?) -> HistorySettings.AmbientRule {
    let constant = optionalNumber("ambient_c", .within(-40...60))
    let climate = optionalSection("climate") { SyntheticClimate($0) }
    if has("ambient_c"), has("climate") {
      error("climate", "'ambient_c' and 'climate' exclude each other")
    }
    if let constant { return .constant(constant) }
    guard let climate else { return .measured }
    let seed = UInt64(integer("seed", default: HistorySettings.usualSeed))
    if let site, site.place == nil {
      error("climate", "'climate' needs 'latitude_deg' and 'longitude_deg' of the site")
    }
    context.warning("the air temperature is made up from 'climate'", at: position(of: "climate"))
    return .madeUp(climate, seed: seed)
  }
}

extension SyntheticSite {
  /// Reads the keys of a synthetic history; place and plant come from the site.
  fileprivate init?(_ reader: MappingReader, site: SiteSettings?) {
    let load = reader.section("load") { SyntheticLoad($0) }
    let climate = reader.optionalSection("climate") { SyntheticClimate($0) }
    let price =
      reader.sectionOrNode(
        "price", section: { SyntheticPrice($0) as SyntheticPrice?? },
        other: { node in
          reader.context.choice(node, named: "price", among: [("none", SyntheticPrice?.none)])
        }) ?? SyntheticPrice()
    let pv = reader.optionalSection("pv") { plant in
      (
        lossFraction: plant.optionalNumber("loss_fraction", .fraction),
        inverterKW: plant.optionalNumber("inverter_kw", .positive)
      )
    }
    guard let site else { return nil }
    guard let place = site.place else {
      reader.context.error(
        "a synthetic history needs 'latitude_deg' and 'longitude_deg' of the site",
        at: reader.position)
      return nil
    }
    guard let load else { return nil }
    var plant: SyntheticPV?
    if let peakKW = site.context.pvCapacityKW, peakKW > 0 {
      let planes = site.context.planes.map {
        SyntheticPV.Plane(
          peakKW: $0.moduleKW, tiltDeg: $0.tiltDeg, azimuthDeg: $0.azimuthDeg,
          inverterKW: $0.inverterKW, name: $0.name)
      }
      let single = SyntheticPV.Plane(
        peakKW: peakKW, tiltDeg: site.context.plantTiltDeg,
        azimuthDeg: site.context.plantAzimuthDeg)
      reader.require(
        planes.isEmpty || pv?.inverterKW == nil, "pv",
        "a site with 'planes' states the inverter as 'pv_inverter_kw' of the site")
      var made = SyntheticPV(
        planes: planes.isEmpty ? [single] : planes,
        inverterKW: planes.isEmpty ? pv?.inverterKW : site.context.pvInverterKW)
      if let loss = pv?.lossFraction { made.lossFraction = loss }
      plant = made
    }
    self.init(
      place: place, load: load, pv: plant, climate: climate ?? SyntheticClimate(), price: price)
  }
}

extension SyntheticLoad {
  /// Reads `{kind, annual_kwh, …}`.
  fileprivate init?(_ reader: MappingReader) {
    let kind = reader.choice("kind", Kind.self)
    let annual = reader.number("annual_kwh", .positive)
    let holidays =
      reader.optionalDates("holidays")?.map { MonthDay(month: $0.month, day: $0.day) } ?? []
    self.init(
      kind: kind ?? .home, annualKWh: annual, holidays: holidays,
      heatingKWPerK: reader.number("heating_kw_per_k", .zeroOrMore, default: 0),
      coolingKWPerK: reader.optionalNumber("cooling_kw_per_k", .zeroOrMore),
      baseFraction: reader.optionalNumber("base_fraction", .fraction))
  }
}

extension SyntheticClimate {
  /// Reads the weather's means and amplitudes.
  fileprivate init?(_ reader: MappingReader) {
    let usual = SyntheticClimate()
    self.init(
      meanC: reader.number("mean_c", .within(-40...40), default: usual.meanC),
      seasonalK: reader.number("seasonal_k", .within(0...40), default: usual.seasonalK),
      diurnalK: reader.number("diurnal_k", .within(0...30), default: usual.diurnalK),
      weatherK: reader.number("weather_k", .within(0...20), default: usual.weatherK),
      cloudiness: reader.number("cloudiness_fraction", .fraction, default: usual.cloudiness),
      windMS: reader.number("wind_m_per_s", .within(0...30), default: usual.windMS))
  }
}

extension SyntheticPrice {
  /// Reads the market's mean and its movements.
  fileprivate init?(_ reader: MappingReader) {
    let usual = SyntheticPrice()
    self.init(
      meanPerKWh: reader.number("mean_per_kwh", default: usual.meanPerKWh),
      volatility: reader.number("volatility", .zeroOrMore, default: usual.volatility),
      solarShare: reader.number("solar_fraction", .within(0...5), default: usual.solarShare),
      windShare: reader.number("wind_fraction", .within(0...5), default: usual.windShare),
      spikesPerYear: reader.number("spikes_per_year", .zeroOrMore, default: usual.spikesPerYear))
  }
}
