import Diagnostics
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
    minimumKW = reader.number("min_power_kw", .zeroOrMore, default: 0)
    stepsKW = (reader.optionalNumbers("power_steps_kw", .positive) ?? []).sorted()
    reader.require(
      minimumKW <= power, "min_power_kw",
      "'min_power_kw' must not exceed 'power_kw', found '\(plain(minimumKW))'")
    reader.require(
      stepsKW.allSatisfy { $0 >= minimumKW && $0 <= power }, "power_steps_kw",
      "'power_steps_kw' must lie between 'min_power_kw' and 'power_kw'")
    guard reader.isSound else { return nil }
    reader.add(problems())
  }
}
