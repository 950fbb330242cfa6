/// A scenario of three days that reads no file and is replayed in a moment.
enum SmallScenario {
  static let text = """
    site: {time_zone: Europe/Berlin, latitude_deg: 48.4, longitude_deg: 10.0}
    period: {from: 2024-03-29, to: 2024-04-01, step_s: 3600, warm_up_days: 2}
    history: {source: synthetic, load: {kind: home, annual_kwh: 4000}}
    forecasts: {versions: [persistence]}
    battery: {capacity_kwh: 5}
    inverter: {power_kw: 3}
    grid: {import_limit_kw: 20}
    tariff: {name: flat, currency: EUR, energy: [{name: energy, price_per_kwh: 0.3}]}
    planner: {horizon_h: 24}

    """
}
