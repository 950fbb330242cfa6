import Foundation
import TestSupport
import Testing

@testable import Reports

@Suite("Charts") struct ChartTests {
  /// Attributes of every element of a kind in a drawing, with the text behind it.
  fileprivate func elements(_ kind: String, in html: String) -> [(
    attributes: [String: String], text: String
  )] {
    html.components(separatedBy: "<\(kind) ").dropFirst().map { piece in
      let end = piece.firstIndex(of: ">") ?? piece.endIndex
      var attributes: [String: String] = [:]
      for part in piece[..<end].components(separatedBy: "\" ") {
        let sides = part.components(separatedBy: "=\"")
        if sides.count == 2 {
          attributes[sides[0]] = sides[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"/"))
        }
      }
      let rest = piece[end...].dropFirst()
      return (attributes, String(rest.prefix { $0 != "<" }))
    }
  }

  fileprivate func number(_ text: String?) throws -> Double {
    try #require(text.flatMap { Double($0) })
  }

  private func dots(_ x: [Double], _ y: [Double]) -> Chart {
    Chart(
      title: "Cost", xTitle: "kW", yTitle: "EUR",
      lines: [
        Chart.Line(name: "versions", x: x, y: y, style: .dots, labels: x.indices.map { "v\($0)" })
      ])
  }

  // The plot is 772 wide from 72 and 206 high from 12. Both axes end on round numbers, 0…10 and
  // 0…50, so (5, 25) is their middle, (10, 0) the lower right corner.
  @Test("a point lands where it should, to the pixel")
  func pixel() throws {
    let circles = elements("circle", in: dots([0, 5, 10], [50, 25, 0]).html)
    #expect(try circles.map { try number($0.attributes["cx"]) } == [72, 72 + 386, 844])
    #expect(try circles.map { try number($0.attributes["cy"]) } == [12, 12 + 103, 218])
  }

  @Test("a point lands where the ticks of its axes say")
  func ticks() throws {
    let html = dots([0.31, 0.52, 0.88], [1220, 1310, 1288]).html
    let texts = elements("text", in: html)
    // Ticks of the y axis stand left of it; ticks of the x axis stand under it.
    func scale(_ anchor: String, _ axis: String) throws -> (Double) -> Double {
      let marks = try texts.filter {
        $0.attributes["class"] == "tick" && $0.attributes["text-anchor"] == anchor
      }.map {
        (
          value: try number($0.text.replacingOccurrences(of: " ", with: "")),
          pixel: try number($0.attributes[axis])
        )
      }
      let first = try #require(marks.first)
      let last = try #require(marks.last)
      #expect(marks.count >= 4)
      for mark in marks {
        let straight =
          first.pixel + (mark.value - first.value) / (last.value - first.value)
          * (last.pixel - first.pixel)
        #expect(isClose(mark.pixel, straight, absolute: 0.011))
      }
      return {
        first.pixel + ($0 - first.value) / (last.value - first.value) * (last.pixel - first.pixel)
      }
    }
    let across = try scale("middle", "x")
    let up = try scale("end", "y")
    let circles = elements("circle", in: html)
    for (i, point) in [(0.31, 1220.0), (0.52, 1310), (0.88, 1288)].enumerated() {
      #expect(isClose(try number(circles[i].attributes["cx"]), across(point.0), absolute: 0.02))
      #expect(isClose(try number(circles[i].attributes["cy"]), up(point.1), absolute: 0.02))
    }
  }

  @Test(
    "axes end on round numbers that hold every value",
    arguments: [
      ([0, 10], false, [0, 2, 4, 6, 8, 10], "10"),
      // A fifth of 0.6 is 0.12: steps of 0.2.
      ([0.3, 0.9], false, [0.2, 0.4, 0.6, 0.8, 1], "1.0"),
      // A fifth of 12 is 2.4: steps of 2.5.
      ([0, 12], false, [0, 2.5, 5, 7.5, 10, 12.5], "12.5"),
      ([-3, 4], false, [-4, -2, 0, 2, 4], "4"),
      ([7, 8], true, [0, 2, 4, 6, 8], "8"),
      ([-8, -7], true, [-8, -6, -4, -2, 0], "0"),
      // One value has room on both sides; no value is an axis about zero.
      ([5, 5], false, [4.4, 4.6, 4.8, 5, 5.2, 5.4, 5.6], "5.6"),
      ([.nan], false, [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6], "0.6"),
    ] as [([Double], Bool, [Double], String)])
  func axis(values: [Double], includesZero: Bool, expected: [Double], last: String) throws {
    let axis = ChartAxis(covering: values, includesZero: includesZero)
    #expect(axis.ticks.count == expected.count)
    for (tick, value) in zip(axis.ticks, expected) {
      #expect(isClose(tick, value, absolute: 1e-12))
    }
    #expect(isClose(axis.low, expected[0], absolute: 1e-12))
    #expect(isClose(axis.high, expected[expected.count - 1], absolute: 1e-12))
    #expect(axis.text(try #require(axis.ticks.last)) == last)
  }

  @Test(
    "an axis of days has a tick every day, or every few",
    arguments: [(1, 1), (7, 1), (10, 1), (14, 2), (31, 5), (70, 7), (365, 60)])
  func days(days: Int, every: Int) {
    let axis = ChartAxis(days: days)
    #expect(axis.ticks.first == 0)
    #expect(axis.ticks[1] == Double(every))
    #expect(axis.share(Double(days)) == 1)
  }

  // 0…10 and 0…10 on the plot of 772 × 206: 77.2 and 20.6 pixels a unit.
  @Test("steps hold a value until the next one, and a gap in the data is a gap in the line")
  func steps() {
    let chart = Chart(
      title: "", xTitle: "", yTitle: "",
      lines: [Chart.Line(name: "", x: [0, 5, 7, 10], y: [0, 10, .nan, 5], style: .steps)])
    let path = elements("path", in: chart.html)[0].attributes["d"]
    #expect(path == "M72 218H458V12M844 115")
    let line = Chart(
      title: "", xTitle: "", yTitle: "",
      lines: [Chart.Line(name: "", x: [0, 5, 10], y: [0, 10, 5])])
    #expect(elements("path", in: line.html)[0].attributes["d"] == "M72 218L458 12L844 115")
  }

  @Test("a point without a value is not drawn, and the table shows a dash for it")
  func missing() {
    let html = dots([1, .nan, 3], [1, 2, .nan]).html
    #expect(elements("circle", in: html).count == 1)
    #expect(html.contains("<td>v0</td><td>1.0000</td><td>1.0000</td>"))
    #expect(html.contains("<td>v1</td><td>–</td><td>2.0000</td>"))
  }

  @Test("a chart has its title, its axes' titles, a legend of several lines and its data")
  func parts() {
    let chart = Chart(
      title: "A < B & \"C\"", xTitle: "days", yTitle: "kW",
      lines: [
        Chart.Line(name: "load", x: [0, 1], y: [1, 2]),
        Chart.Line(name: "PV", x: [0, 1], y: [0, 3]),
      ])
    let html = chart.html
    #expect(html.contains("<figcaption>A &lt; B &amp; &quot;C&quot;</figcaption>"))
    #expect(html.contains("aria-label=\"A &lt; B &amp; &quot;C&quot;\""))
    #expect(html.contains(">days</text>"))
    #expect(html.contains(">kW</text>"))
    #expect(html.contains("load</span>"))
    #expect(html.contains("PV</span>"))
    #expect(html.contains("<td>load</td><td>1.0000</td><td>2.0000</td>"))
    #expect(!dots([1, 2], [1, 2]).html.contains("class=\"legend\""))
  }

  @Test("a table of long data is thinned evenly and says so")
  func thinning() {
    let x = (0..<450).map(Double.init)
    let html = Chart(
      title: "", xTitle: "", yTitle: "", lines: [Chart.Line(name: "a", x: x, y: x)]
    ).html
    #expect(html.contains("<summary>Data (one point in 3)</summary>"))
    #expect(elements("tr", in: html.replacingOccurrences(of: "<tr>", with: "<tr >")).count == 151)
  }
}

extension ChartTests {
  // Without values below zero the plot begins at 16 and is 524 wide; the axis ends at 10, so 5 is 262 wide.
  @Test("a bar is as long as its value and bears it, also below zero") func bars() throws {
    func rects(_ values: [Double]) throws -> [(x: Double, width: Double)] {
      let chart = BarChart(
        title: "Cost", unit: "EUR", series: ["a", "b"],
        groups: [BarChart.Group(name: "v", values: values)])
      return try elements("rect", in: chart.html).map {
        (try number($0.attributes["x"]), try number($0.attributes["width"]))
      }
    }
    let above = try rects([5, 10])
    #expect(above.map(\.x) == [16, 16])
    #expect(above.map(\.width) == [262, 524])
    // From −10 to 10 zero lies in the middle of the 440 that two margins for values leave.
    let both = try rects([-10, 10])
    #expect(both.map(\.x) == [100, 320])
    #expect(both.map(\.width) == [220, 220])
    #expect(try rects([.nan, 10]).count == 1)
    let html = BarChart(
      title: "a < b", unit: "EUR", series: ["s"],
      groups: [BarChart.Group(name: "<v>", values: [-1.5])]
    ).html
    #expect(html.contains("a &lt; b") && html.contains("&lt;v&gt;") && !html.contains("<v>"))
    #expect(html.contains("text-anchor=\"end\">-1.50</text>"))
  }
}
