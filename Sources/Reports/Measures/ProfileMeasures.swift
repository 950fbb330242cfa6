import Documents
import Studies

extension RegretProfile.Part {
  /// Regret in a part of the day, the week or the year.
  static let measures = MeasureList<RegretProfile.Part>([
    Measure("division", unit: .words, "How time is divided: `hour`, `weekday` or `month`.") {
      .text($0.division.rawValue)
    },
    Measure("label", unit: .words, "Local hour, weekday, or month such as `2024-03`.") {
      .text($0.label)
    },
    Measure("regret", unit: .currency, "Cost less the oracle's in it.") { .number($0.regret) },
    Measure("energy", unit: .currency, "Of this, what adds up over intervals.") {
      .number($0.energy)
    },
    Measure(
      "peak", unit: .currency, "Of this, what peaks of months decide, on the highest import."
    ) { .number($0.peak) },
  ])
}

extension LeadValue {
  /// What perfect forecasts of some leads would bring.
  static let measures = MeasureList<LeadValue>([
    Measure("quantity", unit: .words, in: .json, "What would be forecast perfectly.") {
      .text($0.cause.rawValue)
    },
    Measure("from_h", unit: .hours, in: .json, "Least lead.") { .number($0.hours.lowerBound) },
    Measure("to_h", unit: .hours, in: .json, "Lead below which; null for the end of the horizon.") {
      .number($0.hours.upperBound.isFinite ? $0.hours.upperBound : nil)
    },
    Measure("saving", unit: .currency, in: .json, "What it would save over the period.") {
      .number($0.saving)
    },
  ])
}

extension BeyondForecasts {
  /// Why perfect forecasts cost more than the foresight bound.
  static let measures = MeasureList<BeyondForecasts>([
    Measure(
      "horizon", unit: .currency, in: .json,
      "A horizon that ends before a week, and what energy is held to be worth at its end."
    ) { .number($0.horizon) },
    Measure(
      "envelope", unit: .currency, in: .json,
      "Power and heat expected along another path than the plan's own."
    ) { .number($0.envelope) },
    Measure(
      "within_slot", unit: .currency, in: .json,
      "What happens within a slot of the plan and is left to the recourse; null where slots are as short as the "
        + "intervals of the meter."
    ) { .number($0.withinSlot) },
    Measure(
      "model", unit: .currency, in: .json, "The planner's model of battery and bill."
    ) { .number($0.model) },
  ])
}

/// A part of the time with the version whose regret falls there.
struct ProfiledRegret: Sendable {
  let version: String
  let part: RegretProfile.Part

  static let measures =
    MeasureList<ProfiledRegret>([
      Measure("version", unit: .words, in: .csv, "Name of the version.") { .text($0.version) }
    ]) + RegretProfile.Part.measures.of { $0.part }
}
