import TestSupport
import Testing
import TimeSeries

@testable import Store

@Suite("Forecast store") struct ForecastStoreTests {
  let zone = Zone.utc

  func issue(_ issuedAt: Int, version: String = "v1", trainedTo: Int? = nil) -> ForecastIssue {
    ForecastIssue(
      site: "home", version: version, quantity: .load, issuedAt: issuedAt,
      modelHash: "abc", trainedFrom: trainedTo.map { $0 - 86_400 }, trainedTo: trainedTo)
  }

  func rows(from start: Int, _ values: [Double]) -> [ForecastValue] {
    values.enumerated().map {
      ForecastValue(slotStart: start + $0.offset * 3600, value: $0.element)
    }
  }

  @Test("models are kept with window, columns, time and metrics, one record per fit")
  func models() throws {
    let store = try ProjectStore(path: ":memory:")
    var model = StoredModel(
      version: "ridge", quantity: .load, hash: "00ff", trainedFrom: newYear,
      trainedTo: newYear + 86_400, rows: 96, features: ["lag_1d", "mean_7d"], seed: .max,
      seconds: 0.25, metrics: ["penalty": 10, "held_out_rmse": 0.5])
    try store.write(model, site: "home", zone: zone)
    model.hash = "0100"
    model.trainedTo = newYear + 2 * 86_400
    model.seconds = nil
    try store.write(model, site: "home", zone: zone)
    model.metrics = ["penalty": 100]
    try store.write(model, site: "home", zone: zone)
    let kept = try store.models(site: "home")
    #expect(kept.map(\.hash) == ["00ff", "0100"])
    #expect(kept[0].metrics == ["penalty": 10, "held_out_rmse": 0.5] && kept[0].seconds == 0.25)
    #expect(kept[1] == model)
    #expect(try store.models(site: "elsewhere").isEmpty)
    try store.verify()
    model.trainedFrom = newYear + 3 * 86_400
    #expect(throws: StoreError.self) { try store.write(model, site: "home", zone: zone) }
  }

  @Test("a reader sees only what was issued by then") func asOf() throws {
    let store = try ProjectStore(path: ":memory:")
    let t = newYear
    try store.write(issue(t), values: rows(from: t, [1, 2, 3]), zone: zone)
    try store.write(issue(t + 3600), values: rows(from: t + 3600, [20, 30]), zone: zone)
    func values(asOf: Int) throws -> [Double]? {
      try store.forecast(site: "home", quantity: .load, version: "v1", asOf: asOf)?.values
        .map(\.value)
    }
    #expect(try values(asOf: t - 1) == nil)
    #expect(try values(asOf: t) == [1, 2, 3])
    #expect(try values(asOf: t + 3599) == [1, 2, 3])
    #expect(try values(asOf: t + 3600) == [20, 30])
  }

  @Test("a forecast that knows its future is refused") func leaks() throws {
    let store = try ProjectStore(path: ":memory:")
    let t = newYear
    try store.write(issue(t, trainedTo: t), values: rows(from: t, [1]), zone: zone)
    let trained = #expect(throws: StoreError.self) {
      try store.write(issue(t + 60, trainedTo: t + 61), values: [], zone: zone)
    }
    #expect(
      trained?.message
        == "forecast 'v1' of 'load' issued at 2024-01-01T00:01:00Z was trained on data up to "
        + "2024-01-01T00:01:01Z, after its issue")
    let late = #expect(throws: StoreError.self) {
      try store.write(issue(t + 3600), values: rows(from: t, [1, 2]), zone: zone)
    }
    #expect(
      late?.message.contains("has a value for 2024-01-01T00:00:00Z, before its issue") == true)
    let missing = #expect(throws: StoreError.self) {
      try store.write(issue(t), values: rows(from: t, [.nan]), zone: zone)
    }
    #expect(missing?.message.contains("has no value for 2024-01-01T00:00:00Z") == true)
    // The refused ones left nothing, and the first is still there.
    #expect(try store.integer("SELECT count(*) FROM forecast_issues") == 1)
    // The table refuses what a writer of its own would try.
    let direct = #expect(throws: StoreError.self) {
      try store.connection.execute(
        "INSERT INTO forecast_issues(site, version, quantity, issued_at, trained_to) "
          + "VALUES('home', 'x', 'load', 10, 11)")
    }
    #expect(direct?.code == 275)
  }

  @Test("versions are told apart, and an unknown one is an error") func versions() throws {
    let store = try ProjectStore(path: ":memory:")
    for version in ["b", "a"] {
      try store.write(
        issue(newYear, version: version), values: rows(from: newYear, [1]), zone: zone)
    }
    #expect(try store.forecastVersions(site: "home", quantity: .load) == ["a", "b"])
    let unknown = #expect(throws: StoreError.self) {
      try store.forecast(site: "home", quantity: .load, version: "c", asOf: newYear)
    }
    #expect(
      unknown?.message
        == "there is no forecast version 'c' of 'load' for site 'home'; stored versions: 'a', 'b'")
  }

  @Test("quantiles stand beside the point, once each") func quantiles() throws {
    let store = try ProjectStore(path: ":memory:")
    let values = [0.9, nil, 0.1].map {
      ForecastValue(slotStart: newYear, quantile: $0, value: ($0 ?? 0.5) * 10)
    }
    try store.write(issue(newYear), values: values, zone: zone)
    let read = try #require(
      try store.forecast(site: "home", quantity: .load, version: "v1", asOf: newYear))
    #expect(read.values.map(\.quantile) == [nil, 0.1, 0.9])
    #expect(read.values.map(\.value) == [5, 1, 9])
    #expect(read.issue == issue(newYear))
    let twice = #expect(throws: StoreError.self) {
      try store.write(issue(newYear), values: values + values, zone: zone)
    }
    #expect(twice?.code == 2067)
    #expect(try store.integer("SELECT count(*) FROM slot_forecasts") == 3)
  }
}
