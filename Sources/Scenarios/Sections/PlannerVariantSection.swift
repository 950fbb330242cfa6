import Planning
import Replay
import Studies
import Tariffs

/// One entry of `variants` of the section `planner`: what differs from the section itself.
struct PlannerVariantSection {
  var name: String
  var engine: PlannerChoice?
  var hedge: HedgeSettings?
  var heat: HeatForesight?
  var recourse: RecourseRule?
  var peakPricing: PeakPricing?
  var reserve: Reserve?

  init?(_ reader: MappingReader) {
    name = reader.text("name")
    engine = reader.optionalChoice("engine")
    hedge = reader.hedge("hedge")
    heat = reader.optionalChoice("heat")
    recourse = reader.optionalChoice("recourse")
    peakPricing = reader.optionalChoice("peak_pricing")
    reserve = reader.reserve("reserve_fraction")
  }

  /// The way of planning, with what is left out taken from the settings of the scenario.
  func variant(of settings: ReplaySettings) -> PlannerVariant {
    var kept = reserve
    kept?.outages = settings.reserve.outages
    return PlannerVariant(
      name: name, engine: engine ?? settings.engine, hedge: hedge ?? settings.hedge,
      heat: heat ?? settings.heat, recourse: recourse ?? settings.recourse,
      peakPricing: peakPricing ?? settings.peakPricing, reserve: kept)
  }
}

extension MappingReader {
  fileprivate func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String
  ) -> Choice? {
    node(key).flatMap { node in
      context.choice(node, named: key, among: Choice.allCases.map { ($0.rawValue, $0) })
    }
  }

  /// Reads the ways of planning to compare; their names are distinct.
  func plannerVariants(_ key: String) -> [PlannerVariantSection] {
    var names: Set<String> = []
    return (optionalList(key) { PlannerVariantSection($0) } ?? []).filter { variant in
      let isNew = names.insert(variant.name).inserted
      if !isNew {
        error(key, "planner variants need distinct names, found '\(variant.name)' again")
      }
      return isNew
    }
  }
}
