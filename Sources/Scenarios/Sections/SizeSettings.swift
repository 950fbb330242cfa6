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
    let capital: (perKWh: Double, perKW: Double, fixed: Double) =
      reader.section("capital") { capital in
        (
          perKWh: capital.number("per_kwh", .zeroOrMore),
          perKW: capital.number("per_kw", .zeroOrMore, default: 0),
          fixed: capital.number("fixed", .zeroOrMore, default: 0)
        )
      } ?? (0, 0, 0)
    var study = SizingSettings(
      energiesKWh: reader.numbers("energies_kwh", .positive),
      powersKW: reader.numbers("powers_kw", .positive),
      capitalPerKWh: capital.perKWh, capitalPerKW: capital.perKW, capitalFixed: capital.fixed)
    study.operationShare = reader.number(
      "operation_fraction_per_year", .fraction, default: study.operationShare)
    study.lifetimeYears = reader.integer("years", 1...60, default: study.lifetimeYears)
    study.discountRate = reader.number(
      "discount_rate_fraction", .within(-0.5...1), default: study.discountRate)
    study.escalationRate = reader.number(
      "escalation_fraction", .within(-0.5...1), default: study.escalationRate)
    study.replacementPerKWh = reader.number(
      "replacement_per_kwh", .zeroOrMore, default: study.replacementPerKWh)
    study.withOracle = reader.boolean("with_oracle", default: study.withOracle)
    study.period = reader.choice("period", default: study.period)
    self.study = study
  }
}
