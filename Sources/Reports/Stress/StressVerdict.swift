import Diagnostics
import Documents
import Replay
import Studies
import Tariffs
import TimeSeries
import Twin

/// The sentences that a stress study opens with: which policy to take, what it costs against the others and how sure
/// that is, what it keeps the cells from, and why.
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

  /// The sentences.
  var sentence: String {
    guard let choice = study.choice else { return "No policy was tried." }
    let others = study.policies.filter { $0.policy != choice.policy }
    guard !others.isEmpty else {
      return
        "'\(choice.policy)' alone was tried: \(protection(choice)); there is no policy to compare it with."
    }
    if others.allSatisfy({ isAlike($0, choice) }) {
      return
        "The policies cannot be told apart: \(cases)all cost the same, and \(protection(choice)) under each. "
        + idle(choice)
    }
    let reason = PairedInterval.commonReason(study.pairs)
    let costs = listed(
      told.map {
        $0.worded(
          against: "'\($0.b)'", currency: currency, tellsSureness: reason == nil)
      }, "and")
    let priced = study.lifePrice == nil ? "it costs" : "it costs, with the life used,"
    let what = "\(advantage(choice, others)); \(cases)\(priced) \(costs)" + life(choice, others)
    let end = (reason.map { "; not sure: \($0)" } ?? "") + "."
    guard study.pairs.allSatisfy({ $0.difference < PairedInterval.cent }) else {
      let worth = breakEven.map {
        "; what '\($0.policy)' spares of it is worth its price where a battery costs more than \($0.price)"
      }
      return "Protection has a price: under '\(choice.policy)' \(what)\(worth ?? "")\(end)"
        + why(choice, others)
    }
    let or = breakEven.map { ", or '\($0.policy)' where a battery costs more than \($0.price)" }
    return "Take '\(choice.policy)'\(or ?? ""): \(what)\(end)" + why(choice, others)
  }

  /// Pairs that the verdict words: against the reference, the next best and the dearest; the others stand in the table.
  private var told: [PairedInterval] {
    let reference = study.policies.first?.policy
    let others = study.pairs.filter { $0.b != reference }
    let next = others.max { $0.difference < $1.difference }
    let dearest = others.min { $0.difference < $1.difference }
    return study.pairs.filter { pair in
      pair.b == reference || pair.b == next?.b || pair.b == dearest?.b
    }
  }

  /// What sets the choice apart: times that the protection opens first, cost next.
  private func advantage(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    let worse = others.filter { $0.cutOffs > choice.cutOffs }
    guard !worse.isEmpty else {
      return choice.cutOffs == 0
        ? "no policy lets a cell reach the \(cutOff) at which the battery's protection opens the circuit, and it "
          + "is \(cheapest(choice, others))"
        : "\(protection(choice)) under every policy that opens it least, and it is \(cheapest(choice, others))"
    }
    return "\(protection(choice)), against "
      + listed(worse.map { "\(times($0.cutOffs)) under '\($0.policy)'" }, "and")
  }

  private func cheapest(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    others.contains {
      $0.cutOffs <= choice.cutOffs
        && abs($0.meanCostDelta - choice.meanCostDelta) < PairedInterval.cent
    } ? "as cheap as any" : "the cheapest"
  }

  /// How often the protection opens, over all cases.
  private func protection(_ score: PolicyScore) -> String {
    score.cutOffs == 0
      ? "no cell reaches the \(cutOff) of the battery's protection"
      : "the battery's protection opens the circuit at \(cutOff) \(times(score.cutOffs))"
  }

  /// Where the difference to `none` and to the dearest policy comes from, and how long cells are hot.
  private func why(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    var sentences: [String] = []
    if let none = others.first(where: { $0.policy == study.policies.first?.policy }) {
      sentences.append("Against '\(none.policy)' " + parts(choice, none) + ".")
    }
    if let dearest = others.max(by: { $0.meanCostDelta < $1.meanCostDelta }),
      dearest.policy != study.policies.first?.policy,
      dearest.meanCostDelta > choice.meanCostDelta + PairedInterval.cent,
      abs(dearest.deratedKWh - choice.deratedKWh) >= 0.05
    {
      sentences.append(
        "The dearest is '\(dearest.policy)': it refuses \(energy(dearest)), against \(energy(choice))."
      )
    }
    let longest = others.max { $0.hoursAboveLimit < $1.hoursAboveLimit }
    if let longest,
      abs(longest.hoursAboveLimit - choice.hoursAboveLimit) > PolicyScore.minuteHours
    {
      sentences.append(
        "Cells are above \(limit) for \(time(choice)) under '\(choice.policy)' and for \(time(longest)) under "
          + "'\(longest.policy)'.")
    }
    return sentences.map { " " + $0 }.joined()
  }

  /// Bill, refused energy, peaks and life of one policy against another.
  private func parts(_ one: PolicyScore, _ other: PolicyScore) -> String {
    let bill = one.meanBillDelta - other.meanBillDelta
    var text =
      abs(bill) < PairedInterval.cent
      ? "the bill is the same"
      : "the bill is \(money(abs(bill))) \(bill > 0 ? "higher" : "lower")"
    if abs(one.deratedKWh - other.deratedKWh) >= 0.05 {
      text += ", as \(energy(one)) asked for are refused on the mean of the cases"
    }
    if one.missedPeakCharge >= PairedInterval.cent {
      text += " and higher peaks cost \(money(one.missedPeakCharge))"
    }
    if let own = one.lifeCost, let theirs = other.lifeCost,
      abs(own - theirs) >= PairedInterval.cent
    {
      text +=
        "; the life used is worth \(money(abs(own - theirs))) \(own < theirs ? "less" : "more")"
    }
    return text
  }

  /// Why no policy makes a difference.
  private func idle(_ choice: PolicyScore) -> String {
    let most = study.cells.map(\.outcome.derateMinutes).max() ?? 0
    let hottest =
      "the hottest cell reached \(NumberText.fixed(choice.hottestCellC, decimals: 1)) °C"
    return most == 0
      ? "None of them ever held anything back: \(hottest)."
      : "What they held back was not asked for: \(hottest)."
  }

  /// What the policies use of the battery's life, where that differs by more than a thousandth and no price says
  /// what it is worth.
  private func life(_ choice: PolicyScore, _ others: [PolicyScore]) -> String {
    let used = ([choice] + others).map(\.lifeUsedFraction)
    guard study.lifePrice == nil, let most = used.max(), let least = used.min(),
      most - least >= Self.leastLife
    else { return "" }
    return "; life used " + percent(choice.lifeUsedFraction) + " against "
      + listed(others.map { "\(percent($0.lifeUsedFraction)) under '\($0.policy)'" }, "and")
  }

  /// Of the policies with as few cut-offs the one that costs more than the cheapest and uses less of the battery's
  /// life, with the price of a battery from which that pays; of several the one with the lowest price.
  private var breakEven: (policy: String, price: String)? {
    guard study.lifePrice == nil, let choice = study.choice else { return nil }
    let all = study.policies.filter { $0.cutOffs <= choice.cutOffs }
    guard let cheapest = all.min(by: { $0.meanCostDelta < $1.meanCostDelta }) else { return nil }
    let prices = all.compactMap { score -> (policy: String, price: Double)? in
      let spared = cheapest.lifeUsedFraction - score.lifeUsedFraction
      let cost = score.meanCostDelta - cheapest.meanCostDelta
      return spared >= Self.leastLife && cost >= PairedInterval.cent
        ? (score.policy, cost / spared) : nil
    }
    return prices.min { $0.price < $1.price }.map {
      ($0.policy, "\(NumberText.fixed($0.price, decimals: 0)) \(currency)")
    }
  }

  private func isAlike(_ a: PolicyScore, _ b: PolicyScore) -> Bool {
    abs(a.meanCostDelta - b.meanCostDelta) < PairedInterval.cent && a.cutOffs == b.cutOffs
      && abs(a.hoursAboveLimit - b.hoursAboveLimit) <= PolicyScore.minuteHours
      && abs(a.lifeUsedFraction - b.lifeUsedFraction) < Self.leastLife
  }

  /// What costs are the mean of, and over how long.
  private var cases: String {
    let heats = Set(study.cells.map(\.heat)).count
    let count = study.cells.count / max(1, study.policies.count * heats)
    return replay.period.overDays
      + (count > 1 ? ", on the mean of \(count) cases of fault and weather, " : " ")
  }

  private var currency: String { replay.tariff.currency }

  private var limit: String { celsius(replay.battery.temperatureLimitC) }

  private var cutOff: String { celsius(replay.battery.limits.cutOffC) }

  private func celsius(_ value: Double) -> String { "\(NumberText.rounded(value, decimals: 1)) °C" }

  private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

  private func time(_ score: PolicyScore) -> String {
    "\(NumberText.fixed(score.hoursAboveLimit, decimals: 1)) h"
  }

  private func energy(_ score: PolicyScore) -> String {
    "\(NumberText.fixed(score.deratedKWh, decimals: 1)) kWh"
  }

  private func money(_ amount: Double) -> String {
    "\(NumberText.fixed(amount, decimals: 2)) \(currency)"
  }

  private func percent(_ fraction: Double) -> String { NumberText.percent(fraction, decimals: 1) }
}
