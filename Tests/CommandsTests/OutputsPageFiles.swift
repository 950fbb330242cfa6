import Foundation

/// A shop of four days with the files that subcommands read, and its history as `synth` makes it.
enum OutputsPageFiles {
  /// Writes the files.
  static func prepared() throws -> DataCommandTests.Folder {
    let folder = try DataCommandTests.Folder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/tariffs", withIntermediateDirectories: true)
    _ = try folder.file("tariffs/tariff.yaml", tariff)
    _ = try folder.file("site.yaml", site)
    _ = try folder.file(
      "batteries.yaml",
      site + "batteries: [{name: lfp}, {name: nmc, battery: {chemistry: nmc}}]\n")
    _ = try folder.file("vendor.csv", vendor)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/sites", withIntermediateDirectories: true)
    _ = try folder.file(
      "sites/shop.yaml",
      site.replacing("tariff: tariffs", with: "tariff: ../tariffs")
        .replacing("file: vendor.csv", with: "file: ../vendor.csv")
        .replacing(
          "  variants:\n    - name: trusting\n      hedge: none\n    - name: hedged\n"
            + "      hedge: expected_value\n", with: ""))
    _ = try folder.file(
      "p.csv",
      "time,power_kw\n2024-05-02T00:00Z,3\n2024-05-02T01:00Z,-5\n2024-05-02T02:00Z,9\n")
    _ = try folder.file("cell.csv", cell)
    _ = try folder.file("protocol.yaml", test)
    let runs = ["replay", "\(folder.path)/site.yaml", "-q", "-o", "\(folder.path)/runs"]
    _ = wattif(runs)
    _ = try folder.file("site.yaml", site.replacing("seed: 11", with: "seed: 12"))
    _ = wattif(runs + ["--version", "ridge"])
    _ = try folder.file("site.yaml", site)
    _ = try folder.file("heat.csv", ThermalCommandTests.telemetry)
    _ = wattif(
      "thermal", "train", "\(folder.path)/heat.csv", "--run", "run", "--temperature", "temp_c",
      "--current", "current_a", "--limit", "32", "--lead", "60", "--window", "120", "--model",
      "ridge", "--save", "\(folder.path)/heat.json")
    _ = wattif("synth", "\(folder.path)/site.yaml", "-o", "\(folder.path)/synth", "-q")
    return folder
  }

  /// A cell of 20 mΩ: rest at 3 V + 1 V per full charge of 2 A·h.
  static var cell: String {
    var text = "time_s,current_a,voltage_v,temperature_c\n"
    var charge = 2.0
    for k in 0..<600 {
      let current = Double((k / 20) % 3)
      if k > 0 { charge -= current * 10 / 3600 }
      text += "\(k * 10),\(current),\(3 + charge / 2 - 0.02 * current),25\n"
    }
    return text
  }

  private static let test = """
    ambient_c: 25
    steps:
      - cycles: 2
        steps:
          - {do: charge, rate_c: 0.5, until_cell_v: 3.4, cut_off_c: 0.1, for_h: 0.2}
          - {do: discharge, power_kw: 12, for_h: 0.1}

    """

  private static let vendor = """
    version,quantity,issued_at,valid_at,value
    vendor,load,2024-05-02T00:00:00Z,2024-05-02T01:00:00Z,2

    """

  static let tariff = """
    name: One price and a peak
    currency: EUR
    energy:
      - name: all hours
        price_per_kwh: 0.3
    export:
      price_per_kwh: 0.08
    demand:
      - name: peak
        price_per_kw: 5

    """

  static let site = """
    name: Four days of a shop
    site:
      time_zone: Europe/Berlin
      latitude_deg: 48.4
      longitude_deg: 10.0
      pv_kwp: 20
    period:
      from: 2024-05-02
      to: 2024-05-06
      step_s: 900
      warm_up_days: 30
    history:
      source: synthetic
      seed: 11
      load:
        kind: business
        annual_kwh: 30000
      price:
        mean_per_kwh: 0.1
    forecasts:
      versions:
        - naive_day
        - name: ridge
          kind: ridge
      external:
        - file: vendor.csv
    battery:
      capacity_kwh: 20
      chemistry: lfp
    inverter:
      power_kw: 10
    grid:
      import_limit_kw: 3
    tariff: tariffs/tariff.yaml
    planner:
      step_s: 3600
      replan_every_h: 3
      battery_outlook: ridge
      variants:
        - name: trusting
          hedge: none
        - name: hedged
          hedge: expected_value
    size:
      version: naive_day
      period: scale_to_year
      energies_kwh: [10, 20]
      powers_kw: [5]
      capital:
        per_kwh: 400
      with_oracle: true
    stress:
      version: naive_day
      policies: [residential, late]
      heat: [envelope, blind]
      replacement_per_kwh: 200
      faults:
        - kind: fan_failure
          from_day: 1
          days: 2

    """
}
