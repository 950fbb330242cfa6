/// What can go wrong in a stress study, by the word of documents.
package enum FaultKind: String, Sendable, CaseIterable {
  case fan = "fan_failure"
  case hvac = "hvac_failure"
  case vent = "blocked_vent"
  case hotCell = "hot_cell"
  case weakCell = "weak_cell"
  case imbalance
  case bias = "sensor_bias"
  case stuck = "sensor_stuck"
  case late = "sensor_late"
  case gap = "sensor_gap"
  case sun = "sun_on_door"
  case aged = "aged_pack"
  case spikes = "load_spikes"
  case logger = "logger_gap"
}
