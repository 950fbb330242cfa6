import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

/// Production that is forecast plane by plane and added up.
@Suite("Forecasts of planes") struct PlaneForecastTests {
  private static func site(
    _ planes: [RoofPlane], inverterKW: Double? = nil
  ) -> SiteContext {
    var site = SiteContext(zone: .utc, pvCapacityKW: planes.reduce(0) { $0 + $1.moduleKW })
    site.planes = planes
    site.pvInverterKW = inverterKW
    return site
  }

  private static func plane(
    _ name: String, kwp: Double = 4, inverterKW: Double? = nil, share: Double? = nil
  ) -> RoofPlane {
    RoofPlane(
      name: name, moduleKW: kwp, tiltDeg: 30, azimuthDeg: 180, inverterKW: inverterKW,
      shareFraction: share)
  }

  /// Ten days of hours: 2 kW of the east from 6 to 11 o'clock, 4 kW of the west from 10 to 15 o'clock.
  private static func history(days: Int = 10) -> SiteHistory {
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: days * 24)
    let east = grid.indices.map { (6...11).contains($0 % 24) ? 2.0 : 0 }
    let west = grid.indices.map { (10...15).contains($0 % 24) ? 4.0 : 0 }
    var history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [.load: grid.indices.map { _ in 1 }, .pv: zip(east, west).map { $0 + $1 }])
    history[plane: "east"] = east
    history[plane: "west"] = west
    return history
  }

  private static func tomorrow(
    _ recipe: ForecastRecipe, _ site: SiteContext, _ history: SiteHistory,
    quantity: Quantity = .pv
  ) throws -> Forecast {
    var forecaster = try recipe.forecaster(site: site, seed: 1)
    return try forecaster.forecast(
      ForecastRequest(
        past: history.known(before: history.grid.end), quantity: quantity,
        grid: TimeGrid(start: history.grid.end, stepSeconds: 3600, count: 24)))
  }

  private static func byPlane(_ kind: ForecastRecipe.Kind) -> ForecastRecipe {
    var recipe = ForecastRecipe(kind)
    recipe.isByPlane = true
    return recipe
  }

  @Test("the sum of what each plane gave the day before, other quantities as ever")
  func sum() throws {
    let site = Self.site([Self.plane("east"), Self.plane("west")])
    let recipe = Self.byPlane(.naiveDay)
    let pv = try Self.tomorrow(recipe, site, Self.history())
    #expect(pv.values[8] == 2 && pv.values[10] == 6 && pv.values[14] == 4 && pv.values[20] == 0)
    #expect(pv.counts.capped == 0 && pv.counts.filled == 0)
    let load = try Self.tomorrow(recipe, site, Self.history(), quantity: .load)
    #expect(load.values == [Double](repeating: 1, count: 24))
  }

  // The east's own inverter lets 1.5 of 2 kW through in six slots, that of the others 3 of 4 kW.
  @Test("each plane is cut to its inverter, where the sum would pass")
  func ownInverters() throws {
    let site = Self.site(
      [Self.plane("east", inverterKW: 1.5), Self.plane("west")], inverterKW: 3)
    let pv = try Self.tomorrow(Self.byPlane(.naiveDay), site, Self.history())
    #expect(pv.values[8] == 1.5 && pv.values[10] == 4.5 && pv.values[14] == 3)
    #expect(pv.counts.capped == 6)
    let whole = try Self.tomorrow(ForecastRecipe(.naiveDay), site, Self.history())
    #expect(whole.values[8] == 2 && whole.values[10] == 4.5 && whole.values[14] == 4)
  }

  // 2 + 4 kW meet on an inverter of 5 kW from 10 to 11 o'clock.
  @Test("planes on a common inverter share it") func commonInverter() throws {
    let site = Self.site([Self.plane("east"), Self.plane("west")], inverterKW: 5)
    let pv = try Self.tomorrow(Self.byPlane(.naiveDay), site, Self.history())
    #expect(pv.values[8] == 2 && pv.values[10] == 5 && pv.values[11] == 5 && pv.values[14] == 4)
    #expect(pv.counts.capped == 2)
  }

  @Test("quantiles add up level by level") func quantiles() throws {
    let made = ForecastFixture.history(days: 40, gaps: false)
    let pv = try #require(made[.pv])
    var history = made
    // Planes that take turns, so that their quantiles are not those of the sum.
    history[plane: "east"] = pv.enumerated().map { $0.offset / 24 % 2 == 0 ? $0.element : 0 }
    history[plane: "west"] = pv.enumerated().map { $0.offset / 24 % 2 == 0 ? 0 : $0.element }
    let site = Self.site([Self.plane("east"), Self.plane("west")])
    var recipe = Self.byPlane(.climatology)
    recipe.quantileLevels = [0.25, 0.75]
    let both = try Self.tomorrow(recipe, site, history)
    recipe.isByPlane = false
    let parts = try ["east", "west"].map { name in
      var alone = made
      alone[.pv] = history[plane: name]
      return try Self.tomorrow(recipe, Self.site([Self.plane(name)]), alone)
    }
    #expect(both.quantileLevels == [0.25, 0.75])
    for k in 0..<24 {
      #expect(isClose(both.values[k], parts[0].values[k] + parts[1].values[k], relative: 1e-12))
      for q in 0..<2 {
        #expect(
          isClose(
            both.quantiles[q][k], parts[0].quantiles[q][k] + parts[1].quantiles[q][k],
            relative: 1e-12))
      }
    }
    #expect(both.values[12] > 0.5)
  }

  @Test(
    "what comes after the issue moves nothing, of no plane",
    arguments: [ForecastRecipe.Kind.ridge, .blendClassical, .clearSkyPersistence])
  func truncation(kind: ForecastRecipe.Kind) throws {
    let site = Self.site([Self.plane("east"), Self.plane("west")])
    let history = Self.history(days: 42)
    let issue = history.grid.instant(40 * 24 + 5)
    var changed = history
    for name in ["east", "west"] {
      var column = try #require(history[plane: name])
      for i in (40 * 24 + 5)..<column.count { column[i] = i % 2 == 0 ? .nan : 3.9 }
      changed[plane: name] = column
      changed[.pv] = column
    }
    func forecast(_ history: SiteHistory) throws -> [Double] {
      var forecaster = try Self.byPlane(kind).forecaster(site: site, seed: 1)
      return try forecaster.forecast(
        ForecastRequest(
          past: history.known(before: issue), quantity: .pv,
          grid: TimeGrid(start: issue, stepSeconds: 3600, count: 24))
      ).values
    }
    #expect(try forecast(history) == forecast(changed))
  }

  @Test("a fit tells what each plane's model says") func record() throws {
    let site = Self.site([Self.plane("east"), Self.plane("west")])
    let history = Self.history(days: 40)
    var forecaster = try Self.byPlane(.ridge).forecaster(site: site, seed: 1)
    _ = try forecaster.forecast(
      ForecastRequest(
        past: history.known(before: history.grid.end), quantity: .pv,
        grid: TimeGrid(start: history.grid.end, stepSeconds: 3600, count: 24)))
    let record = try #require(forecaster.record(of: .pv, version: "r", seed: 1))
    #expect(record.metrics["east_penalty"] != nil && record.metrics["west_penalty"] != nil)
    #expect(record.trainedTo == forecaster.fittedUntil(.pv))
    #expect(record.rows > 0 && record.hash.count == 16)
  }

  @Test("a plane that nobody measured is refused, as is a kind made elsewhere")
  func refusals() throws {
    let site = Self.site([Self.plane("east"), Self.plane("north")])
    #expect {
      try Self.tomorrow(Self.byPlane(.naiveDay), site, Self.history())
    } throws: {
      ($0 as? InputError)?.diagnostics.first?.message
        == "the history does not measure the production of plane 'north' by itself"
    }
    #expect {
      try Self.byPlane(.external).validate()
    } throws: {
      ($0 as? InputError)?.diagnostics.first?.message
        == "'by_plane' is of versions that are made here from the past, which 'external' is not"
    }
  }

  // MARK: Forecasts made elsewhere

  private static let midnight = ForecastFixture.start + 8 * 86_400

  private static func row(
    _ plane: String?, issued: Int, hour: Int, _ value: Double, level: Double? = nil
  ) -> ExternalForecasts.Row {
    .init(
      version: "v", quantity: .pv, issuedAt: midnight + issued * 3600,
      validAt: midnight + hour * 3600, quantile: level, value: value, plane: plane)
  }

  /// East at 6 o'clock for the hours 12 to 14, west at 7 for 12 to 15, and a newer value of the east at 8.
  private static let rows = [
    row("east", issued: 6, hour: 12, 1), row("east", issued: 6, hour: 13, 1.2),
    row("east", issued: 6, hour: 14, 1.4), row("east", issued: 8, hour: 12, 1.5),
    row("west", issued: 7, hour: 12, 2), row("west", issued: 7, hour: 13, 2.2),
    row("west", issued: 7, hour: 14, 2.4), row("west", issued: 7, hour: 15, 2.6),
  ]

  private static func values(
    _ rows: ExternalForecasts, asOf hour: Int, level: Double? = nil, maxAgeHours: Int? = nil
  ) -> [String] {
    rows.values(
      version: "v", quantity: .pv, level: level,
      over: TimeGrid(start: midnight + 12 * 3600, stepSeconds: 3600, count: 4),
      asOf: midnight + hour * 3600, maxAgeSeconds: maxAgeHours.map { $0 * 3600 }
    ).map { $0.isNaN ? "-" : "\(($0 * 1e9).rounded() / 1e9)" }
  }

  @Test("the sum is known with the last of its parts, and missing where one is")
  func external() throws {
    var rows = ExternalForecasts(rows: Self.rows)
    let found = rows.addUpPlanes(of: Self.site([Self.plane("east"), Self.plane("west")]))
    #expect(found.errors.isEmpty && found.warnings.isEmpty)
    #expect(rows.contains(version: "v", quantity: .pv) && rows.versions == ["v"])
    #expect(Self.values(rows, asOf: 6) == ["-", "-", "-", "-"])
    #expect(Self.values(rows, asOf: 7) == ["3.0", "3.4", "3.8", "-"])
    #expect(Self.values(rows, asOf: 8) == ["3.5", "3.4", "3.8", "-"])
    // An hour later the west's issue of 7 o'clock is too old, and with it the sum.
    #expect(Self.values(rows, asOf: 8, maxAgeHours: 1) == ["3.5", "-", "-", "-"])
    #expect(Self.values(rows, asOf: 9, maxAgeHours: 1) == ["-", "-", "-", "-"])
    // As rows of the site, each sum is issued with the later part.
    let sums = rows.addedUp.rows
    #expect(sums.map(\.value) == [3, 3.5, 3.4000000000000004, 3.8])
    #expect(sums.map { ($0.issuedAt - Self.midnight) / 3600 } == [7, 8, 7, 7])
    #expect(sums.allSatisfy { $0.plane == nil })
    // Rows of the east alone for a model of the east.
    #expect(Self.values(rows.ofPlane("east"), asOf: 7) == ["1.0", "1.2", "1.4", "-"])
  }

  // Yesterday's and all other days' 15 o'clock: 4 kW of the west; 2.6 kW of one plane would be a part.
  @Test("a slot with a plane missing takes the stand-in of the site and counts as filled")
  func standIn() throws {
    let site = Self.site([Self.plane("east"), Self.plane("west")])
    var rows = ExternalForecasts(rows: Self.rows)
    _ = rows.addUpPlanes(of: site)
    var forecaster = try ExternalForecaster(rows, version: "v", site: site)
    let past = Self.history().known(before: Self.midnight + 12 * 3600)
    let issued = try forecaster.forecast(
      ForecastRequest(
        past: past, quantity: .pv,
        grid: TimeGrid(start: Self.midnight + 12 * 3600, stepSeconds: 3600, count: 4)))
    #expect(issued.values == [3.5, 3.4000000000000004, 3.8, 4])
    #expect(issued.counts.filled == 1 && issued.counts.capped == 0)
  }

  // The west's points are its medians; the east's are half-way between 0.1 and 0.9: (0.5 + 1.5) / 2 + 2.
  @Test("levels that all planes have add up; a plane without a point gives its median")
  func levels() throws {
    var rows = ExternalForecasts(rows: [
      Self.row("east", issued: 6, hour: 12, 0.5, level: 0.1),
      Self.row("east", issued: 6, hour: 12, 1.5, level: 0.9),
      Self.row("west", issued: 6, hour: 12, 1, level: 0.1),
      Self.row("west", issued: 6, hour: 12, 2, level: 0.5),
      Self.row("west", issued: 6, hour: 12, 3, level: 0.9),
    ])
    let found = rows.addUpPlanes(of: Self.site([Self.plane("east"), Self.plane("west")]))
    #expect(
      found.warnings == [
        "not all planes of version 'v' have the quantiles 0.5, which are left out"
      ])
    #expect(rows.levels(version: "v", quantity: .pv) == [0.1, 0.9])
    #expect(Self.values(rows, asOf: 6, level: 0.1)[0] == "1.5")
    #expect(Self.values(rows, asOf: 6, level: 0.9)[0] == "4.5")
    #expect(Self.values(rows, asOf: 6)[0] == "3.0")
  }

  // West is 0.6 and north 0.4 of their meter, so north gives 3 · 0.4 / 0.6 = 2 beside 1 and 3.
  @Test("a plane without rows gives what its share is to those of its meter")
  func scaled() throws {
    let planes = [
      Self.plane("east"), Self.plane("west", share: 0.6), Self.plane("north", share: 0.4),
    ]
    var rows = ExternalForecasts(rows: [
      Self.row("east", issued: 6, hour: 12, 1), Self.row("west", issued: 6, hour: 12, 3),
    ])
    #expect(rows.addUpPlanes(of: Self.site(planes)).errors.isEmpty)
    #expect(Self.values(rows, asOf: 6)[0] == "6.0")
    let scaled = try #require(rows.scaledPlanes(version: "v").first)
    #expect(scaled.plane == "north" && isClose(scaled.factor, 2 / 3.0, relative: 1e-12))
    var lone = ExternalForecasts(rows: [Self.row("east", issued: 6, hour: 12, 1)])
    #expect(
      lone.addUpPlanes(of: Self.site(planes)).errors == [
        "version 'v' has forecasts of 'east' and none of plane 'west'",
        "version 'v' has forecasts of 'east' and none of plane 'north'",
      ])
  }

  // 1.4 kW behind an inverter of 1 kW, 2 kW behind the other.
  @Test("each plane is cut to what it can give, and the slot is counted") func cut() throws {
    let site = Self.site([Self.plane("east", inverterKW: 1), Self.plane("west")])
    var rows = ExternalForecasts(rows: [
      Self.row("east", issued: 6, hour: 12, 1.4), Self.row("west", issued: 6, hour: 12, 2),
    ])
    _ = rows.addUpPlanes(of: site)
    var forecaster = try ExternalForecaster(rows, version: "v", site: site)
    let issued = try forecaster.forecast(
      ForecastRequest(
        past: Self.history().known(before: Self.midnight + 12 * 3600), quantity: .pv,
        grid: TimeGrid(start: Self.midnight + 12 * 3600, stepSeconds: 3600, count: 1)))
    #expect(issued.values == [3] && issued.counts.capped == 1)
  }

  @Test("rows of the site beside rows of planes are refused") func both() {
    var rows = ExternalForecasts(
      rows: Self.rows + [Self.row(nil, issued: 6, hour: 12, 3)])
    #expect(
      rows.addUpPlanes(of: Self.site([Self.plane("east"), Self.plane("west")])).errors == [
        "version 'v' has forecasts of the production of the site and of planes of it"
      ])
  }
}
