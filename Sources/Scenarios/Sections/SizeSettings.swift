package import Studies

/// Which batteries are tried and with which forecasts: the section `size`.
package struct SizeSettings: Sendable {
  /// Sizes and money.
  package var study: SizingSettings
  /// Name of the forecast version that plans; the first one when absent.
  package var version: String?
}

extension SizeSettings {
  /// Reads the section.
  init?(_ reader: MappingReader) {
    version = reader.optionalText("version")
    var study = SizingSettings(
      energiesKWh: reader.numbers("energies_kwh", .positive),
      powersKW: reader.numbers("powers_kw", .positive), finance: FinanceTerms(reader))
    study.withOracle = reader.boolean("with_oracle", default: study.withOracle)
    study.period = reader.choice("period", default: study.period)
    self.study = study
  }
}
