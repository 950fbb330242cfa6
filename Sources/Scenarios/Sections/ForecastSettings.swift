import Diagnostics
import Documents
package import Forecasting
import Replay
import TimeSeries

/// Which forecast versions are compared: the section `forecasts`.
package struct ForecastSettings: Sendable {
  /// A version before its external rows are read.
  package struct Version: Sendable {
    /// Name in every result.
    package var name: String
    /// How load is forecast.
    package var load: ForecastRecipe
    /// How production is forecast.
    package var pv: ForecastRecipe
    /// How spot prices are forecast beyond the published ones.
    package var price: ForecastRecipe
    /// Where its weather comes from; that of all versions when nothing is given.
    package var weather: Weather?
    /// Quantities that the document gives a recipe of their own.
    var stated: Set<Quantity> = []
    /// Where the document has it.
    var position: SourcePosition?

    /// Returns how a quantity is forecast.
    func recipe(for quantity: Quantity) -> ForecastRecipe {
      switch quantity {
      case .pv: pv
      case .price: price
      default: load
      }
    }
  }

  /// What is known ahead of the weather.
  package enum Weather: Sendable, Hashable {
    /// Nothing.
    case none
    /// What came true: *oracle weather*.
    case observed
    /// What a version of the external files had forecast, no older than so long. [h]
    case issued(version: String, maxAgeHours: Double?)
  }

  /// The versions, in the order of the document; names are distinct.
  package var versions: [Version]
  /// Files with forecasts made elsewhere.
  package var external: [ExternalForecastFile]
  /// Name of the version that plans where one is asked for; the first when nothing is given.
  ///
  /// A version of the document, or one that the external files hold.
  package var active: String?
  /// What is known ahead of the weather, where a version does not say otherwise.
  package var weather: Weather
}

extension ForecastSettings {
  /// Reads the section.
  ///
  /// - Parameters:
  ///   - reader: The section.
  ///   - planes: Planes of modules that forecasts may be of; nothing where they could not be read.
  init?(_ reader: MappingReader, planes: [RoofPlane]?) {
    external =
      reader.optionalList("external") { ExternalForecastFile($0, planes: planes) } ?? []
    active = reader.optionalText("active_forecast_version")
    weather = reader.weather("weather") ?? .none
    versions = []
    guard let node = reader.requiredNode("versions") else { return nil }
    guard let items = node.items, !items.isEmpty else {
      reader.context.error(
        "'versions' must be a list with at least one forecast version, found \(node.found)",
        at: node.position)
      return nil
    }
    var names = VersionNames()
    for item in items {
      let version: Version?
      if item.entries == nil {
        version = reader.context.kind(item, named: "versions").map { Version($0) }
      } else {
        version = reader.read(item, path: reader.path(of: "versions")) { Version($0) }
      }
      guard var version else { continue }
      if let problem = names.add(version.name, line: item.position.line) {
        reader.context.error(problem.message, at: item.position, notes: problem.notes)
      }
      version.position = item.position
      versions.append(version)
    }
    let usesRows = versions.contains { version in
      [version.load, version.pv, version.price].contains { $0.kind == .external }
    }
    reader.require(
      !usesRows || reader.has("external"), "versions",
      "a version of kind 'external' needs a file in 'external'")
  }
}

extension ForecastSettings.Version {
  /// A version that forecasts everything with one kind and bears its name.
  init(_ kind: ForecastRecipe.Kind) {
    let recipe = ForecastRecipe(kind)
    self.init(name: kind.rawValue, load: recipe, pv: recipe, price: Self.priceDefault(for: recipe))
  }

  /// Reads one version.
  init?(_ reader: MappingReader) {
    let name = reader.optionalText("name")
    let common = reader.has("kind") ? ForecastRecipe(reader) : nil
    func part(_ key: String) -> ForecastRecipe? {
      reader.sectionOrNode(
        key, section: { $0.has("kind") ? ForecastRecipe($0) : ForecastRecipe.missingKind($0) },
        other: { node in
          reader.context.kind(node, named: key).map { ForecastRecipe($0) }
        })
    }
    let load = part("load")
    let pv = part("pv")
    let price = part("price")
    guard let base = common ?? load ?? pv ?? price else {
      if reader.isSound {
        reader.context.error(
          "a forecast version needs 'kind', or 'load', 'pv' and 'price'", at: reader.position,
          notes: ["kinds: \(ForecastRecipe.Kind.names)"])
      }
      return nil
    }
    if common == nil, load == nil {
      reader.context.error(
        "a forecast version without 'kind' needs 'load'", at: reader.position)
    }
    weather = reader.weather("weather")
    self.name = name ?? base.kind.rawValue
    self.load = load ?? base
    self.pv = pv ?? common ?? base
    self.price = price ?? Self.priceDefault(for: common ?? base)
    for (quantity, part) in [(Quantity.load, load), (.pv, pv), (.price, price)] where part != nil {
      stated.insert(quantity)
    }
    for (key, part) in [("load", load), ("price", price)] where part?.isByPlane == true {
      reader.error(key, "'by_plane' is of production; '\(key)' has no planes")
    }
    if common?.isByPlane == true, pv != nil {
      reader.error("by_plane", "'pv' has settings of its own here; 'by_plane' goes there")
    }
    self.load.isByPlane = false
    self.price.isByPlane = false
    let recipes = [\Self.load, \Self.pv, \Self.price]
    let isExternal = common?.kind == .external
    // Where they come from may be said once for all parts that are made elsewhere.
    let rows = isExternal ? common?.externalVersion : reader.optionalText("external_version")
    let age = isExternal ? common?.maxAgeHours : reader.optionalNumber("max_age_h", .positive)
    if rows != nil || age != nil, !recipes.contains(where: { self[keyPath: $0].kind == .external })
    {
      reader.error(
        rows != nil ? "external_version" : "max_age_h",
        "'external_version' and 'max_age_h' need a part of kind 'external'")
    }
    for recipe in recipes {
      self[keyPath: recipe].version = self.name
      guard self[keyPath: recipe].kind == .external else { continue }
      self[keyPath: recipe].externalVersion = self[keyPath: recipe].externalVersion ?? rows
      self[keyPath: recipe].maxAgeHours = self[keyPath: recipe].maxAgeHours ?? age
    }
  }

  /// Clear-sky rules say nothing about prices; the last day stands in.
  static func priceDefault(for recipe: ForecastRecipe) -> ForecastRecipe {
    recipe.kind == .clearSkyPersistence ? ForecastRecipe(.naiveDay) : recipe
  }
}

extension MappingReader {
  /// Reads where weather comes from: `none`, `observed`, the name of an external version, or a
  /// section.
  fileprivate func weather(_ key: String) -> ForecastSettings.Weather? {
    sectionOrNode(
      key,
      section: { reader in
        .issued(
          version: reader.text("version"),
          maxAgeHours: reader.optionalNumber("max_age_h", .positive))
      },
      other: { node in
        context.text(node, named: key).map { text in
          switch text {
          case "none": .none
          case "observed": .observed
          default: .issued(version: text, maxAgeHours: nil)
          }
        }
      })
  }
}

extension ForecastSettings.Version {
  /// Plans with the rows of a version that was made elsewhere.
  ///
  /// - Parameters:
  ///   - name: Name of the version in the rows.
  ///   - rows: The rows.
  ///   - usual: How a quantity is forecast that they do not have.
  init(_ name: String, of rows: ExternalForecasts, otherwise usual: ForecastRecipe.Kind) {
    func recipe(_ quantity: Quantity) -> ForecastRecipe {
      var recipe = ForecastRecipe(
        rows.contains(version: name, quantity: quantity) ? .external : usual)
      recipe.version = name
      return recipe
    }
    self.init(name: name, load: recipe(.load), pv: recipe(.pv), price: recipe(.price))
  }
}
