import Diagnostics
import Documents
import Replay
import Studies
import Tariffs
import TimeSeries
import Twin

/// The one sentence that a stress study opens with: which policy to take, what it costs against the
/// others and how sure that is, and what it keeps the cells from.
struct StressVerdict: Sendable {
  private let study: StressStudy
  private let replay: ReplayCase

  /// Differences in the share of the life used below this are none.
  private static let leastLife = 0.001

  /// Takes a study of a case.
  init(_ study: StressStudy, of replay: ReplayCase) {
    self.study = study
    self.replay = replay
  }

  /// The sentence.
  var sentence: String {
    guard let choice = study.choice else { return "No policy was tried." }
    let others = study.policies.filter { $0.policy != choice.policy }
    guard !others.isEmpty else {
      return
        "'\(choice.policy)' alone was tried: \(exposure(choice)); there is no policy to compare it with."
    }
    if others.allSatisfy({ isAlike($0, choice) }) {
      return
        "The policies cannot be told apart: \(cases)all cost the same, and \(exposure(choice)) under each."
    }
    let reason = PairedInterval.commonReason(study.pairs)
    let costs = listed(
      study.pairs.map {
        $0.worded(
          against: "'\($0.b)'", currency: replay.tariff.currency, tellsSureness: reason == nil)
      }, "and")
    let what =
      "\(advantage(choice, others)); \(cases)it costs \(costs)" + life(choice, others)
    let end = (reason.map { "; not sure: \($0)" } ?? "") + "."
    guard study.pairs.allSatisfy({ $0.difference < PairedInterval.cent }) else {
      let worth = breakEven.map {
        "; what '\($0.policy)' spares of it is worth its price where a battery costs more than \($0.price)"
      }
      return "Protection has a price: under '\(choice.policy)' \(what)\(worth ?? "")\(end)"
    }
    let or = breakEven.map { ", or '\($0.policy)' where a battery costs more than \($0.price)" }
    return "Take '\(choice.policy)'\(or ?? ""): \(what)\(end)"
  }

  /// What sets the choice apart: time above the limit first, cost next.
  private func advantage(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    let worse = others.filter { hours($0) > hours(choice) + PolicyScore.minuteHours }
    guard !worse.isEmpty else {
      return hours(choice) == 0
        ? "no policy lets a cell above its limit of \(limit), and it is \(cheapest(choice, others))"
        : "\(exposure(choice)) under every policy, and it is \(cheapest(choice, others))"
    }
    return "\(exposure(choice)), against "
      + listed(worse.map { "\(time(hours($0))) under '\($0.policy)'" }, "and")
  }

  private func cheapest(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    others.contains { abs($0.meanCostDelta - choice.meanCostDelta) < PairedInterval.cent }
      ? "as cheap as any" : "the cheapest"
  }

  /// How long cells are above their limit, over all cases.
  private func exposure(_ score: PolicyScore) -> String {
    hours(score) == 0
      ? "cells stay within their limit of \(limit)"
      : "cells are above their limit of \(limit) for \(time(hours(score)))"
  }

  /// What the policies use of the battery's life, where that differs by more than a thousandth.
  private func life(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    let all = [choice] + others
    let used = all.map(\.lifeUsedFraction)
    guard let most = used.max(), let least = used.min(), most - least >= Self.leastLife else {
      return ""
    }
    return "; life used " + percent(choice.lifeUsedFraction) + " against "
      + listed(others.map { "\(percent($0.lifeUsedFraction)) under '\($0.policy)'" }, "and")
  }

  /// The policy that costs more than the cheapest one and uses less of the battery's life, with the price of
  /// a battery from which that pays; of several the one with the lowest price.
  private var breakEven: (policy: String, price: String)? {
    let all = study.policies
    guard let cheapest = all.min(by: { $0.meanCostDelta < $1.meanCostDelta }) else { return nil }
    let prices = all.compactMap { score -> (policy: String, price: Double)? in
      let spared = cheapest.lifeUsedFraction - score.lifeUsedFraction
      let cost = score.meanCostDelta - cheapest.meanCostDelta
      return spared >= Self.leastLife && cost >= PairedInterval.cent
        ? (score.policy, cost / spared) : nil
    }
    return prices.min { $0.price < $1.price }.map {
      ($0.policy, "\(NumberText.fixed($0.price, decimals: 0)) \(replay.tariff.currency)")
    }
  }

  private func isAlike(_ a: PolicyScore, _ b: PolicyScore) -> Bool {
    abs(a.meanCostDelta - b.meanCostDelta) < PairedInterval.cent
      && abs(hours(a) - hours(b)) <= PolicyScore.minuteHours
      && abs(a.lifeUsedFraction - b.lifeUsedFraction) < Self.leastLife
  }

  /// What costs are the mean of, and over how long.
  private var cases: String {
    let count = study.cells.count / max(1, study.policies.count)
    return replay.period.overDays
      + (count > 1 ? ", on the mean of \(count) cases of fault and weather, " : " ")
  }

  private func hours(_ score: PolicyScore) -> Double { score.hoursAboveLimit }

  private var limit: String {
    "\(NumberText.rounded(replay.battery.temperatureLimitC, decimals: 1)) °C"
  }

  private func time(_ hours: Double) -> String { "\(NumberText.fixed(hours, decimals: 1)) h" }

  private func percent(_ fraction: Double) -> String { NumberText.percent(fraction, decimals: 1) }
}
