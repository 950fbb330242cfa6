/// A small scenario that is right, in which each test breaks one thing.
enum GoodScenario {
  /// Three days of a made-up house.
  static let synthetic = """
    site:
      time_zone: Europe/Berlin
      latitude_deg: 48.4
      longitude_deg: 10.0
    period:
      from: 2024-03-29
      to: 2024-04-01
      step_s: 3600
      warm_up_days: 2
    history:
      source: synthetic
      load:
        kind: home
        annual_kwh: 4000
    forecasts:
      versions: [persistence]
    battery:
      capacity_kwh: 5
    inverter:
      power_kw: 3
    grid:
      import_limit_kw: 20
    tariff:
      name: flat
      currency: EUR
      energy:
        - name: energy
          price_per_kwh: 0.3
    planner:
      horizon_h: 24

    """

  /// The same house with its load and the spot price in a file.
  static let files = """
    site:
      time_zone: Europe/Berlin
    period:
      from: 2024-03-31
      to: 2024-04-01
      step_s: 3600
      warm_up_days: 0
    history:
      source: files
      ambient_c: 20
      files:
        - file: load.csv
          time_column: time
          columns:
            - column: load
              quantity: load
              unit: kW
            - column: price
              quantity: price
              unit: EUR/MWh
    forecasts:
      versions: [persistence]
    battery:
      capacity_kwh: 5
    inverter:
      power_kw: 3
    tariff:
      name: spot
      currency: EUR
      energy:
        - name: energy
          spot_multiplier: 1
    planner:
      horizon_h: 24

    """

  /// The file of `files`: the 23 hours of the day on which clocks go forward in Berlin.
  static let load: String = {
    var lines = ["time,load,price"]
    for hour in 0..<24 where hour != 2 {
      lines.append("2024-03-31T\(hour < 10 ? "0" : "")\(hour):00,0.5,80")
    }
    return lines.joined(separator: "\n") + "\n"
  }()
}
