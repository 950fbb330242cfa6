import Documents
import Store
import Studies
import Tariffs

/// What changed between two runs: settings, data, figures.
package struct RunDifference: Sendable {
  /// A setting; nothing in the run that does not have it.
  struct Setting: Sendable, Equatable {
    let key: String
    let first: String?
    let second: String?
  }

  /// Something that was read; nothing in the run that did not read it.
  struct Input: Sendable, Equatable {
    let first: RunInput?
    let second: RunInput?
  }

  /// A number of the result; nothing in the run that does not have it.
  struct Figure: Sendable, Equatable {
    let path: String
    let first: Double?
    let second: Double?

    /// Second less first; nothing where one of them is not there.
    var change: Double? { first.flatMap { a in second.map { $0 - a } } }
    /// Name of the number without whose it is.
    var key: String { path.split(separator: ".").last.map(String.init) ?? path }
    /// Whether it is an amount of money.
    var isMoney: Bool { RunDifference.money[key] != nil }
  }

  let first: KeptRun
  let second: KeptRun
  let settings: [Setting]
  let inputs: [Input]
  let figures: [Figure]

  /// Compares two runs.
  package init(_ first: KeptRun, _ second: KeptRun) {
    self.first = first
    self.second = second
    settings = Self.settings(first.run, second.run)
    inputs = Self.inputs(first.inputs, second.inputs)
    figures = Self.figures(first, second)
  }

  /// Whether both have the same result, to the byte.
  package var hasSameResult: Bool { first.run.result == second.run.result }

  private static func settings(_ first: StoredRun, _ second: StoredRun) -> [Setting] {
    func pairs(_ run: StoredRun) -> [(path: String, value: String)] {
      [
        ("command", run.command), ("options", run.options.joined(separator: " ")),
        ("versions", run.versions.joined(separator: " ")), ("seed", run.seed),
        ("program version", run.programVersion),
      ] + document(run)
    }
    return merged(pairs(first), pairs(second)).filter { $0.first != $0.second }
      .map { Setting(key: $0.path, first: $0.first, second: $0.second) }
  }

  /// The scenario's keys; one key with all of it where it cannot be read.
  private static func document(_ run: StoredRun) -> [(path: String, value: String)] {
    guard let root = try? YAMLParser.parse(run.scenario, file: "run \(run.number)") else {
      return [("scenario", run.scenario)]
    }
    return Leaves.of(root)
  }

  private static func inputs(_ first: [RunInput], _ second: [RunInput]) -> [Input] {
    func pairs(_ inputs: [RunInput]) -> [(path: String, value: RunInput)] {
      inputs.map { ("\($0.kind.rawValue) \($0.name)", $0) }
    }
    return merged(pairs(first), pairs(second)).filter { $0.first != $0.second }
      .map { Input(first: $0.first, second: $0.second) }
  }

  private static func figures(_ first: KeptRun, _ second: KeptRun) -> [Figure] {
    func pairs(_ run: KeptRun) -> [(path: String, value: Double)] {
      run.result.map(Leaves.numbers) ?? []
    }
    let changed = merged(pairs(first), pairs(second)).filter { $0.first != $0.second }
      .map { Figure(path: $0.path, first: $0.first, second: $0.second) }
    return changed.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }.map(\.element)
  }

  /// Money before the rest, what was run before what it is held against.
  private static func rank(_ figure: Figure) -> Int {
    let places = ["versions[", "candidates[", "cells[", "policies[", "baselines."]
    let place =
      places.firstIndex { figure.path.hasPrefix($0) } ?? (figure.path.contains(".") ? 9 : 0)
    return (figure.isMoney ? 0 : 1000) + place * 30 + (money[figure.key] ?? 29)
  }

  /// Names of amounts of money with their ranks in lists.
  private static let money: [String: Int] = {
    let keys =
      VersionScore.measures.moneyKeys + SizingCandidate.measures.moneyKeys
      + StressCell.measures.moneyKeys + PolicyScore.measures.moneyKeys
      + ReplayMonth.measures.moneyKeys + PairedInterval.measures.moneyKeys
      + BatteryRun.measures.moneyKeys
    return Dictionary(keys.enumerated().map { ($1, min($0, 28)) }) { first, _ in first }
  }()

  /// Brings two lists together by path, in the order of the first and then of the second.
  private static func merged<Value>(
    _ first: [(path: String, value: Value)], _ second: [(path: String, value: Value)]
  ) -> [(path: String, first: Value?, second: Value?)] {
    let one = Dictionary(first.map { ($0.path, $0.value) }) { a, _ in a }
    let two = Dictionary(second.map { ($0.path, $0.value) }) { a, _ in a }
    var seen: Set<String> = []
    return (first + second).map(\.path).filter { seen.insert($0).inserted }
      .map { ($0, one[$0], two[$0]) }
  }
}

extension MeasureList {
  /// Keys of amounts of money in JSON, without the objects that they stand in.
  var moneyKeys: [String] {
    measures.filter { [.currency, .currencyPerDay, .currencyPerYear].contains($0.unit) }
      .map { $0.path.split(separator: ".").last.map(String.init) ?? $0.path }
  }
}
