package import Replay
import TimeSeries

/// What a stress study goes through.
package struct StressPlan: Sendable {
  /// Names of the policies, the reference first.
  package var policies: [String]
  /// Faults, none first.
  package var faults: [StressFault]
  /// Changes of the weather, none first.
  package var weathers: [WeatherStress]
  /// Ways in which plans foresee the heat, the first one that of the verdict.
  package var heats: [HeatForesight]
  /// Price of the battery's life; nothing where it is not known.
  package var lifePrice: LifePrice?

  /// Lists what is gone through.
  package init(
    policies: [String], faults: [StressFault], weathers: [WeatherStress],
    heats: [HeatForesight] = [.envelope], lifePrice: LifePrice? = nil
  ) {
    self.policies = policies
    self.faults = faults
    self.weathers = weathers
    self.heats = heats
    self.lifePrice = lifePrice
  }

  /// A combination by its places in the lists.
  struct Place: Sendable {
    var policy: Int
    var fault: Int
    var weather: Int
    var heat: Int
  }

  /// Every combination: policies in the outer order, then faults, weathers and ways of planning.
  var places: [Place] {
    policies.indices.flatMap { policy in
      faults.indices.flatMap { fault in
        weathers.indices.flatMap { weather in
          heats.indices.map { Place(policy: policy, fault: fault, weather: weather, heat: $0) }
        }
      }
    }
  }

  /// Returns how many intervals a study reports to its monitor.
  package func intervalCount(of replay: ReplayCase) -> Int {
    policies.count * faults.count * weathers.count * heats.count * replay.period.count
  }
}
