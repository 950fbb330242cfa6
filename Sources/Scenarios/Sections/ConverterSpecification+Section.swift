import Twin

extension ConverterSpecification {
  /// Reads the section `inverter`.
  init?(_ reader: MappingReader) {
    let power = reader.number("power_kw", .positive)
    let base = reader.choice("class", default: ConverterClass.hybrid).converter(ratedKW: power)
    func loss(_ key: String, _ usual: ConverterLoss) -> ConverterLoss {
      reader.optionalSection(key) { loss in
        ConverterLoss(
          noLoad: loss.number("no_load_fraction", .within(0...0.49), default: usual.noLoad),
          linear: loss.number("linear_fraction", .within(0...0.49), default: usual.linear),
          quadratic: loss.number(
            "quadratic_fraction", .within(0...0.49), default: usual.quadratic))
      } ?? usual
    }
    let common = reader.has("loss") ? loss("loss", base.chargeLoss) : nil
    let standbyKW = reader.number("standby_kw", .zeroOrMore, default: base.standbyKW)
    let standbyW = reader.optionalNumber("standby_w", .zeroOrMore)
    reader.require(
      standbyW == nil || !reader.has("standby_kw"), "standby_w",
      "'standby_w' and 'standby_kw' say the same; give one of them")
    self.init(
      ratedKW: power, chargeLoss: loss("charge_loss", common ?? base.chargeLoss),
      dischargeLoss: loss("discharge_loss", common ?? base.dischargeLoss),
      standbyKW: standbyW.map { $0 / 1000 } ?? standbyKW)
    pvCoupling = reader.choice("pv_coupling", default: base.pvCoupling)
    guard reader.isSound else { return nil }
    reader.add(problems())
  }
}
