import Diagnostics
import Documents
import Testing
import TimeSeries

@testable import Forecasting

/// Frames as other tools write them: one row per slot, one column per level.
@Suite("Wide frames of forecasts") struct ForecastFrameTests {
  private func read(
    _ text: String, _ notes: ForecastFrameNotes = ForecastFrameNotes(zone: .utc)
  ) throws -> ExternalForecasts {
    try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "acme.csv"), notes: notes)
  }

  /// Version, quantity, issue, slot, level and value of each row, instants in hours of 2024-01-01.
  private func rows(_ set: ExternalForecasts) -> [String] {
    func hour(_ instant: Int) -> String { "\(Double(instant - 1_704_067_200) / 3600)" }
    return set.rows.map {
      "\($0.version) \($0.quantity.rawValue) \(hour($0.issuedAt)) \(hour($0.validAt)) "
        + "\($0.quantile.map { "\($0)" } ?? "-") \($0.value)"
    }
  }

  @Test("Chronos: levels as headers, an issue column, a quantity by its series") func chronos()
    throws
  {
    let set = try read(
      "item_id,issue_time,timestamp,0.1,0.9,predictions\n"
        + "pv,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,0.5,2,1.5\n")
    #expect(set.layout == "Chronos")
    #expect(
      rows(set) == ["acme pv 0.0 1.0 - 1.5", "acme pv 0.0 1.0 0.1 0.5", "acme pv 0.0 1.0 0.9 2.0"])
    let semicolons = try read("id;timestamp;target_name;0.5\nA;01.01.2024 01:00;load;0,75\n")
    #expect(rows(semicolons) == ["acme load 1.0 1.0 0.5 0.75"])
    #expect(
      semicolons.warnings.map(\.message) == [
        "no column says when the forecast was issued; it is taken as issued at its first slot"
      ])
  }

  // The central 80 % lie between 0.1 and 0.9; what was known ends one step after the cutoff.
  @Test("Nixtla: models are versions, intervals are levels, the cutoff is the last known slot")
  func nixtla() throws {
    let set = try read(
      "unique_id,ds,cutoff,y,Net,Net-lo-80,Net-hi-80\nload,2024-01-01 01:00:00,2024-01-01 00:00:00,9,2,1,3\n"
        + "load,2024-01-01 02:00:00,2024-01-01 00:00:00,9,4,3,5\n")
    #expect(
      rows(set) == [
        "Net load 1.0 1.0 - 2.0", "Net load 1.0 2.0 - 4.0", "Net load 1.0 1.0 0.1 1.0",
        "Net load 1.0 2.0 0.1 3.0", "Net load 1.0 1.0 0.9 3.0", "Net load 1.0 2.0 0.9 5.0",
      ])
  }

  @Test("Solcast: production, stamps at the end of a slot") func solcast() throws {
    let set = try read(
      "PvEstimate,PvEstimate10,PvEstimate90,PeriodEnd,Period\n1,0.5,2,2024-01-01T01:30:00Z,PT30M\n"
        + "3,1,4,2024-01-01T02:00:00Z,PT30M\n",
      ForecastFrameNotes(issuedAt: 1_704_067_200))
    #expect(set.layout == "Solcast")
    #expect(rows(set).prefix(2) == ["acme pv 0.0 1.0 - 1.0", "acme pv 0.0 1.5 - 3.0"])
  }

  @Test("a map serves others") func mapped() throws {
    let set = try read(
      "when,run,low,best\n2024-01-01T01:00Z,2024-01-01T00:00Z,500,1500\n",
      ForecastFrameNotes(
        version: "v", quantity: .load, unit: "W",
        roles: ["when": "valid_at", "run": "issued_at", "low": "0.1", "best": "value"]))
    #expect(rows(set) == ["v load 0.0 1.0 - 1.5", "v load 0.0 1.0 0.1 0.5"])
  }

  @Test("what a frame does not say is asked for, and crossing levels are named") func mistakes()
    throws
  {
    let frame = "item_id,issue_time,timestamp,0.1\nT1,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,1\n"
    let error = #expect(throws: InputError.self) { try read(frame) }
    #expect(error?.diagnostics.first?.message.hasPrefix("'T1' says no quantity") == true)
    let zoneless = #expect(throws: InputError.self) {
      try read(
        "id,timestamp,0.5\nload,2024-01-01 01:00,1\n", ForecastFrameNotes())
    }
    #expect(
      zoneless?.diagnostics.first?.message
        == "'timestamp' must be an instant with 'Z' or an offset, found '2024-01-01 01:00'")
    let crossing = try read(
      "item_id,issue_time,timestamp,0.1,0.9\nload,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,3,1\n")
    #expect(
      crossing.warnings.map(\.message) == [
        "levels of 'acme' of load cross in 1 of 1 slots, the first 2024-01-01T01:00:00Z: a higher level "
          + "has a lower value; they are put in order when the forecast is used"
      ])
  }
}
