import Foundation
import TestSupport
import Testing

/// The sliders of a sizing page, moved in a browser and compared with what the command line says of the same point.
@Suite(
  "Sliders between sizes", .enabled(if: Chromium.path != nil, Chromium.absence), .serialized)
struct ExplorerTests {
  private static func document(
    energies: String = "[2, 4, 6, 8, 10, 12]", powers: String = "[2, 3, 4]", prices: Double = 1,
    capital: Double = 1
  ) -> String {
    """
    site:
      time_zone: Europe/Berlin
      latitude_deg: 48.4
      longitude_deg: 10.0
      pv_kwp: 6
    period:
      from: 2024-05-01
      to: 2024-05-15
      step_s: 3600
      warm_up_days: 7
    history:
      source: synthetic
      load: {kind: home, annual_kwh: 5000}
    forecasts:
      versions: [naive_day]
    battery: {capacity_kwh: 5}
    inverter: {power_kw: 3}
    tariff:
      name: day and night
      currency: EUR
      energy:
        - name: energy
          periods:
            - {name: night, times: "22:00 to 06:00", price_per_kwh: \(0.2 * prices)}
            - {name: day, times: "06:00 to 22:00", price_per_kwh: \(0.4 * prices)}
      export: {price_per_kwh: \(0.08 * prices)}
    planner: {horizon_h: 24, wear_per_kwh: 0.001}
    size:
      energies_kwh: \(energies)
      powers_kw: \(powers)
      capital: {per_kwh: \(150 * capital), per_kw: \(60 * capital), fixed: \(200 * capital)}
      years: 12
      period: scale_to_year
      with_oracle: false

    """
  }

  /// A point of the sliders.
  struct Point: Sendable {
    var energy: Double
    var power: Double
    var prices = 1.0
    var capital = 1.0
  }

  private static func number(_ name: String, in page: String) -> Double? {
    let parts = page.components(separatedBy: "data-\(name)=\"")
    return parts.count > 1 ? Double(parts[1].prefix { $0 != "\"" }) : nil
  }

  @Test(
    "every point is within a hundredth of the command line's, or carries an error that holds it")
  func points() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-explorer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func size(_ document: String, _ options: [String]) throws -> Outcome {
      let path = folder.appendingPathComponent("s.yaml").path
      try document.write(toFile: path, atomically: true, encoding: .utf8)
      let outcome = wattif(["size", path, "-q"] + options)
      #expect(outcome.code == .done, "\(outcome.error)")
      return outcome
    }
    let file = folder.appendingPathComponent("page.html")
    _ = try size(Self.document(), ["--html", file.path])
    let bytes = try Data(contentsOf: file).count
    #expect(bytes < 2_000_000, "\(bytes)")
    let text = try String(contentsOf: file, encoding: .utf8)
    // The name of the form of drawings is the only address; nothing is fetched from one.
    #expect(text.replacing("http://www.w3.org/2000/svg", with: "").contains("://") == false)
    #expect(!text.contains("fetch(") && !text.contains(" src="))
    for point in [
      Point(energy: 6, power: 3), Point(energy: 5, power: 2.5), Point(energy: 7, power: 3),
      Point(energy: 11, power: 3.5), Point(energy: 3, power: 2, prices: 1.3),
      Point(energy: 9, power: 4, prices: 0.8, capital: 1.2),
    ] {
      var address = try #require(URLComponents(url: file, resolvingAgainstBaseURL: false))
      address.fragment =
        "energy=\(point.energy)&power=\(point.power)&prices=\(point.prices)&capital=\(point.capital)"
      let (page, console) = try Chromium.open(try #require(address.url), ["--dump-dom"])
      #expect(console == [])
      let value = try #require(Self.number("value", in: page))
      let error = try #require(Self.number("error", in: page), "an error is told at \(point)")
      let exact = try size(
        Self.document(
          energies: "[\(point.energy)]", powers: "[\(point.power)]", prices: point.prices,
          capital: point.capital), ["--json"])
      let result = try #require(
        JSONSerialization.jsonObject(with: Data(exact.output.utf8)) as? [String: Any])
      let candidate = try #require((result["candidates"] as? [[String: Any]])?.last)
      let npv = try #require(candidate["npv"] as? Double)
      let capital = try #require(candidate["capex"] as? Double)
      // A value near zero is small against what it is made of, so a hundredth of the capital counts as well.
      #expect(
        abs(value - npv) <= max(error, 0.01 * max(abs(npv), capital)),
        "\(point): \(value) ± \(error), the command line says \(npv)")
      if point.energy == 6 { #expect(error == 0 && abs(value - npv) < 1e-6 * abs(npv)) }
    }
  }
}
