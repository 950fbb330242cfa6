import Twin

extension ConverterSpecification {
  /// Reads the section `inverter`.
  init?(_ reader: MappingReader) {
    let power = reader.number("power_kw", .positive)
    let base = reader.choice(
      "class",
      among: [
        ("hybrid", ConverterSpecification(ratedKW: power)), ("utility", .utility(ratedKW: power)),
        ("ideal", .ideal(ratedKW: power)),
      ], default: ConverterSpecification(ratedKW: power))
    func loss(_ key: String, _ usual: ConverterLoss) -> ConverterLoss {
      reader.optionalSection(key) { loss in
        ConverterLoss(
          noLoad: loss.number("no_load_fraction", .within(0...0.49), default: usual.noLoad),
          linear: loss.number("linear_fraction", .within(0...0.49), default: usual.linear),
          quadratic: loss.number(
            "quadratic_fraction", .within(0...0.49), default: usual.quadratic))
      } ?? usual
    }
    let common = loss("loss", base.chargeLoss)
    self.init(
      ratedKW: power, chargeLoss: loss("charge_loss", common),
      dischargeLoss: loss("discharge_loss", common),
      standbyKW: reader.number("standby_kw", .zeroOrMore, default: base.standbyKW))
    pvCoupling = reader.choice("pv_coupling", default: base.pvCoupling)
    guard reader.isSound else { return nil }
    reader.add(problems())
  }
}
