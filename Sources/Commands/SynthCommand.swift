import Reports
import Scenarios
import TimeSeries

/// `wattif synth`: the synthetic history of a scenario as a CSV file.
struct SynthCommand: WorkingSubcommand {
  static let name = "synth"

  static var grammar: Grammar<SynthCommand> {
    Grammar(
      summary: "Writes the history of a scenario as CSV: warm-up and period, every quantity.",
      discussion: """
        For a synthetic history the file is what the seed makes; for measured data it is the
        cleaned history on the scenario's step, with stand-ins for missing values put in. Units
        are those of the column names; a missing value is an empty cell. Without --output the
        table goes to standard output.
        """,
      arguments: [.scenario(\.scenario)], options: commonOptions,
      examples: [
        (
          "wattif synth scenarios/quickstart.yaml --seed 7 > history.csv",
          "A year of another seed."
        )
      ])
  }

  var scenario = ""
  var common = CommonOptions()

  func run(_ session: Session) throws -> ExitCode {
    let scenario = try Scenario.read(self.scenario, common, session)
    let history = try scenario.loadHistory().history
    let quantities = Quantity.allCases.filter { history[$0] != nil }
    if common.isJSON {
      var columns: [String: JSONValue] = [:]
      for quantity in quantities {
        columns[column(quantity)] = .numbers(history[quantity] ?? [])
      }
      session.print([
        "columns": .object(columns), "schema": "wattif.synth/1",
        "start": .string(Instant.utcText(history.grid.start)),
        "step_s": .integer(history.grid.stepSeconds),
      ])
      return .done
    }
    var text = "time," + quantities.map(column).joined(separator: ",") + "\n"
    let columns = quantities.map { history[$0] ?? [] }
    for slot in history.grid.indices {
      text += Instant.utcText(history.grid.instant(slot))
      for values in columns {
        text += values[slot].isFinite ? "," + JSONValue.text(of: values[slot]) : ","
      }
      text += "\n"
    }
    if let folder = common.output {
      try session.write(text, to: "history.csv", in: folder)
    } else {
      session.print(text)
    }
    return .done
  }

  private func column(_ quantity: Quantity) -> String {
    switch quantity {
    case .load: "load_kw"
    case .pv: "pv_kw"
    case .ambient: "ambient_c"
    case .price: "price_per_kwh"
    case .irradiance: "irradiance_w_per_m2"
    case .cloudCover: "cloud_cover_fraction"
    case .windSpeed: "wind_speed_m_per_s"
    case .batteryPower: "battery_power_kw"
    }
  }
}
