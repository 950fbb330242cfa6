import Planning
import TestSupport
import Testing

@Suite("Recourse", .tags(.solver)) struct RecourseTests {
  static let days = longTests ? 364 : 60

  /// Share of the perfect-foresight saving.
  static func shares(_ site: RecourseSite, _ settings: [(String, RecourseSetting)]) -> [Double] {
    let n = (days) * 96
    let none = site.cost(RecourseSetting(rule: nil), slots: n, hasBattery: false)
    let best = site.foresight(slots: n)
    return settings.map { name, setting in
      let share = (none - site.cost(setting, slots: n)) / (none - best)
      if longTests { print("\(site.name) | \(name) | \((share * 1000).rounded() / 10) %") }
      return share
    }
  }

  @Test("home: the value step or the mode band beats the set-point by 15 points at one plan a day")
  func home() {
    let site = RecourseSite.home(days: Self.days + 4, seed: 1)
    var settings: [(String, RecourseSetting)] = []
    for rule in RecourseRule.allCases {
      settings.append(("\(rule.rawValue), daily", RecourseSetting(rule: rule, replanSlots: 96)))
    }
    settings.append(("self-consumption", RecourseSetting(rule: nil)))
    if longTests {
      for rule in RecourseRule.allCases {
        settings.append(("\(rule.rawValue), hourly", RecourseSetting(rule: rule)))
      }
      for horizon in [48, 96, 144, 288] {
        for (label, replan) in [("daily", 96), ("hourly", 4)] where horizon >= replan {
          settings.append(
            (
              "value_step, \(label), \(horizon / 4) h",
              RecourseSetting(rule: .valueStep, replanSlots: replan, horizonSlots: horizon)
            ))
        }
      }
    }
    let shares = Self.shares(site, settings)
    let setPoint = shares[0]
    #expect(max(shares[2], shares[3]) >= setPoint + 0.15)
    #expect(shares.allSatisfy { $0 <= 1 + 1e-9 })
  }

  /// The held target is the median of the day's plans.
  ///
  /// The lowest of them gives 61 to 79 % in these years: the luckiest forecast empties the battery early.
  @Test(
    "business: a held peak and kept energy reach 0.8 of perfect foresight with hourly plans",
    arguments: longTests ? [1, 2, 3, 4] as [UInt64] : [1])
  func business(seed: UInt64) {
    let site = RecourseSite.business(days: Self.days + 4, seed: seed)
    var settings: [(String, RecourseSetting)] = [
      ("mode_band, hourly, held, seed \(seed)", RecourseSetting(rule: .modeBand)),
      ("value_step, hourly, held, seed \(seed)", RecourseSetting(rule: .valueStep)),
    ]
    if longTests, seed == 1 {
      for rule in RecourseRule.allCases {
        settings.append(
          ("\(rule.rawValue), hourly, may rise", RecourseSetting(rule: rule, holdsPeak: false)))
        settings.append(("\(rule.rawValue), hourly, held", RecourseSetting(rule: rule)))
        settings.append(
          (
            "\(rule.rawValue), hourly, held, not kept",
            RecourseSetting(rule: rule, optionValue: .none)
          ))
        settings.append(
          ("\(rule.rawValue), daily, held", RecourseSetting(rule: rule, replanSlots: 96)))
      }
      settings.append(("self-consumption", RecourseSetting(rule: nil)))
    }
    let shares = Self.shares(site, settings)
    #expect(max(shares[0], shares[1]) >= 0.8)
    #expect(shares.allSatisfy { $0 <= 1 + 1e-9 })
  }

  /// The same plans, once with the load of a slot spread evenly, once with an appliance that is on or off.
  @Test("minute by minute the rules that follow the load keep their saving, set-points lose theirs")
  func minutes() {
    let n = Self.days * 96
    let home = MinuteHome(RecourseSite.home(days: Self.days + 4, seed: 1), seed: 5)
    let ways: [(String, MinuteHome.Way)] =
      [("self-consumption", .selfConsumption), ("set-points of foresight", .foresightSetPoints)]
      + RecourseRule.allCases.map { ($0.rawValue, .planned($0)) }
    var saving: [String: (slot: Double, minute: Double)] = [:]
    let none = (
      slot: home.cost(.noBattery, slots: n, ticks: 1),
      minute: home.cost(.noBattery, slots: n, ticks: 15)
    )
    for (name, way) in ways {
      let found = (
        slot: none.slot - home.cost(way, slots: n, ticks: 1),
        minute: none.minute - home.cost(way, slots: n, ticks: 15)
      )
      if longTests { print("\(name) | \(found.slot.rounded()) | \(found.minute.rounded())") }
      saving[name] = found
    }
    func lost(_ name: String) -> Double {
      saving[name].map { ($0.slot - $0.minute) / $0.slot } ?? .nan
    }
    #expect(lost("battery_set_point") > 0.2)
    #expect(lost("set-points of foresight") > 0.2)
    for rule in ["mode_band", "value_step", "self-consumption"] { #expect(lost(rule) < 0.05) }
    let rule = saving["self-consumption"]?.minute ?? .nan
    // Set-points of perfect foresight lose to a rule without any plan.
    #expect((saving["set-points of foresight"]?.minute ?? .nan) < rule)
    #expect((saving["value_step"]?.minute ?? .nan) > rule)
    #expect((saving["mode_band"]?.minute ?? .nan) > rule)
  }
}
