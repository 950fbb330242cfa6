import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Reports

@Suite("Charts") struct ChartTests {
  /// Attributes of every element of a kind in a drawing, with the text behind it.
  fileprivate func elements(_ kind: String, in drawing: Drawing) -> [(
    attributes: [String: String], text: String
  )] {
    drawing.body.components(separatedBy: "<\(kind) ").dropFirst().map { piece in
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

  private func line(
    _ x: [Double], _ y: [Double], _ style: LineChart.Style = .line, title: String = "kW"
  ) -> LineChart {
    LineChart(
      title: "Power", places: .numbers(x, title: "hours"),
      panels: [
        LineChart.Panel(
          title: title, lines: [LineChart.Line(name: "a", values: y, style: style)], height: 200)
      ])
  }

  @Test("a point lands where the ticks of its axes say", arguments: [880.0, 356])
  func ticks(width: Double) throws {
    let points = [(0.31, 1220.0), (0.52, 1310), (0.88, 1288)]
    let chart = ScatterChart(
      title: "Cost", xTitle: "kW", yTitle: "EUR",
      points: points.enumerated().map {
        ScatterChart.Point(name: "v\($0)", x: $1.0, y: $1.1)
      })
    let drawing = chart.drawing(width: width)
    let texts = elements("text", in: drawing)
    // Ticks of the y axis stand left of it, four pixels below their line; ticks of the x axis stand under it.
    func scale(_ anchor: String, _ axis: String) throws -> (Double) -> Double {
      let marks = try texts.filter {
        $0.attributes["class"] == "tick" && $0.attributes["text-anchor"] == anchor
      }.compactMap { text -> (value: Double, pixel: Double)? in
        guard let value = Double(text.text.replacing(" ", with: "")) else { return nil }
        return (value, try number(text.attributes[axis]) - (axis == "y" ? 4 : 0))
      }
      let first = try #require(marks.first)
      let last = try #require(marks.last)
      #expect(marks.count >= 3)
      for mark in marks {
        let straight =
          first.pixel + (mark.value - first.value) / (last.value - first.value)
          * (last.pixel - first.pixel)
        #expect(isClose(mark.pixel, straight, absolute: 0.11))
      }
      return {
        first.pixel + ($0 - first.value) / (last.value - first.value) * (last.pixel - first.pixel)
      }
    }
    let across = try scale("middle", "x")
    let up = try scale("end", "y")
    let circles = elements("circle", in: drawing)
    #expect(circles.count == 3)
    for (circle, point) in zip(circles, points) {
      #expect(isClose(try number(circle.attributes["cx"]), across(point.0), absolute: 0.2))
      #expect(isClose(try number(circle.attributes["cy"]), up(point.1), absolute: 0.2))
    }
  }

  @Test(
    "axes end on round numbers that hold every value",
    arguments: [
      ([0, 10], false, [0, 2, 4, 6, 8, 10], "10"),
      // A fifth of 0.6 is 0.12: steps of 0.2.
      ([0.3, 0.9], false, [0.2, 0.4, 0.6, 0.8, 1], "1.0"),
      // A fifth of 12 is 2.4: steps of 2.5; of 120 it is 24: steps of 25.
      ([0, 12], false, [0, 2.5, 5, 7.5, 10, 12.5], "12.5"),
      ([0, 120], false, [0, 25, 50, 75, 100, 125], "125"),
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
      #expect(isClose(tick.at, value, absolute: 1e-12))
    }
    #expect(isClose(axis.low, expected[0], absolute: 1e-12))
    #expect(isClose(axis.high, expected[expected.count - 1], absolute: 1e-12))
    #expect(axis.ticks.last?.text == last)
  }

  // 2024-03-29 was a Friday; Berlin went from UTC+1 to UTC+2 on the 31st at 01:00 UTC.
  @Test("ticks of time stand at local midnights, Mondays and first days of months")
  func dates() throws {
    let berlin = try Zone("Europe/Berlin")
    let start = berlin.startOfDay(CivilCalendar.days(year: 2024, month: 3, day: 29))
    let days = ChartAxis(from: start, to: start + 4 * 86_400, zone: berlin, most: 5)
    #expect(
      days.ticks.map(\.text) == [
        "Fri 29 Mar", "Sat 30 Mar", "Sun 31 Mar", "Mon 1 Apr", "Tue 2 Apr",
      ])
    #expect(days.ticks.map { Int($0.at) - start } == [0, 86_400, 172_800, 255_600, 342_000])
    let weeks = ChartAxis(from: start, to: start + 35 * 86_400, zone: berlin, most: 6)
    #expect(weeks.ticks.map(\.text) == ["1 Apr", "8 Apr", "15 Apr", "22 Apr", "29 Apr"])
    let months = ChartAxis(from: start, to: start + 400 * 86_400, zone: berlin, most: 8)
    #expect(
      months.ticks.map(\.text) == ["May 2024", "Jul", "Sep", "Nov", "Jan 2025", "Mar", "May"])
    let hours = ChartAxis(from: start, to: start + 86_400, zone: berlin, most: 8)
    #expect(
      hours.ticks.map(\.text) == [
        "Fri 29 Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "Sat 30 Mar",
      ])
    let years = ChartAxis(from: start, to: start + 3000 * 86_400, zone: berlin, most: 5)
    #expect(years.ticks.map(\.text) == ["2026", "2028", "2030", "2032"])
    #expect(
      ChartAxis.timeTitle(from: start, to: start + 86_400, zone: berlin)
        == "2024, clock of Europe/Berlin")
  }

  @Test("steps hold a value until the next one, and a gap in the data is a gap in the line")
  func steps() throws {
    let path = try #require(
      elements("path", in: line([0, 5, 7, 10], [0, 10, .nan, 5], .steps).drawing(width: 880))
        .first?.attributes["d"])
    // Down at the first point, along and up to the second; the last point stands alone.
    #expect(path.filter { $0.isLetter } == "MHVM")
    let straight = try #require(
      elements("path", in: line([0, 5, 10], [0, 10, 5]).drawing(width: 880)).first?.attributes["d"])
    #expect(straight.filter { $0.isLetter } == "MLL")
  }

  @Test("a point without a value is not drawn, and the data show a dash for it")
  func missing() throws {
    let chart = line([1, 2, 3], [1, .nan, 2], .marks)
    #expect(elements("circle", in: chart.drawing(width: 880)).count == 1 + 1)
    #expect(chart.data?.rows == [["1", "1.000"], ["2", "–"], ["3", "2.000"]])
    #expect(line([1, 2], [.nan, .nan]).isEmpty && !chart.isEmpty)
  }

  @Test("no two texts of a chart touch, wide or narrow", arguments: [880.0, 356])
  func collisions(width: Double) throws {
    let names = (0..<7).map { "baseline_version_number_\($0)" }
    let zone = try Zone("Europe/Berlin")
    let charts: [any PageChart] = [
      ScatterChart(
        title: "t", xTitle: "mean absolute error of load, kW", yTitle: "share captured, %",
        points: names.enumerated().map {
          ScatterChart.Point(name: $1, x: 1 + 0.01 * Double($0), y: 50 + 0.1 * Double($0))
        }),
      LineChart(
        title: "t",
        places: .times(
          (0..<400).map { Double(1_704_063_600 + $0 * 86_400) },
          until: Double(1_704_063_600 + 400 * 86_400), zone: zone),
        panels: [
          LineChart.Panel(
            title: "Cost, EUR",
            lines: names.enumerated().map { place, name in
              LineChart.Line(name: name, values: (0..<400).map { Double($0 * (place % 3)) })
            }, levels: [LineChart.Level(name: "limit", value: 10)], includesZero: true),
          LineChart.Panel(
            title: "Price, EUR/kWh",
            lines: [LineChart.Line(name: "price", values: (0..<400).map { Double($0 % 7) })],
            height: 60),
        ]),
      BarChart(
        title: "t", unit: "EUR", series: names,
        groups: names.map { BarChart.Group(name: $0, values: [-1234.56, 3, 0, .nan, 2, 1, 9999]) }),
      WaterfallChart(
        title: "t", unit: "EUR",
        steps: [
          .amount("without a battery", 10_991.51), .change(names[0] + names[1], -1428.04),
          .amount(names[0], 9563.47),
        ]),
      HeatMap(
        title: "t", unit: "EUR", columnTitle: "month",
        rows: (0..<24).map {
          HeatMap.Row(name: "\($0):00", values: (0..<12).map { Double($0) * 99 })
        },
        columnNames: (1...12).map { "2024-\($0)" }, bearsValues: true),
      TimeStrip(
        title: "t", unit: "h",
        rows: names.map { TimeStrip.Row(name: $0, values: [1, 2, 0, 1]) },
        edges: [0, 86_400, 172_800, 259_200, 345_600].map { $0 + 1_704_063_600 }, zone: zone),
    ]
    for chart in charts {
      let drawing = chart.drawing(width: width)
      let texts = elements("text", in: drawing)
      #expect(texts.count > 5)
      let boxes = try texts.map { text in
        Drawing.box(
          text.text, x: try number(text.attributes["x"]), y: try number(text.attributes["y"]),
          anchor: Drawing.Anchor(rawValue: text.attributes["text-anchor"] ?? "start") ?? .start,
          kind: try #require(
            Drawing.Kind(
              rawValue: String(text.attributes["class"]?.split(separator: " ").first ?? ""))))
      }
      for (i, box) in boxes.enumerated() {
        #expect(box.left >= -1 && box.right <= width + 1, "\(type(of: chart)) \(texts[i].text)")
        #expect(box.bottom <= drawing.height + 1, "\(type(of: chart)) \(texts[i].text)")
        for j in boxes.indices where j > i {
          #expect(
            !box.touches(boxes[j]), "\(type(of: chart)): \(texts[i].text) on \(texts[j].text)")
        }
      }
    }
  }

  @Test("data of long lines are thinned evenly and say so")
  func thinning() {
    let x = (0..<900).map(Double.init)
    let data = line(x, x).data
    #expect(data?.rows.count == 300)
    #expect(data?.columns.first?.header == "hours, one in 3")
  }

  // Bars share an axis from zero: a value of half the other is half as long.
  @Test("a bar is as long as its value and bears it, also below zero") func bars() throws {
    func rects(_ values: [Double]) throws -> [(x: Double, width: Double)] {
      let chart = BarChart(
        title: "Cost", unit: "EUR", series: ["a", "b"],
        groups: [BarChart.Group(name: "v", values: values)])
      // The first two are the legend.
      return try elements("rect", in: chart.drawing(width: 880)).dropFirst(2).map {
        (try number($0.attributes["x"]), try number($0.attributes["width"]))
      }
    }
    let above = try rects([5, 10])
    #expect(above[0].x == above[1].x)
    #expect(isClose(2 * above[0].width, above[1].width, absolute: 0.2))
    let both = try rects([-10, 10])
    #expect(isClose(both[0].x + both[0].width, both[1].x, absolute: 0.2))
    #expect(isClose(both[0].width, both[1].width, absolute: 0.2))
    #expect(try rects([.nan, 10]).count == 1)
    let drawing = BarChart(
      title: "a", unit: "EUR", series: ["s"],
      groups: [BarChart.Group(name: "<v>", values: [-1.5])]
    ).drawing(width: 880)
    #expect(drawing.body.contains("&lt;v&gt;") && !drawing.body.contains("<v>"))
    #expect(drawing.body.contains(">-1.50</text>"))
  }

  // 100 less 30 and 20 more are 90: both changes end where the next one begins.
  @Test("a waterfall goes from amount to amount by its changes") func waterfall() throws {
    let chart = WaterfallChart(
      title: "t", unit: "EUR",
      steps: [.amount("none", 100), .change("energy", -30), .change("wear", 20), .amount("v", 90)])
    let rects = try elements("rect", in: chart.drawing(width: 880)).map {
      (try number($0.attributes["x"]), try number($0.attributes["width"]))
    }
    // Marks of amounts are six wide about their value.
    #expect(isClose(rects[1].0 + rects[1].1, rects[0].0 + 3, absolute: 0.2))
    #expect(isClose(rects[2].0, rects[1].0, absolute: 0.2))
    #expect(isClose(rects[2].0 + rects[2].1, rects[3].0 + 3, absolute: 0.2))
    #expect(isClose(rects[1].1, 1.5 * rects[2].1, absolute: 0.3))
    #expect(
      chart.data?.rows == [
        ["none", "100.00"], ["energy", "-30.00"], ["wear", "+20.00"], ["v", "90.00"],
      ])
  }

  @Test("a strip draws a bar for each stretch, as high as its value") func strip() throws {
    let strip = TimeStrip(
      title: "t", unit: "h", rows: [TimeStrip.Row(name: "heat", values: [0, 2, 2, 1, .nan])],
      edges: [0, 1, 2, 3, 4, 5].map { $0 * 86_400 }, zone: .utc)
    let rects = try elements("rect", in: strip.drawing(width: 880)).map {
      (try number($0.attributes["width"]), try number($0.attributes["height"]))
    }
    #expect(rects.count == 2)
    #expect(isClose(rects[0].0, 2 * rects[1].0, absolute: 0.2))
    #expect(isClose(rects[0].1, 2 * rects[1].1, absolute: 0.2))
    #expect(strip.data?.rows.count == 3)
  }
}
