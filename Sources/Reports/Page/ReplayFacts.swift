import Documents
import Planning
import Replay
import Tariffs
import TimeSeries
import Twin

extension ReplayCase {
  /// What every run of the case was: battery, tariff, connection, time, planner.
  var facts: [PageFact] {
    let zone = history.zone
    let days = Double(period.end - period.start) / 86_400
    func hours(_ seconds: Int) -> String {
      "\(NumberText.rounded(Double(seconds) / 3600, decimals: 2)) h"
    }
    return batteryFacts + [
      PageFact("Tariff", "\(tariff.name) (\(tariff.currency))"),
      PageFact("Connection", connectionWords),
    ] + loadFacts + [
      PageFact(
        "Period",
        "\(Instant.localText(period.start, zone: zone)) to "
          + "\(Instant.localText(period.end, zone: zone)), \(NumberText.rounded(days, decimals: 2)) days, "
          + "clock of \(zone.identifier)"),
      PageFact(
        "Metering",
        "every \(NumberText.rounded(Double(period.stepSeconds) / 60, decimals: 2)) min"
          + (period.stepSeconds > 60 ? "; execution follows the means of these intervals" : "")),
      PageFact(
        "Plans",
        "of \(NumberText.rounded(settings.horizonHours, decimals: 2)) h in slots of "
          + "\(NumberText.rounded(Double(settings.planningStepSeconds) / 60, decimals: 2)) min, made every "
          + hours(settings.replanSeconds)),
      PageFact(
        "Planner",
        "\(settings.engine.rawValue), recourse \(settings.recourse.rawValue), peak pricing "
          + "\(settings.peakPricing.rawValue), hedge \(settings.hedge.hedge.name), heat "
          + "\(settings.heat.rawValue), curtailment \(settings.curtailment.rawValue)"),
      PageFact(
        "Wear",
        "\(NumberText.rounded(settings.wearPerKWh, decimals: 6)) \(tariff.currency)/kWh discharged"),
      PageFact("Seed", String(settings.seed)),
    ]
  }
}
