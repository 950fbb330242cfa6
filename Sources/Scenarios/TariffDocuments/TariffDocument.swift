import Diagnostics
import Documents
package import Tariffs

/// Reads tariff documents: YAML files, or the `tariff` section of a scenario.
///
/// All mistakes of a document are reported together, each with its place.
package enum TariffDocument {
  /// Reads a tariff file: YAML, a rate record of the Utility Rate Database when it ends in `.json` or `.csv`, or a table
  /// of billing periods when that is what a `.csv` is.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: What the command line says of the site and the record.
  /// - Returns: The checked tariff.
  /// - Throws: `InputError` with every finding.
  package static func read(
    _ path: String, options: URDBImport.Options = URDBImport.Options()
  ) throws -> Tariff {
    let bytes = try TextFile(path, isUnicode: true).bytes
    func assumed(_ tariff: Tariff) throws -> Tariff {
      guard options.powerFactor != nil || options.tierConvention != nil else { return tariff }
      return try tariff.assuming(
        powerFactor: options.powerFactor, tierConvention: options.tierConvention)
    }
    if isRecord(path) {
      if BillingPeriodTable.isTable(bytes) {
        return try BillingPeriodTable.read(
          bytes, file: path, meteringSeconds: options.meteringSeconds)
      }
      return try URDBImport(bytes, file: path, options: options).requireTariff()
    }
    return try assumed(parse(bytes, file: path))
  }

  /// Whether a file is a rate record or a table of billing periods, by its name.
  package static func isRecord(_ path: String) -> Bool {
    [".json", ".csv", ".json.gz", ".csv.gz"].contains { path.hasSuffix($0) }
  }

  /// Reads a tariff document from its bytes.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - file: Its name, for messages.
  /// - Returns: The checked tariff.
  /// - Throws: `InputError` with every finding.
  package static func parse(_ bytes: [UInt8], file: String) throws -> Tariff {
    let node = try YAMLParser.parse(bytes, file: file)
    let context = DecodingContext()
    let reader = MappingReader(node, context: context)
    let tariff = tariff(reader)
    reader.finish()
    try context.throwIfErrors()
    guard let tariff else {
      throw InputError("the tariff is empty", at: SourcePosition(file: file))
    }
    return tariff
  }

  /// Reads the key of a scenario that holds a tariff: a section, or the path of a tariff file.
  ///
  /// - Parameters:
  ///   - key: The key, usually `tariff`.
  ///   - reader: The section that has the key; it must be given.
  /// - Returns: The checked tariff, or nothing when it has findings.
  package static func tariff(key: String, in reader: MappingReader) -> Tariff? {
    guard reader.requiredNode(key) != nil else { return nil }
    return reader.sectionOrNode(key, section: { tariff($0) }) { node in
      guard let path = reader.context.path(node, named: key) else { return nil }
      return reader.context.attempt(at: node) {
        let tariff = try read(path)
        for warning in tariff.warnings {
          reader.context.warning(warning.message, at: warning.position ?? node.position)
        }
        return tariff
      }
    }
  }

  /// Reads a tariff from a section.
  package static func tariff(_ reader: MappingReader) -> Tariff? {
    let name = reader.text("name")
    let currency = reader.text("currency")
    let source = reader.optionalText("source")
    let vat = reader.datedValue("vat_fraction", default: 0)
    let holidays = reader.holidays("holidays")
    let dayKinds = reader.optionalList("day_kinds") { $0.dayKind() } ?? []
    let seasons = NamedDays(seasons: reader.seasons("seasons"), kinds: dayKinds.map(\.name))
    let energy = reader.list("energy") { $0.energyCharge(seasons: seasons) }
    let demand = reader.optionalList("demand") { $0.demandCharge(seasons: seasons) } ?? []
    let contracted =
      reader.optionalList("contracted") {
        $0.contractedPower(seasons: seasons)
      } ?? []
    let reactive = reader.optionalList("reactive") { $0.reactiveCharge() } ?? []
    let hoursOfUse = reader.optionalList("hours_of_use") { $0.hoursOfUseCharge() } ?? []
    let fixed = reader.optionalList("fixed") { $0.fixedCharge() } ?? []
    let export =
      reader.optionalSection("export") { $0.exportRule(seasons: seasons) } ?? .nothing
    let minimums = reader.optionalList("minimums") { $0.minimumCharge() } ?? []
    let settlement = reader.optionalSection("settlement") { section in
      Settlement(
        seconds: section.integer("minutes", 1...1440) * 60,
        netsImportAndExport: section.boolean("nets_import_and_export", default: false))
    }
    let importLimitKW = reader.optionalNumber("import_limit_kw", .zeroOrMore)
    let exportLimitKW = reader.optionalNumber("export_limit_kw", .zeroOrMore)
    let carbon = reader.optionalSection("carbon") { $0.carbonFactor(seasons: seasons) }
    let applicability = reader.optionalSection("applies") { $0.applicability() } ?? .unlimited
    let isWhole = !reader.has("energy") || !energy.isEmpty
    guard isWhole else { return nil }
    // What was read so far is checked as a whole even when parts had mistakes, so that both kinds of
    // finding are reported together; a charge with mistakes is simply not there.
    return reader.attempt {
      try Tariff(
        name: name.isEmpty ? "tariff" : name, currency: currency.isEmpty ? "EUR" : currency,
        source: source, vatFraction: vat, holidays: holidays, dayKinds: dayKinds, energy: energy,
        demand: demand,
        contracted: contracted, reactive: reactive, hoursOfUse: hoursOfUse, fixed: fixed,
        export: export, minimums: minimums, settlement: settlement, importLimitKW: importLimitKW,
        exportLimitKW: exportLimitKW, carbon: carbon, applicability: applicability,
        position: reader.position)
    }
  }
}
