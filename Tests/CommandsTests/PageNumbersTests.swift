import CommandLine
import Foundation
import TestSupport
import Testing

/// The numbers of pages against the JSON of the same run, read apart from what made both.
@Suite("Numbers on pages") struct PageNumbersTests {
  /// A number as a page prints it: how it reads, how many decimals it has, and whether it is a percentage.
  struct Printed: CustomStringConvertible {
    let description: String
    let value: Double
    let decimals: Int
    let isPercent: Bool

    /// Whether it is what a number of the JSON reads as at this precision.
    func isOf(_ number: Double) -> Bool {
      let scaled = isPercent ? number * 100 : number
      let unit = pow(10, -Double(decimals))
      return abs(scaled - value) <= unit * 0.500001 || abs(-scaled - value) <= unit * 0.500001
    }
  }

  /// The numbers of a text that stand by themselves: no dates, no parts of names.
  static func numbers(_ text: String) -> [Printed] {
    // Groups of three digits are set apart by a space; names, dates and clock times are words.
    guard
      let pattern = try? NSRegularExpression(
        pattern:
          #"(?<![\w.:\-–'’/])(-|−)?(\d{1,3}(?: \d{3})+|\d+)(\.\d+)?( %)?(?![\w:\-–/])"#)
    else { return [] }
    let whole = text as NSString
    return pattern.matches(in: text, range: NSRange(location: 0, length: whole.length))
      .compactMap { match in
        func group(_ number: Int) -> String? {
          let range = match.range(at: number)
          return range.location == NSNotFound ? nil : whole.substring(with: range)
        }
        let fraction = group(3) ?? ""
        guard let digits = group(2),
          let value = Double(digits.replacing(" ", with: "") + fraction)
        else { return nil }
        return Printed(
          description: whole.substring(with: match.range), value: group(1) == nil ? value : -value,
          decimals: max(0, fraction.count - 1), isPercent: group(4) != nil)
      }
  }

  /// Every number within a value, those within texts included.
  static func numbers(within value: Any) -> [Double] {
    switch value {
    case let object as [String: Any]: object.values.flatMap { numbers(within: $0) }
    case let list as [Any]: list.flatMap { numbers(within: $0) }
    case let text as String: numbers(text).map { $0.isPercent ? $0.value / 100 : $0.value }
    case let number as NSNumber: [number.doubleValue]
    default: []
    }
  }

  /// The objects of a value, the value itself included, innermost last.
  static func objects(_ value: Any) -> [[String: Any]] {
    switch value {
    case let object as [String: Any]: [object] + object.values.flatMap { objects($0) }
    case let list as [Any]: list.flatMap { objects($0) }
    default: []
    }
  }

  /// Sums of the numbers of each key over each list of objects.
  static func sums(_ value: Any) -> [Double] {
    switch value {
    case let object as [String: Any]: return object.values.flatMap { sums($0) }
    case let list as [[String: Any]]:
      let keys = Set(list.flatMap(\.keys))
      return keys.map { key in list.reduce(0) { $0 + ($1[key] as? Double ?? 0) } }
        + list.flatMap { sums($0) }
    case let list as [Any]: return list.flatMap { sums($0) }
    default: return []
    }
  }

  /// Cost without a battery less that of the foresight bound, where a result has both.
  static func boundSaving(_ value: Any) -> [Double] {
    let baselines = (value as? [String: Any])?["baselines"] as? [String: [String: Any]]
    guard let none = baselines?["no_battery"]?["cost"] as? Double,
      let bound = baselines?["foresight_bound"]?["cost"] as? Double
    else { return [] }
    return [none - bound]
  }

  /// A table of a page: the cells of its rows.
  static func tables(_ html: String) -> [[[String]]] {
    html.matches(of: /<table>(?s:(.*?))<\/table>/).map { table in
      table.1.matches(of: /<tr[^>]*>(?s:(.*?))<\/tr>/).map { row in
        row.1.matches(of: /<t[dh][^>]*>(.*?)<\/t[dh]>/).map { plain(String($0.1)) }
      }
    }
  }

  static func plain(_ html: String) -> String {
    html.replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
  }

  @Test("numbers are found as they are printed") func found() {
    let found = Self.numbers("2024-01: 10 085.83 EUR, -4.5 %, lfp_280 at 12:30, 3 of 7 (± 0.50)")
    #expect(found.map(\.description) == ["10 085.83", "-4.5 %", "3", "7", "0.50"])
    #expect(found.map(\.value) == [10_085.83, -4.5, 3, 7, 0.5])
    #expect(found[1].isOf(-0.04549) && !found[1].isOf(-0.0456))
    #expect(found[0].isOf(10_085.8349) && !found[0].isOf(10_085.836))
  }

  @Test(
    "the verdict, the figures that matter and the tables are the numbers of the JSON",
    arguments: PageRenderingTests.studies)
  func equal(kind: String) throws {
    let place = try TwinFolder()
    let file = "\(place.path)/page.html"
    let words = try #require(PageRenderingTests.runs(in: place)[kind])
    let outcome = wattif(words + ["--html", file, "--json", "--quiet"])
    #expect(outcome.code == .done, "\(outcome.error)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let html = try String(contentsOfFile: file, encoding: .utf8)
    // What the rows of a table sum up to, and the saving of the bound, are made of numbers of the JSON.
    let all = Self.numbers(within: json) + Self.sums(json) + Self.boundSaving(json)
    let objects = Self.objects(json)

    // The verdict stands in both; each figure is a number of the result, or of a sentence of it.
    let verdict = try #require(html.firstMatch(of: /<p class="verdict">(.*?)<\/p>/))
    #expect((json as? [String: Any])?["verdict"] as? String == Self.plain(String(verdict.1)))
    let figures = html.matches(of: /<span class="value">(.*?)<\/span>/).map {
      Self.plain(String($0.1))
    }
    #expect(figures.count > 1)
    for figure in figures {
      for number in Self.numbers(figure) {
        #expect(all.contains { number.isOf($0) }, "\(kind): \(figure)")
      }
    }

    // Tables before the data of the charts: a row is of the object that names what its first cell names, so its
    // numbers are of that object.
    let body = html.prefix(
      upTo: html.range(of: "<div class=\"data\">")?.lowerBound ?? html.endIndex)
    var checked = 0
    for table in Self.tables(String(body)) {
      for row in table.dropFirst() {
        guard let name = row.first, !name.isEmpty else { continue }
        let own = objects.filter { object in
          object.values.contains {
            ($0 as? String).map { name == $0 || name.hasPrefix("\($0) ") } ?? false
          }
        }
        var known = own.isEmpty ? all : own.flatMap { Self.numbers(within: $0) }
        // Minutes of the JSON are hours in tables.
        known += own.compactMap { $0["derate_minutes"] as? Double }.map { $0 / 60 }
        for (cell, next) in zip(row.dropFirst(), row.dropFirst(2) + [""]) {
          // A unit may have a column of its own.
          for number in Self.numbers(next == "%" ? "\(cell) %" : cell) {
            #expect(known.contains { number.isOf($0) }, "\(kind), '\(name)': \(cell)")
            checked += 1
          }
        }
      }
    }
    #expect(checked > 10, "\(kind): \(checked) numbers")
  }
}
