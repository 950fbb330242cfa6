package import Numerics

/// A load of the site that can wait: a car, a boiler, a heat pump or a process.
///
/// It comes on top of the measured load, which is that of everything else.
package struct SiteLoad: Sendable {
  /// What it is.
  package enum Kind: String, Sendable, CaseIterable {
    /// A car that charges while it is there.
    case ev
    /// A boiler that heats a tank.
    case boiler
    /// A heat pump that heats a store.
    case heatPump = "heat_pump"
    /// A job that has to be done within a window.
    case process
  }

  /// When it runs without a plan.
  package enum Otherwise: Sendable, Hashable {
    /// As soon as it has anything to do.
    case atOnce
    /// From a time of day on, for half a day at most. [min after midnight]
    case timer(minuteOfDay: Int)
  }

  /// What it has to do.
  package enum Work: Sendable {
    /// Sessions in the order of time, known ahead or from their arrival on.
    case sessions([LoadSession], knownAhead: Bool)
    /// A store of heat.
    case store(HeatStore)
  }

  /// Name in results.
  package var name: String
  /// What it is.
  package var kind: Kind
  /// Highest power. [kW]
  package var powerKW: Double
  /// Lowest power at which it runs where it does not rest. [kW]
  package var leastKW = 0.0
  /// What it has to do.
  package var work: Work
  /// When it runs without a plan.
  package var otherwise: Otherwise
  /// Price of what must be had and is not. [currency/kWh]
  package var unmetPerKWh: Double
  /// Price of what would be nice to have and is not. [currency/kWh]
  package var optionalPerKWh: Double

  /// The name as it stands in keys and headers of files.
  package var key: String {
    String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  /// Names a load.
  package init(
    name: String, kind: Kind, powerKW: Double, work: Work, otherwise: Otherwise = .atOnce,
    unmetPerKWh: Double, optionalPerKWh: Double = 0
  ) {
    self.name = name
    self.kind = kind
    self.powerKW = powerKW
    self.work = work
    self.otherwise = otherwise
    self.unmetPerKWh = unmetPerKWh
    self.optionalPerKWh = optionalPerKWh
  }
}

/// A stretch of time in which a load may draw an amount of energy: a car that is there, or a job.
package struct LoadSession: Sendable, Hashable {
  /// Begin. [UTC epoch s]
  package var arrival: Int
  /// End as it came. [UTC epoch s]
  package var departure: Int
  /// End as it was told at the arrival. [UTC epoch s]
  package var toldDeparture: Int
  /// Energy that must be had. [kWh]
  package var mustKWh: Double
  /// Energy that would be nice to have on top. [kWh]
  package var niceKWh: Double
  /// Highest power. [kW]
  package var powerKW: Double

  /// Creates a session; told is the end as it came where nothing else is said.
  package init(
    arrival: Int, departure: Int, toldDeparture: Int? = nil, mustKWh: Double, niceKWh: Double = 0,
    powerKW: Double
  ) {
    self.arrival = arrival
    self.departure = departure
    self.toldDeparture = toldDeparture ?? departure
    self.mustKWh = mustKWh
    self.niceKWh = niceKWh
    self.powerKW = powerKW
  }
}

/// A store of heat, what is taken from it and what a kWh of electricity puts into it.
package struct HeatStore: Sendable {
  /// What is taken from it.
  package enum Use: Sendable, Hashable {
    /// Heat in each hour of the local day, which everybody knows ahead. [kWh]
    case hourly([Double])
    /// Heat of a house by the air outside: so much for every degree below a limit. [kW/K, °C]
    case heating(kWPerK: Double, limitC: Double)
  }

  /// Heat that it holds. [kWh]
  package var capacityKWh: Double
  /// What a full store loses in a day. [kWh]
  package var lossKWhPerDay: Double
  /// What is taken from it.
  package var use: Use
  /// Coefficient of performance over the air temperature; one without. [°C]
  package var performance: LinearTable?

  /// Share of the capacity that it holds at the first instant.
  static let startShare = 0.5

  /// Creates a store.
  package init(
    capacityKWh: Double, lossKWhPerDay: Double, use: Use, performance: LinearTable? = nil
  ) {
    self.capacityKWh = capacityKWh
    self.lossKWhPerDay = lossKWhPerDay
    self.use = use
    self.performance = performance
  }
}
