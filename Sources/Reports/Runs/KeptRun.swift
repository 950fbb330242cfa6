package import Diagnostics
package import Documents
package import Store
import TimeSeries

/// A run of the ledger with what it read and what came out.
package struct KeptRun: Sendable {
  /// What the database says of it.
  package let run: StoredRun
  /// What it read.
  package let inputs: [RunInput]
  /// What came out; nothing where nothing was kept.
  package let result: JSONNode?
  /// Scores by version, under the keys of measures.
  let scores: [String: [String: Double]]
  /// The site's clock.
  private let zone: Zone

  /// Reads the result of a run.
  ///
  /// - Throws: `InputError` when the kept result is no JSON.
  package init(
    _ run: StoredRun, inputs: [RunInput], scores: [String: [String: Double]] = [:]
  ) throws(InputError) {
    self.run = run
    self.inputs = inputs
    self.scores = scores
    let name =
      (try? YAMLParser.parse(run.scenario, file: "run")).map(Leaves.of)?
      .first { $0.path == "site.time_zone" }?.value
    zone = name.flatMap { try? Zone($0) } ?? .utc
    guard let text = run.result else {
      result = nil
      return
    }
    result = try JSONReader(file: "run \(run.number)").read(Array(text.utf8))
  }

  /// What the run is called: its number, its subcommand and its scenario.
  package var title: String { "run \(run.number), \(run.command) of '\(scenario ?? "")'" }

  /// Name of the scenario.
  var scenario: String? { result?["scenario"]?.text }
  /// The sentence that says what came out.
  var verdict: String? { result?["verdict"]?.text }
  /// Currency of its money.
  var currency: String { result?["currency"]?.text ?? "" }
  /// First instant of the period, in UTC.
  var from: String? { result?["period"]?["from"]?.text }
  /// End of the period, in UTC.
  var to: String? { result?["period"]?["to"]?.text }

  /// The date of an instant of the result on the site's clock.
  func day(_ instant: String?) -> String {
    var scanner = StampScanner(zone: .utc)
    guard let instant, let seconds = scanner.instant(instant) else { return "–" }
    return String(Instant.localText(seconds, zone: zone).prefix(10))
  }

  /// The figure that the run is about, with whose it is.
  struct Headline {
    let name: String
    let figure: String
    let amount: Double
  }

  /// The cheapest honest version of a comparison, the version of a replay, or the best of some sizes.
  var headline: Headline? {
    guard let result else { return nil }
    func cost(_ node: JSONNode) -> Headline? {
      guard let name = node["version"]?.text, let cost = node["cost"]?.number else { return nil }
      return Headline(name: "'\(name)'", figure: "cost", amount: cost)
    }
    switch run.command {
    case "replay": return cost(result)
    case "compare":
      let versions = result["versions"]?.list ?? []
      let honest = versions.filter {
        $0["oracle"]?.boolean != true && $0["oracle_weather"]?.boolean != true
      }
      return (honest.first ?? versions.first).flatMap(cost)
    case "size":
      guard let best = result["best"], let value = best["npv"]?.number,
        let energy = best["battery_kwh"]?.number, let power = best["battery_kw"]?.number
      else { return nil }
      let name = "\(NumberText.shortest(energy)) kWh and \(NumberText.shortest(power)) kW"
      return Headline(name: name, figure: "net present value", amount: value)
    default: return nil
    }
  }

  /// The command line that makes it again, from the folder of the database.
  var commandLine: String {
    (["wattif", run.command, run.document ?? "SCENARIO"] + run.options)
      .map(shellWord).joined(separator: " ")
  }
}

/// Returns a word as a shell reads it back.
private func shellWord(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy { scalar in
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      || "-_=./:,+".contains(Character(scalar))
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
