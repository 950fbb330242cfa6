import Diagnostics
import Documents
import Numerics
package import Replay
package import TimeSeries

/// A load that can wait: one entry of the list `loads`.
package struct LoadSettings: Sendable {
  /// What it has to do, as the document says it.
  package enum Work: Sendable {
    /// Sessions of a file.
    case file([LoadSession])
    /// Sessions that follow a pattern.
    case pattern(SessionPattern)
    /// Jobs that have to be done within a window of a day.
    case blocks([SessionPattern])
    /// A store of heat.
    case store(HeatStore)
  }

  /// The load without its sessions.
  package var load: SiteLoad
  /// What it has to do.
  package var work: Work
  /// Sessions are known before the arrival.
  package var knownAhead: Bool
  /// Time by which plans have a car ready before the end that was told. [min]
  package var readyBeforeMinutes = 0.0

  /// Returns the load over a period.
  ///
  /// - Parameters:
  ///   - from: First instant. [UTC epoch s]
  ///   - to: End. [UTC epoch s]
  ///   - zone: The site's clock.
  ///   - seed: Draws what a pattern leaves open.
  /// - Returns: The load with its sessions.
  package func load(from: Int, to: Int, zone: Zone, seed: UInt64) -> SiteLoad {
    var load = load
    switch work {
    case .file(let sessions):
      load.work = .sessions(
        sessions.filter { $0.departure > from && $0.arrival < to }, knownAhead: knownAhead)
    case .pattern(let pattern):
      var generator = SeededGenerator(seed: seed, label: "sessions of \(load.name)")
      load.work = .sessions(
        pattern.sessions(
          from: from, to: to, zone: zone, powerKW: load.powerKW, generator: &generator),
        knownAhead: knownAhead)
    case .blocks(let patterns):
      var generator = SeededGenerator(seed: seed, label: load.name)
      var sessions: [LoadSession] = []
      for pattern in patterns {
        sessions += pattern.sessions(
          from: from, to: to, zone: zone, powerKW: load.powerKW, generator: &generator)
      }
      load.work = .sessions(
        sessions.sorted { ($0.arrival, $0.departure) < ($1.arrival, $1.departure) },
        knownAhead: true)
    case .store(let store): load.work = .store(store)
    }
    if readyBeforeMinutes > 0, case .sessions(let sessions, let knownAhead) = load.work {
      load.work = .sessions(
        sessions.map { session in
          var early = session
          early.toldDeparture = max(
            session.arrival + 60, session.toldDeparture - Int(readyBeforeMinutes * 60))
          return early
        }, knownAhead: knownAhead)
    }
    return load
  }
}

/// Sessions of the same kind on some days of the week.
package struct SessionPattern: Sendable, Hashable {
  /// Days on which a session begins, 1 for Monday to 7 for Sunday.
  package var weekdays: Set<Int>
  /// Begin and end on the clock; an end that is not later lies on the next day. [min after midnight]
  package var arrivalMinute: Int
  package var departureMinute: Int
  /// Spread of begin and end as they come about those of the clock. [min]
  package var spreadMinutes = 0.0
  /// Energy that must be had and that would be nice to have. [kWh]
  package var mustKWh: Double
  package var niceKWh = 0.0
  /// Spread of the energy as a share of it.
  package var energySpread = 0.0

  /// Begin and end are drawn no farther than this from the clock's, as a multiple of the spread.
  private static let mostSpreads = 2.0

  /// Returns the sessions of a period in the order of time; none begins before another has ended.
  func sessions(
    from: Int, to: Int, zone: Zone, powerKW: Double, generator: inout SeededGenerator
  ) -> [LoadSession] {
    var found: [LoadSession] = []
    let first = zone.civil(at: from).dayNumber - 1
    let last = zone.civil(at: to - 1).dayNumber
    func spread() -> Double {
      max(-Self.mostSpreads, min(Self.mostSpreads, generator.normal()))
    }
    for day in first...last where weekdays.contains(Self.weekday(day)) {
      let told = (
        arrival: instant(day, arrivalMinute, zone),
        departure: instant(
          departureMinute > arrivalMinute ? day : day + 1, departureMinute, zone)
      )
      let late = spreadMinutes == 0 ? (0, 0) : (spread(), spread())
      let share = energySpread == 0 ? 1 : max(0, 1 + energySpread * spread())
      let arrival = max(
        told.arrival + Int((late.0 * spreadMinutes * 60).rounded()),
        found.last?.departure ?? Int.min)
      let departure = told.departure + Int((late.1 * spreadMinutes * 60).rounded())
      guard departure > arrival, departure > from, arrival < to else { continue }
      found.append(
        LoadSession(
          arrival: arrival, departure: departure,
          toldDeparture: max(told.departure, arrival + 60), mustKWh: mustKWh * share,
          niceKWh: niceKWh * share, powerKW: powerKW))
    }
    return found
  }

  /// Monday is 1; 1970-01-01 was a Thursday.
  private static func weekday(_ day: Int) -> Int { (((day + 3) % 7) + 7) % 7 + 1 }

  private func instant(_ day: Int, _ minute: Int, _ zone: Zone) -> Int {
    // On days when the clocks change the time of day counts, not the time since midnight.
    let start = zone.startOfDay(day)
    let guess = start + minute * 60
    return guess + zone.offsetSeconds(at: start) - zone.offsetSeconds(at: guess)
  }
}

// MARK: - Reading

extension LoadSettings {
  /// Reads one entry.
  init?(_ reader: MappingReader, zone: Zone) {
    let name = reader.text("name")
    let kind = reader.choice("kind", SiteLoad.Kind.self)
    let power = reader.number("power_kw", .positive)
    let least = reader.number("min_power_kw", .zeroOrMore, default: 0)
    reader.require(
      least <= power, "min_power_kw", "'min_power_kw' must not exceed 'power_kw'")
    let unmet = reader.number("unmet_per_kwh", .zeroOrMore)
    let otherwise = reader.otherwise("otherwise")
    if reader.boolean("included_in_load", default: false) {
      reader.error(
        "included_in_load",
        "the measured load must not contain '\(name)': the column 'load' is that of everything else",
        notes: [
          "nobody can tell what it would have been at other times; take it out of the column first"
        ])
    }
    load = SiteLoad(
      name: name, kind: kind ?? .process, powerKW: power,
      work: .sessions([], knownAhead: true), otherwise: otherwise ?? .atOnce, unmetPerKWh: unmet)
    load.leastKW = least
    knownAhead = true
    switch kind {
    case .ev:
      knownAhead = reader.choice(
        "known", among: [("at_arrival", false), ("ahead", true)], default: false)
      readyBeforeMinutes = reader.number("ready_before_min", .within(0...720), default: 0)
      guard let read = reader.carWork(powerKW: power, zone: zone) else { return nil }
      work = read
      if reader.hasNice(read) {
        load.optionalPerKWh = reader.number("nice_per_kwh", .zeroOrMore)
        reader.require(
          load.optionalPerKWh <= unmet, "nice_per_kwh",
          "'nice_per_kwh' must not be above 'unmet_per_kwh', the price of what must be had")
      }
    case .boiler:
      let capacity = reader.number("tank_kwh", .positive)
      let loss = reader.number("loss_kwh_per_day", .zeroOrMore, default: 0)
      guard let use = reader.hotWater() else { return nil }
      work = .store(HeatStore(capacityKWh: capacity, lossKWhPerDay: loss, use: use))
    case .heatPump:
      let performance = reader.performance("cop")
      work = .store(
        HeatStore(
          capacityKWh: reader.number("tank_kwh", .positive),
          lossKWhPerDay: reader.number("loss_kwh_per_day", .zeroOrMore, default: 0),
          use: .heating(
            kWPerK: reader.number("heat_kw_per_k", .positive),
            limitC: reader.number("heats_below_c", .within(-20...30), default: 15)),
          performance: performance))
    case .process:
      let blocks = reader.list("blocks") { SessionPattern(block: $0) }
      work = .blocks(blocks)
      let spans = blocks.flatMap(\.weekMinutes).sorted { $0.lowerBound < $1.lowerBound }
      reader.require(
        zip(spans, spans.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "blocks",
        "blocks of one load must not overlap; give each its own load")
    case nil:
      reader.passOver()
      return nil
    }
  }
}

extension SessionPattern {
  /// Reads a job: energy, window and days.
  init?(block reader: MappingReader) {
    let from = reader.optionalMinuteOfDay("from") ?? 0
    let to = reader.optionalMinuteOfDay("to") ?? 1440
    self.init(
      weekdays: reader.weekdays("days"), arrivalMinute: from % 1440, departureMinute: to,
      mustKWh: reader.number("energy_kwh", .positive))
  }

  /// Reads the sessions of a car.
  init?(_ reader: MappingReader) {
    guard reader.requiredNode("arrival") != nil, reader.requiredNode("departure") != nil else {
      return nil
    }
    self.init(
      weekdays: reader.weekdays("days"),
      arrivalMinute: (reader.optionalMinuteOfDay("arrival") ?? 0) % 1440,
      departureMinute: reader.optionalMinuteOfDay("departure") ?? 1440,
      spreadMinutes: reader.number("spread_min", .within(0...360), default: 0),
      mustKWh: reader.number("energy_kwh", .zeroOrMore),
      niceKWh: reader.number("nice_kwh", .zeroOrMore, default: 0),
      energySpread: reader.number("energy_spread_fraction", .fraction, default: 0))
  }

  /// The sessions of a week, from Monday on. [min]
  fileprivate var weekMinutes: [Range<Int>] {
    let length =
      (departureMinute > arrivalMinute ? departureMinute : departureMinute + 1440) - arrivalMinute
    return weekdays.flatMap { day -> [Range<Int>] in
      let start = (day - 1) * 1440 + arrivalMinute
      // The last days reach into the next week.
      let wrapped = start + length - 7 * 1440
      return wrapped > 0 ? [start..<7 * 1440, 0..<wrapped] : [start..<start + length]
    }
  }
}

extension MappingReader {
  /// Reads `loads`; names are distinct.
  func loads(_ key: String, zone: Zone) -> [LoadSettings] {
    var taken: Set<String> = []
    return optionalList(key) { entry in
      let load = LoadSettings(entry, zone: zone)
      if let load, !taken.insert(load.load.key).inserted {
        entry.error("name", "loads need names that differ, found '\(load.load.name)' again")
      }
      return load
    } ?? []
  }

  fileprivate func hasNice(_ work: LoadSettings.Work) -> Bool {
    switch work {
    case .file(let sessions): sessions.contains { $0.niceKWh > 0 }
    case .pattern(let pattern): pattern.niceKWh > 0
    case .blocks, .store: false
    }
  }

  /// Reads `at_once` or `timer 22:00`.
  fileprivate func otherwise(_ key: String) -> SiteLoad.Otherwise? {
    guard let node = node(key), let text = context.text(node, named: key) else { return nil }
    if text == "at_once" { return .atOnce }
    let parts = text.split(separator: " ")
    if parts.count == 2, parts[0] == "timer", let minute = CivilText.minuteOfDay(String(parts[1])) {
      return .timer(minuteOfDay: minute % 1440)
    }
    error(key, "'\(key)' must be 'at_once' or a timer such as 'timer 22:00', found '\(text)'")
    return nil
  }

  /// Reads the days of the week; all without.
  fileprivate func weekdays(_ key: String) -> Set<Int> {
    let names: [(name: String, value: Set<Int>)] = [
      ("all", Set(1...7)), ("weekday", Set(1...5)), ("weekend", [6, 7]), ("monday", [1]),
      ("tuesday", [2]), ("wednesday", [3]), ("thursday", [4]), ("friday", [5]), ("saturday", [6]),
      ("sunday", [7]),
    ]
    guard let node = node(key) else { return Set(1...7) }
    var days: Set<Int> = []
    for item in node.items ?? [node] {
      days.formUnion(context.choice(item, named: key, among: names) ?? [])
    }
    return days
  }

  fileprivate func carWork(powerKW: Double, zone: Zone) -> LoadSettings.Work? {
    let pattern = optionalSection("pattern") { SessionPattern($0) }
    let file = has("sessions") ? existingPath("sessions") : ""
    guard has("pattern") != has("sessions") else {
      context.error("a car takes either 'sessions', a file, or 'pattern'", at: position)
      return nil
    }
    if let pattern { return .pattern(pattern) }
    guard !file.isEmpty else { return nil }
    return attempt { .file(try LoadSession.read(file, powerKW: powerKW, zone: zone)) }
  }

  /// Reads the hot water that is used: a day's heat, or that of each hour.
  fileprivate func hotWater() -> HeatStore.Use? {
    let perDay = optionalNumber("draw_kwh_per_day", .zeroOrMore)
    let hourly = optionalNumbers("draw_kwh", .zeroOrMore)
    guard (perDay == nil) != (hourly == nil) else {
      context.error(
        "a boiler takes either 'draw_kwh_per_day' or 'draw_kwh' of each hour", at: position)
      return nil
    }
    if let perDay { return .hourly([Double](repeating: perDay / 24, count: 24)) }
    guard let hourly else { return nil }
    require(
      hourly.count == 24, "draw_kwh",
      "'draw_kwh' must be 24 numbers, one per hour of the day, found \(hourly.count)")
    return hourly.count == 24 ? .hourly(hourly) : nil
  }

  /// Reads the coefficient of performance: a number, or rows over the air temperature.
  fileprivate func performance(_ key: String) -> LinearTable? {
    guard let node = requiredNode(key) else { return nil }
    if node.items == nil {
      return LinearTable(x: [0], y: [context.number(node, named: key, .within(0.5...20))])
    }
    let rows = optionalRows(key, columns: ["ambient_c", "cop"]) ?? []
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == 2 }) else { return nil }
    let (x, y) = (rows.map { $0[0] }, rows.map { $0[1] })
    guard LinearTable.isValid(x: x, y: y), y.allSatisfy({ (0.5...20).contains($0) }) else {
      error(key, "'\(key)' must be rows of rising temperatures and values from 0.5 to 20")
      return nil
    }
    return LinearTable(x: x, y: y)
  }
}
