import Diagnostics
import Documents
import TimeSeries

/// The lines of the forecast-program protocol.
enum ForecastLine {
  /// The question of an issue, without the braces and the running number.
  static func question(
    _ request: ForecastRequest, historyDays: Int, levels: [Double]
  ) -> String {
    let step = request.past.grid.stepSeconds
    let wanted = min(request.past.grid.count, historyDays * 86_400 / step)
    let first = request.past.grid.count - wanted
    let history = request.past[request.quantity]?.suffix(wanted) ?? []
    var parts = [
      "\"issued_at\":\"\(Instant.utcText(request.grid.start))\"",
      "\"quantity\":\"\(request.quantity.rawValue)\"", "\"unit\":\"\(request.quantity.unit)\"",
      "\"horizon\":\(request.grid.count)", "\"step_s\":\(step)",
      "\"zone\":\"\(request.past.zone.identifier)\"", "\"quantiles\":\(list(levels))",
      "\"history\":{\"t0\":\"\(Instant.utcText(request.past.grid.instant(first)))\","
        + "\"values\":\(list(history))}",
    ]
    let ahead = request.knownAhead
    let known = Quantity.allCases.compactMap { quantity in
      ahead[quantity].map { "\"\(quantity.rawValue)\":\(list($0))" }
    }
    parts.append("\"known\":{\(known.joined(separator: ","))}")
    return parts.joined(separator: ",")
  }

  private static func list(_ values: some Sequence<Double>) -> String {
    "[" + values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]"
  }
}

/// What a program answered: `{"values": […]}`, `{"quantiles": {"0.1": […], …}}`, both, or
/// `{"paths": [[…], …]}`.
struct ForecastAnswer {
  struct Problem: Error {
    var text: String
  }

  var values: [Double]
  var levels: [Double] = []
  var quantiles: [[Double]] = []

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - bytes: The line without its end.
  ///   - id: Number of the question; nothing for an answer that was kept, whose question is known.
  ///   - count: Slots of the horizon.
  ///   - wanted: Levels asked for.
  ///   - possible: What values may be.
  /// - Throws: `Problem` in words.
  init(
    _ bytes: [UInt8], id: Int?, count: Int, levels wanted: [Double],
    possible: ClosedRange<Double>
  ) throws(Problem) {
    let object = try ForecastAnswer.object(bytes)
    if let id, let given = object["id"], given.number != Double(id) {
      guard let number = given.number, number > 0, number < Double(id), number == number.rounded()
      else { throw Problem(text: "'id' must be that of the question, \(id), found \(given.found)") }
      throw Problem(
        text: "an answer to line \(Int(number)) came late or again, in place of that to line \(id)")
    }
    if let message = object["error"]?.text {
      throw Problem(text: "the program says '\(message)'")
    }
    values = [Double](repeating: .nan, count: count)
    var found = false
    if let given = object["values"] {
      values = try ForecastAnswer.column(given, "values", count)
      found = true
    }
    if let given = object["quantiles"] {
      guard let table = given.members else {
        throw Problem(text: "'quantiles' must be an object of level and values")
      }
      var columns: [(level: Double, values: [Double])] = []
      for (name, column) in table {
        guard let level = NumberScanner().number(name), level > 0, level < 1 else {
          throw Problem(text: "a level must lie between 0 and 1, found '\(name)'")
        }
        columns.append((level, try ForecastAnswer.column(column, "quantiles.\(name)", count)))
      }
      columns.sort { $0.level < $1.level }
      levels = columns.map(\.level)
      quantiles = columns.map(\.values)
      found = found || !columns.isEmpty
    } else if let given = object["paths"] {
      guard let paths = given.list, !paths.isEmpty else {
        throw Problem(text: "'paths' must be a list of lists")
      }
      var columns: [[Double]] = []
      for path in paths { columns.append(try ForecastAnswer.column(path, "paths", count)) }
      values = (0..<count).map { k in
        columns.reduce(0) { $0 + $1[k] } / Double(columns.count)
      }
      levels = wanted.isEmpty ? [] : wanted
      quantiles = levels.map { level in
        (0..<count).map { k in
          let sorted = columns.map { $0[k] }.sorted()
          return sorted[min(sorted.count - 1, Int(level * Double(sorted.count)))]
        }
      }
      found = true
    }
    if !found { throw Problem(text: "the answer must hold 'values', 'quantiles' or 'paths'") }
    if let id, object["id"] == nil {
      throw Problem(text: "the answer must repeat the question's 'id', \(id)")
    }
    for column in [values] + quantiles {
      guard let wild = column.first(where: { $0.isFinite && !possible.contains($0) }) else {
        continue
      }
      throw Problem(
        text: "values must lie within \(NumberText.shortest(possible.lowerBound))…"
          + "\(NumberText.shortest(possible.upperBound)), found '\(NumberText.shortest(wild))'")
    }
  }

  private static func object(_ bytes: [UInt8]) throws(Problem) -> JSONNode {
    do throws(InputError) {
      let root = try JSONReader(file: "").read(bytes)
      if root.members != nil { return root }
    } catch {
      let finding = error.diagnostics.first
      throw Problem(
        text: "the answer must be one JSON object; column \(finding?.position?.column ?? 1): "
          + (finding?.message ?? ""))
    }
    throw Problem(text: "the answer must be one JSON object")
  }

  private static func column(
    _ given: JSONNode, _ name: String, _ count: Int
  ) throws(Problem) -> [Double] {
    guard let list = given.list else {
      throw Problem(text: "'\(name)' must be a list of numbers")
    }
    guard list.count == count else {
      throw Problem(text: "'\(name)' must have \(count) values, found \(list.count)")
    }
    var column: [Double] = []
    for element in list {
      guard let number = element.isNull ? .nan : element.number else {
        throw Problem(text: "'\(name)' must hold numbers or null, found \(element.found)")
      }
      column.append(number)
    }
    return column
  }
}
