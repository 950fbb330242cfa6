import TestSupport
import Testing

@testable import EarlyWarning

@Suite("Scores of early warnings") struct WarningScoreTests {
  @Test("areas and precisions, worked out by hand") func ranks() {
    let events = [true, false, true, false]
    // Three of four pairs are in order; precision is 1/1 at the first event and 2/3 at the second.
    #expect(RankScores.areaUnderCurve([0.9, 0.8, 0.7, 0.6], events) == 0.75)
    #expect(
      isClose(RankScores.averagePrecision([0.9, 0.8, 0.7, 0.6], events), 5.0 / 6, relative: 1e-15))
    // All alike: no skill, and the precision is the base rate.
    #expect(RankScores.areaUnderCurve([1, 1, 1, 1], events) == 0.5)
    #expect(RankScores.averagePrecision([1, 1, 1, 1], events) == 0.5)
    #expect(RankScores.areaUnderCurve([1, 2], [true, true]).isNaN)
  }

  @Test("precision at shares of the events, worked out by hand") func precision() {
    let events = [true, false, true, false]
    // The first is an event (1 of 1); to find the second, three rows are taken (2 of 3).
    #expect(
      RankScores.precision([0.9, 0.8, 0.7, 0.6], events, atRecalls: [0, 0.5, 0.51, 1])
        == [1, 1, 2.0 / 3, 2.0 / 3])
    // A false one on top: half of two rows is worse than two of three, which finds more.
    #expect(
      RankScores.precision([0.8, 0.9, 0.7, 0.6], events, atRecalls: [0.5, 1])
        == [2.0 / 3, 2.0 / 3])
    #expect(RankScores.precision([1, 1, 1, 1], events, atRecalls: [0, 1]) == [0.5, 0.5])
    #expect(RankScores.precision([1], [false], atRecalls: [1])[0].isNaN)
  }

  @Test("chances and changes by ranges, worked out by hand") func ranges() throws {
    let bins = WarningStudy.CalibrationBin.bins(
      [(0.1, false), (0.3, true), (0.9, true), (1, true), (0.8, false)], count: 2)
    #expect(bins.map(\.rows) == [2, 3])
    #expect(bins.map(\.chance) == [0.2, 0.9])
    #expect(bins.map(\.share) == [0.5, 2.0 / 3])
    // Eleven changes of 0…1 K where 0…0.1 K is predicted, and too few where more is.
    let said = (0...10).map { Double($0) / 100 } + [1]
    let came = (0...10).map { Double($0) / 10 } + [5]
    let found = WarningStudy.ChangeBin.bins(said, came, count: 2)
    let changes = try #require(found)
    #expect(changes.map(\.rows) == [11, 1])
    #expect(changes.map(\.predictedK) == [0.25, 0.75])
    #expect(isClose(changes[0].meanK, 0.5, relative: 1e-12))
    #expect(isClose(changes[0].lowK, 0.1, relative: 1e-12))
    #expect(isClose(changes[0].highK, 0.9, relative: 1e-12))
    #expect(changes[1].meanK.isNaN)
    #expect(WarningStudy.ChangeBin.bins([1, 1], [0, 2], count: 2) == nil)
  }

  /// Ten seconds with an onset at 6 s and a lead of 2 s, then ten seconds of quiet after a gap.
  private var watch: AlarmScore.Watch {
    var watch = AlarmScore.Watch()
    watch.chance = [0.1, 0.6, 0.2, 0.3, 0.8, 0.9] + [0.1, 0.7, 0.7, 0.1]
    watch.instant = [0, 1, 2, 3, 4, 5, 20, 21, 22, 23]
    watch.willBeHot = [false, false, false, false, true, true] + [false, false, false, false]
    watch.followsOn = [false, true, true, true, true, true] + [false, true, true, true]
    watch.onset = [-1, -1, -1, -1, 0, 0] + [-1, -1, -1, -1]
    watch.onsetInstant = [6]
    return watch
  }

  @Test("alarms at a threshold: onsets, false alarms and how early") func alarms() {
    let strict = AlarmScore(watch, threshold: 0.75)
    #expect(strict.warned == 1 && strict.falseAlarms == 0 && strict.warningSeconds == 2)
    #expect(strict.falseShare == 0)
    let loose = AlarmScore(watch, threshold: 0.5)
    // At 1 s and at 21 s for nothing: three of eight quiet seconds.
    #expect(loose.warned == 1 && loose.falseAlarms == 2 && loose.falseShare == 0.375)
    // From 3 s on without a break.
    #expect(AlarmScore(watch, threshold: 0.3).warningSeconds == 3)
    #expect(isClose(loose.falsePerHour, 2 / (10.0 / 3600), relative: 1e-12))
    let best = AlarmScore.best(watch, falseShare: 0.01)
    #expect(best.threshold == 0.9 && best.recall == 1)
    #expect(AlarmScore.best(watch, falseShare: -1).warned == 0)
  }

  private static let body = OneNodeTwin(
    coolingS: 300, perSquare: 0.003, perAmpere: 0, offsetK: 0)

  private func data(runs: Int, plan: Bool = false) -> WarningData {
    let frame = TelemetrySample.frame(
      TelemetrySample.heated(4000, by: Self.body, seed: 9, noiseK: 0.05, runs: runs))
    return WarningData(
      [frame],
      task: WarningTask(leadSeconds: 60, limitC: 40, windowSeconds: 120, knowsPlan: plan))
  }

  @Test("blocks of time keep what a row looks at apart, and runs are never split") func splits() {
    let time = data(runs: 1)
    let split = WarningSplit(time, rule: .blocks(5))
    #expect(split.folds.count == 5)
    #expect(split.folds.flatMap(\.test).sorted() == Array(0..<time.count))
    for fold in split.folds {
      let test = fold.test.map { time.instant($0) }
      let (low, high) = (test.min() ?? 0, test.max() ?? 0)
      for row in fold.training {
        let instant = time.instant(row)
        // What a row looks back and ahead: 120 s and 60 s.
        #expect(instant < low - 180 || instant > high + 180)
      }
      #expect(fold.training.count + fold.test.count + fold.purged == time.count)
      #expect(fold.purged > 0)
    }
    let runs = data(runs: 8)
    for rule in [WarningSplit.Rule.blocks(4), .first(share: 0.7)] {
      for fold in WarningSplit(runs, rule: rule).folds {
        let training = Set(fold.training.map { runs.run[$0] })
        #expect(training.isDisjoint(with: fold.test.map { runs.run[$0] }))
      }
    }
    #expect(
      WarningSplit(runs, rule: .first(share: 0.7)).words
        == "fitted on the first 6 of 8 runs, scored on the others")
  }

  @Test("with the plan a body of one node is foreseen, without it the trend is not beaten blindly")
  func study() throws {
    let known = data(runs: 8, plan: true)
    let study = try WarningStudy(
      known, split: WarningSplit(known, rule: .blocks(4)),
      kinds: [.ridge, .logistic, .boosting, .twin], falseShare: 0.01, seed: 1)
    #expect(study.scores.map(\.kind) == WarningModel.Kind.allCases)
    func score(_ kind: WarningModel.Kind) throws -> WarningScore {
      try #require(study.scores.first { $0.kind == kind })
    }
    // 0.05 K of noise at both ends alone make 0.05·√(1 + e^(−0.4))·√(2/π) = 0.052 K; nobody can err less. A separate
    // computation with NumPy on other draws errs by 0.078 K, as no time constant that is tried is 300 s.
    #expect((0.047...0.1).contains(try score(.twin).meanAbsoluteErrorK))
    #expect(try score(.twin).meanAbsoluteErrorK < 0.2 * score(.noChange).meanAbsoluteErrorK)
    #expect(try score(.hotNow).areaUnderCurve == 0.5)
    #expect(try score(.hotNow).averagePrecision == score(.hotNow).baseRate)
    #expect(try score(.twin).averagePrecision > score(.trend).averagePrecision)
    #expect(try score(.ridge).meanAbsoluteErrorK < score(.noChange).meanAbsoluteErrorK)
    #expect(study.auditedRows >= 12)
    let courses = study.courses([.twin, .noChange], most: 2)
    #expect(courses.count == 2)
    for course in courses {
      #expect(course.title.hasPrefix("the limit is reached at "))
      let onset = try #require(course.seconds.firstIndex(of: 0))
      #expect(course.temperatureC[onset] >= 40 && course.temperatureC[onset - 1] < 40)
      // A lead is six steps of 10 s: what 'no change' says of a step is what was measured six steps before.
      let said = try #require(course.foreseenC[.noChange])
      for k in said.indices.dropFirst(6) where course.seconds[k] - course.seconds[k - 6] == 60 {
        #expect(said[k] == course.temperatureC[k - 6])
      }
    }
    let twin = try #require(study.twin)
    #expect(isClose(twin.coolingS, 300, relative: 0.25))
    let pair = try #require(PairedErrors(score(.twin), against: score(.noChange), in: study))
    #expect(pair.isBetter && pair.blocks == 8)
    for (_, shares) in study.importances {
      #expect(isClose(shares.reduce(0) { $0 + $1.share }, 1, relative: 1e-9))
    }
  }

  @Test("leaks look better than the same model without them") func leaks() throws {
    let data = data(runs: 1)
    let study = try WarningStudy(
      data, split: WarningSplit(data, rule: .blocks(5)), kinds: [.boosting], falseShare: 0.01,
      seed: 1)
    let leaks = try LeakedScore.all(study, seed: 1)
    #expect(leaks.map(\.measure) == ["mae_k", "mae_k", "f1"])
    #expect(leaks[0].leaked < leaks[0].honest && leaks[2].leaked > leaks[2].honest)
  }

  @Test("a limit that is never reached leaves alarms without a score") func never() throws {
    let frame = TelemetrySample.frame(TelemetrySample.heated(600, by: Self.body, seed: 2))
    let data = WarningData(
      [frame], task: WarningTask(leadSeconds: 30, limitC: 300, windowSeconds: 60))
    let study = try WarningStudy(
      data, split: WarningSplit(data, rule: .blocks(3)), kinds: [.logistic, .ridge],
      falseShare: 0.01, seed: 1)
    for score in study.scores {
      #expect(score.alarms.onsets == 0 && score.averagePrecision.isNaN && score.f1.isNaN)
    }
    #expect(study.remarks.count == 3)
    #expect(throws: WarningStudy.Refusal.self) {
      let short = WarningData(
        [TelemetrySample.frame(TelemetrySample.heated(20, by: Self.body, seed: 2))],
        task: data.task)
      _ = try WarningStudy(
        short, split: WarningSplit(short, rule: .blocks(3)), kinds: [], falseShare: 0.01, seed: 1)
    }
  }
}
