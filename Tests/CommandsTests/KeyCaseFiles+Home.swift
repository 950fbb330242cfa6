import Foundation
import TimeSeries

/// The files of loggers: a home, faults in them, and energy meters.
extension KeyCaseFiles {
  static func load(_ hour: Int) -> Double {
    let evening = (18...20).contains(hour % 24) ? 1.5 : 0
    return rounded(0.7 - 0.3 * wave(hour, period: 24) + evening + 0.01 * Double(hour % 7))
  }

  static func air(_ hour: Int) -> Double { rounded(18 - 6 * wave(hour - 3, period: 24)) }

  static func price(_ hour: Int) -> Double {
    rounded(80 + 60 * wave(hour - 2, period: 12))
  }

  static func pv(_ hour: Int) -> Double {
    max(0, 4 - 0.09 * Double((hour % 24 - 12) * (hour % 24 - 12)))
  }

  /// A wave of parabolas, between −1 at the start and 1 at half its period.
  static func wave(_ hour: Int, period: Int) -> Double {
    let turn = Double((hour % period + period) % period) / Double(period)
    return 16 * turn * (1 - turn) * 0.5 - 1
  }

  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  func writeHome() throws {
    try table("h.csv", "time,later,load,air,price,pv,kind") { hour, stamp in
      let later = Instant.utcText(Self.start + hour * 3600 + 3600)
      return "\(stamp),\(later),\(Self.load(hour)),\(Self.air(hour)),\(Self.price(hour)),"
        + "\(Self.pv(hour)),\(hour % 2 == 0 ? "b" : "a")"
    }
    try table("h2.csv", "time,load") { "\($1),\(2 * Self.load($0))" }
    try table("half.csv", "time,pv") { "\($1),\(Self.pv($0))" }
    try table("sum.csv", "time,one,two") { "\($1),\(Self.pv($0)),\(Self.pv($0))" }
    try table("cols.csv", "time,load") { "\($1),\(1.1 * Self.load($0) + 0.05 * Double($0 % 5))" }
    let profile = [-3.2, -3.2, -2, 0, 3, 3.6, 3.6, 0]
    // 2024-06-03T00:00Z, the first day of the period.
    try table("p.csv", "time,power_kw", from: Self.start + 10 * 86_400, hours: 40) {
      "\($1),\(profile[$0 % 8])"
    }
    let hours = 0..<Self.hours
    let stamps = hours.map { "\"\(Instant.utcText(Self.start + $0 * 3600).dropLast(4))\"" }
    try write(
      "om.json",
      """
      {"latitude": 48.4, "longitude": 10.0, "utc_offset_seconds": 0, "timezone": "GMT",
       "hourly_units": {"time": "iso8601", "temperature_2m": "°C"},
       "hourly": {"time": [\(stamps.joined(separator: ","))],
        "temperature_2m": [\(hours.map { "\(Self.air($0))" }.joined(separator: ","))]}}
      """)
  }

  func writeFaults() throws {
    func damaged(_ name: String, _ cell: String) throws {
      try table(name, "time,load,air") { hour, stamp in
        "\(stamp),\(hour == Self.wrong ? cell : "\(Self.load(hour))"),\(Self.air(hour))"
      }
    }
    try damaged("gap.csv", "")
    try damaged("word.csv", "offline")
    try damaged("bad.csv", "12x")
    func local(_ name: String, from start: Int) throws {
      try table(name, "time,load,air", from: start) {
        "\($1.dropLast()),\(Self.load($0)),\(Self.air($0))"
      }
    }
    try local("local.csv", from: Self.start)
    // 2024-03-20T00:00, so that the night of 31 March, when clocks are put forward, is in it.
    try local("dst.csv", from: 1_710_892_800)
    // Days up to the twelfth, which may be taken for months.
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    try table("days.csv", "time,pv", from: Self.start + 8 * 86_400, hours: 24 * 12) { hour, _ in
      "\(two(hour / 24 + 1))/06/2024 \(two(hour % 24)):00,\(Self.pv(hour))"
    }
    try table("semi.csv", "time;load;air") { hour, stamp in
      "\(stamp);\(Self.load(hour));\(Self.air(hour))".replacing(".", with: ",")
    }
    try table("whole.csv", "time,load") { "\($1),1.\(100 + $0 % 24)" }
    try table("events.csv", "time,pv", every: 5) { "\($1),\(1 + $0 % 3)" }
    try table("gaps.csv", "time,pv") { hour, stamp in
      [0, 7, 8, 9, 23].contains(hour % 24) ? nil : "\(stamp),\(Self.pv(hour))"
    }
  }

  /// Totals of an energy meter that restart, miss hours, stand still and jump.
  func writeCounters() throws {
    let restart = 24 * 11
    try table("total.csv", "time,total") { hour, stamp in
      if (restart + 6..<restart + 9).contains(hour) { return nil }
      let before = 1000 + 0.5 * Double(min(hour, restart))
      let after = 0.4 * Double(hour - restart)
      return "\(stamp),\(hour < restart ? before : 0.93 * before + after)"
    }
    try table("stale.csv", "time,total") { hour, stamp in
      let read = (restart + 6..<restart + 12).contains(hour) ? restart + 6 : hour
      return "\(stamp),\(1000 + 0.5 * Double(read))"
    }
    try table("jump.csv", "time,total") { hour, stamp in
      "\(stamp),\(1000 + 0.5 * Double(hour) + (hour >= restart + 6 ? 40 : 0))"
    }
  }
}
