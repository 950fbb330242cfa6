import Documents
package import Studies
package import Tariffs

/// Which batteries are tried and with which forecasts: the section `size`.
package struct SizeSettings: Sendable {
  /// A battery of the section `batteries` with its price.
  package struct Product: Sendable {
    /// Name in `batteries`.
    package var name: String
    /// Price; that of its size when absent. [currency]
    package var price: Double?
  }

  /// Production that may be added.
  package struct AddedPV: Sendable {
    /// Sizes to try besides none. [kWp]
    package var addedKWp: [Double]
    /// Price per kWp. [currency/kWp]
    package var perKWp: Double
    /// Price whatever the size. [currency]
    package var fixed: Double
  }

  /// Sizes and money.
  package var study: SizingSettings
  /// Name of the forecast version that plans; the first one when absent.
  package var version: String?
  /// Batteries that are tried besides sizes.
  package var products: [Product] = []
  /// Production that is tried.
  package var pv: AddedPV?
  /// Tariffs that are tried besides the site's own.
  package var tariffs: [Tariff] = []
}

extension SizeSettings {
  /// Reads the section.
  init?(_ reader: MappingReader) {
    version = reader.optionalText("version")
    var study = SizingSettings(
      energiesKWh: reader.sizes("energies_kwh"), powersKW: reader.sizes("powers_kw"),
      finance: FinanceTerms(reader))
    study.withOracle = reader.boolean("with_oracle", default: study.withOracle)
    study.withRule = reader.boolean("with_rule", default: study.withRule)
    study.otherVersions = reader.optionalTexts("other_versions") ?? []
    study.period = reader.choice("period", default: study.period)
    study.search = reader.choice("search", default: study.search)
    study.lifetime = reader.optionalSection("lifetime") { LifetimeSettings($0) } ?? study.lifetime
    study.uncertainty =
      reader.optionalSection("ranges") {
        Uncertainty(
          capital: $0.number("capital_fraction", .fraction, default: 0),
          prices: $0.number("prices_fraction", .fraction, default: 0),
          fade: $0.number("fade_fraction", .fraction, default: 0))
      } ?? study.uncertainty
    study.resilience = reader.optionalSection("resilience") { section in
      let usual = ResilienceSettings()
      return ResilienceSettings(
        criticalShare: section.number(
          "critical_load_fraction", .fraction, default: usual.criticalShare),
        outageHours: section.number("outage_h", .within(0.1...720), default: usual.outageHours),
        outagesPerYear: section.number(
          "outages_per_year", .zeroOrMore, default: usual.outagesPerYear),
        valueOfLostLoadPerKWh: section.number(
          "value_of_lost_load_per_kwh", .zeroOrMore, default: usual.valueOfLostLoadPerKWh),
        longestHours: section.number(
          "longest_h", .within(0.5...720), default: usual.longestHours))
    }
    self.study = study
    products =
      reader.optionalList("batteries") {
        Product(name: $0.text("name"), price: $0.optionalNumber("price", .zeroOrMore))
      } ?? []
    pv = reader.optionalSection("pv") {
      AddedPV(
        addedKWp: $0.numbers("added_kwp", .positive), perKWp: $0.number("per_kwp", .zeroOrMore),
        fixed: $0.number("fixed", .zeroOrMore, default: 0))
    }
    if reader.has("tariffs") { tariffs = reader.tariffs("tariffs") }
  }
}

extension LifetimeSettings {
  /// Reads `lifetime`.
  fileprivate init(_ reader: MappingReader) {
    let usual = LifetimeSettings()
    var settings = usual
    if let node = reader.node("replayed_years") {
      if node.scalar?.text == "all" {
        settings.replaysAll = true
      } else {
        settings.replayedYears = (node.items ?? [node]).map {
          reader.context.integer($0, named: "replayed_years", 1...60)
        }
      }
    }
    settings.fade = reader.choice("fade", default: usual.fade)
    settings.endOfLife = reader.choice("at_end_of_life", default: usual.endOfLife)
    settings.loadGrowth = reader.number(
      "load_growth_fraction", .within(-0.2...0.2), default: usual.loadGrowth)
    let replaysLater =
      settings.replaysAll || settings.replayedYears != usual.replayedYears
      || settings.loadGrowth != 0
    reader.require(
      settings.fade == .model || !replaysLater, "fade",
      "'fade: constant' takes every year as the first one; leave 'replayed_years' and "
        + "'load_growth_fraction' out")
    self = settings
  }
}

extension MappingReader {
  /// Reads sizes: a list, or a section with the first, the last and the distance.
  fileprivate func sizes(_ key: String) -> [Double] {
    guard let node = requiredNode(key) else { return [] }
    guard node.entries != nil else { return context.numbers(node, named: key, .positive) }
    return read(node, path: path(of: key)) { section in
      let from = section.number("from", .positive)
      let to = section.number("to", .positive)
      let step = section.number("step", .positive)
      section.require(from <= to, "to", "'to' must not lie below 'from'")
      let count = ((to - from) / step + 1e-9).rounded(.down)
      section.require(count < 1000, "step", "at most 1000 sizes, found \(Int(min(count, 1e9)) + 1)")
      guard section.isSound else { return [] }
      return (0...Int(count)).map { from + Double($0) * step }
    } ?? []
  }

  /// Reads tariffs: paths of documents, or the documents themselves as sections.
  fileprivate func tariffs(_ key: String) -> [Tariff] {
    guard let node = requiredNode(key) else { return [] }
    return (node.items ?? [node]).compactMap { item -> Tariff? in
      if item.entries != nil {
        return read(item, path: path(of: key)) { TariffDocument.tariff($0) }
      }
      guard let path = context.path(item, named: key) else { return nil }
      return context.attempt(at: item) {
        context.reads(path)
        return try TariffDocument.read(path)
      }
    }
  }
}
