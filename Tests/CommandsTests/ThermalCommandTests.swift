import CommandLine
import Foundation
import Testing

@Suite("Thermal") struct ThermalCommandTests {
  /// Eight runs of a body that cools with 300 s and that a current heats, by its exact solution.
  static var telemetry: String { telemetry(stepSeconds: 10) }

  /// The same with rows at another distance, in which a body of another time constant moves alike.
  static func telemetry(stepSeconds: Int) -> String {
    var text = "run,time_s,current_a,temp_c,shifted_k\n"
    let decay = Foundation.exp(-10.0 / 300)
    for run in 1...8 {
      var (rows, body): ([(Double, Double)], Double) = ([], 25)
      for k in 0..<200 {
        let current = Double((k / 12 * (run + 4) * 7 + run) % 6)
        if k > 0 { body = body * decay + (25 + 0.003 * current * current * 300) * (1 - decay) }
        rows.append((current, body))
      }
      for (k, row) in rows.enumerated() {
        // The change over the lead of 60 s, as it was 10 s ago: known 50 s from now.
        let shifted = k > 0 && k + 5 < rows.count ? rows[k + 5].1 - rows[k - 1].1 : 0
        text += "\(run),\(k * stepSeconds),\(row.0),\(row.1),\(shifted)\n"
      }
    }
    return text
  }

  private static let options = [
    "--run", "run", "--temperature", "temp_c", "--current", "current_a", "--limit", "32",
    "--lead", "60", "--window", "120",
  ]

  @Test("evaluate says what to use and ends as what is required holds") func evaluate() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let run = ["thermal", "evaluate", file] + Self.options + ["--plan", "--folds", "4"]
    let outcome = wattif(run + ["--require", "twin:mae_k<=0.05", "-o", "\(folder.path)/out"])
    #expect(outcome.code == .done && outcome.error.hasPrefix("note: wrote "))
    #expect(outcome.output.contains(" errs least in the change over 60 s: "))
    #expect(outcome.output.contains("Met: mae_k <= 0.05 of 'twin', found "))
    #expect(outcome.output.contains("The current that came true stands for the plan"))
    for name in ["scores.csv", "predictions.csv", "thermal.json", "report.html"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out/\(name)"))
    }
    // The page opens with the sentence of the terminal, and has every model and what it was made from.
    let page = try String(contentsOfFile: "\(folder.path)/out/report.html", encoding: .utf8)
    let verdict = try #require(outcome.output.split(separator: "\n").first)
    #expect(
      page.contains(
        "<p class=\"verdict\">"
          + verdict.replacing("\"", with: "&quot;").replacing("<", with: "&lt;") + "</p>"))
    for word in ["no_change", "boosting", "cell.csv, ", "What the models look at", "FNV-1a "] {
      #expect(page.contains(word), "\(word)")
    }
    #expect(wattif(run + ["--require", "mae_k<0"]).code == .unmet)
    #expect(wattif(run + ["--json"]).output == wattif(run + ["--json"]).output)
  }

  @Test("advice calls nothing lost only where the interval says how little") func advice() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let run =
      ["thermal", "advise", file] + Self.options
      + ["--plan", "--folds", "4", "--model", "twin", "--sample-every", "20", "--late", "60"]
    let outcome = wattif(run + ["--json"])
    #expect(outcome.code == .done, "\(outcome.error)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let whole = try #require(root["mae_k"] as? Double)
    let rows = try #require(root["advice"] as? [[String: Any]])
    #expect(rows.count == 4)
    for row in rows {
      let cost = try #require(row["cost_k"] as? Double)
      let half = try #require(row["cost_half_width_k"] as? Double)
      let expected =
        cost > half
        ? "costs" : cost < -half ? "helps" : cost + half <= 0.05 * whole ? "no loss" : "undecided"
      #expect(row["verdict"] as? String == expected, "\(row)")
    }
    // The planned current heats: without it the twin knows nothing of the lead.
    #expect(
      rows.first { $0["thinning"] as? String == "without the plan" }?["verdict"] as? String
        == "costs")
    let verdict = try #require(root["verdict"] as? String)
    #expect(verdict.contains(" Most is lost without the "), "\(verdict)")
  }

  @Test("a column that knows the future is refused with its reason") func leak() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let outcome = wattif(
      ["thermal", "evaluate", file] + Self.options + ["--feature", "shifted_k"])
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error
        == "\(file): error: the signal 'shifted_k' cannot be learned from: it is the change to be forecast, "
        + "10 s ago, known 50 s from now\n")
  }

  @Test(
    "a model that was kept says the same as the one that was fitted",
    arguments: ["ridge", "boosting", "twin"])
  func kept(model: String) throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let saved = "\(folder.path)/model.json"
    let train = wattif(
      ["thermal", "train", file, "--model", model, "--save", saved] + Self.options)
    #expect(train.code == .done && train.output.hasPrefix("\(model) is fitted on "))
    #expect(train.output.contains("and kept in '\(saved)'."))
    let outcome = wattif(
      "thermal", "predict", file, "--run", "run", "--model-file", saved, "-o", "\(folder.path)/out")
    #expect(outcome.code == .done && outcome.error.hasPrefix("note: wrote "))
    #expect(outcome.output.hasPrefix("At 1990 it is "))
    // The rows were fitted on: the changes must be close to those that came true.
    let rows = try String(contentsOfFile: "\(folder.path)/out/warnings.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    // Eight runs of 200 steps, without the 12 that have no whole past of 120 s; the twin has no columns, and only
    // the 6 steps without a slope over 60 s are left out.
    let steps = model == "twin" ? 194 : 188
    #expect(rows.count == 8 * steps)
    var (sum, count) = (0.0, 0.0)
    for k in 0..<steps - 6 {
      let (now, later) = (Double(rows[k][3]) ?? 0, Double(rows[k + 6][3]) ?? 0)
      sum += abs((Double(rows[k][4]) ?? .nan) - (later - now))
      count += 1
    }
    #expect(sum / count < 1.2)
    #expect(
      wattif("thermal", "predict", file, "--model-file", file).code == .badInput)
  }

  @Test("label counts onsets and classes, and names the columns") func label() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let outcome = wattif(["thermal", "label", file] + Self.options + ["-o", "\(folder.path)/out"])
    #expect(outcome.code == .done)
    #expect(outcome.output.contains(" onsets of 32 °C; of "))
    #expect(outcome.output.contains("heat_120s"))
    let header = try String(contentsOfFile: "\(folder.path)/out/labels.csv", encoding: .utf8)
      .prefix { $0 != "\n" }
    #expect(
      header
        == "file,run,time,is_hot,hot_within_lead,change_k,temperature,rise,heat,heat_30s,change_30s,heat_60s,"
        + "change_60s,heat_120s,change_120s")
  }

  @Test("options that make no sense are refused") func usage() throws {
    func error(_ words: String...) -> String {
      wattif(["thermal", "evaluate", "a.csv"] + words).error
    }
    #expect(
      error().hasPrefix("error: 'thermal' needs '--temperature', the column with the limit\n"))
    #expect(
      error("--temperature", "t").hasPrefix("error: 'thermal' needs '--limit' in °C\n"))
    #expect(
      error("--temperature", "t", "--limit", "60", "--plan").hasPrefix(
        "error: '--plan' needs '--current'\n"))
    #expect(
      error("--temperature", "t", "--limit", "60", "--model", "twin").hasPrefix(
        "error: the twin needs '--current'\n"))
    #expect(
      error("--temperature", "t", "--limit", "60", "--require", "rigde:mae_k<1").hasPrefix(
        "error: '--require' names an unknown model 'rigde'; did you mean 'ridge'?\n"))
    #expect(
      wattif("thermal", "label", "a.csv", "--html", "p.html").error.hasPrefix(
        "error: 'label' has no page for '--html'\n"))
    #expect(
      error("--temperature", "t", "--limit", "60", "--save", "m.json").hasPrefix(
        "error: '--save' belongs to 'train'\n"))
    #expect(
      wattif("thermal", "predict", "a.csv").error.hasPrefix(
        "error: 'predict' needs '--model-file', a model that 'train' kept\n"))
    #expect(
      error("--temperature", "t", "--limit", "60", "--model", "trend").hasPrefix(
        "error: '--model' must be ridge, logistic, boosting or twin, found 'trend'\n"))
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("cell.csv", Self.telemetry)
    let outcome = wattif(
      ["thermal", "evaluate", file] + Self.options + ["--without", "heat_61s"])
    #expect(
      outcome.error.hasPrefix(
        "error: '--without' names no column, found 'heat_61s'; did you mean 'heat_60s'?\n"))
  }
}
