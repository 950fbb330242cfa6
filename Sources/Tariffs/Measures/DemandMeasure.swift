/// Which metered powers become the billed demand of a month.
///
/// What a measure means stands in one type (``DemandMeasureRule``): its keys in documents, its checks,
/// its bill and what plans are told of it. ``kinds`` is the only list of them.
package struct DemandMeasure: Sendable, Hashable {
  /// What the measure means.
  let rule: any DemandMeasureRule

  /// All kinds of measure, the usual one first.
  package static let kinds: [DemandMeasureKind] = [
    DemandMeasureKind(MonthlyPeak.self), DemandMeasureKind(SinglePeak.self),
    DemandMeasureKind(DailyPeak.self), DemandMeasureKind(MeanOfHighest.self),
    DemandMeasureKind(MeanOfMonthlyPeaks.self), DemandMeasureKind(YearlyPeak.self),
    DemandMeasureKind(YearlyPeakInWindows.self),
  ]

  /// Wraps what a measure means.
  init(_ rule: any DemandMeasureRule) { self.rule = rule }

  /// Name in tariff documents.
  package var name: String { type(of: rule).name }
  /// Keys in tariff documents with their values.
  package var parameters: [(parameter: DemandParameter, value: DemandParameter.Value)] {
    Array(zip(type(of: rule).parameters, rule.values))
  }

  package static func == (a: DemandMeasure, b: DemandMeasure) -> Bool {
    a.name == b.name && a.rule.values == b.rule.values
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(rule.values)
  }
}

/// A kind of measure as documents name it.
package struct DemandMeasureKind: Sendable {
  /// Name in tariff documents.
  package let name: String
  /// Keys beside `measure`.
  package let parameters: [DemandParameter]
  private let make: @Sendable ([DemandParameter.Value]) -> DemandMeasure

  init<Rule: DemandMeasureRule>(_ rule: Rule.Type) {
    name = Rule.name
    parameters = Rule.parameters
    make = { DemandMeasure(Rule($0)) }
  }

  /// Returns the measure with values of the parameters, one each in their order and of their form.
  package func measure(_ values: [DemandParameter.Value]) -> DemandMeasure { make(values) }
}

/// A key of a measure in tariff documents.
package struct DemandParameter: Sendable, Hashable {
  /// What the key takes and what holds where it is left out.
  package enum Form: Sendable, Hashable {
    /// A whole number of a range.
    case wholeNumber(ClosedRange<Int>, standard: Int)
    /// True or false.
    case flag(standard: Bool)
    /// Powers, zero or more each; none where left out. [kW]
    case powersKW
  }

  /// What a key holds.
  package enum Value: Sendable, Hashable {
    /// A whole number.
    case wholeNumber(Int)
    /// True or false.
    case flag(Bool)
    /// Powers. [kW]
    case powersKW([Double])

    /// The whole number; zero for a value of another form.
    var wholeNumber: Int { if case .wholeNumber(let number) = self { number } else { 0 } }
    /// The flag; false for a value of another form.
    var flag: Bool { if case .flag(let flag) = self { flag } else { false } }
    /// The powers; none for a value of another form. [kW]
    var powersKW: [Double] { if case .powersKW(let powers) = self { powers } else { [] } }
  }

  /// The key.
  package let key: String
  /// What it takes.
  package let form: Form
}
