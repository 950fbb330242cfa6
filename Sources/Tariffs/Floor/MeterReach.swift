/// What a site with a battery can meter at least and at most, whoever controls it.
///
/// The least is asked for only where prices fall with the quantity, for finding it takes a plan.
package final class MeterReach {
  /// Highest import of every slot. [kW]
  package let mostKW: [Double]
  private let leastKWh: (_ slots: Range<Int>, _ applies: [Bool]) -> Double
  private let leastKW: (_ slots: Range<Int>, _ applies: [Bool], _ meteringSlots: Int) -> Double
  private var known: [Question: Double] = [:]

  private struct Question: Hashable {
    let slots: Range<Int>
    let applies: [Bool]
    /// Slots of a metering interval; zero for energy.
    let meteringSlots: Int
  }

  /// Wraps what is known of a site.
  ///
  /// - Parameters:
  ///   - mostKW: Highest import of every slot. [kW]
  ///   - leastKWh: Returns the least energy imported in those of a month's slots that count; the second
  ///     argument has one value per slot of the month. [kWh]
  ///   - leastKW: Returns the least peak metered in those of a month's slots that count. [kW]
  package init(
    mostKW: [Double],
    leastKWh: @escaping (_ slots: Range<Int>, _ applies: [Bool]) -> Double,
    leastKW: @escaping (_ slots: Range<Int>, _ applies: [Bool], _ meteringSlots: Int) -> Double
  ) {
    self.mostKW = mostKW
    self.leastKWh = leastKWh
    self.leastKW = leastKW
  }

  /// Returns the least energy imported in those of a month's slots that count. [kWh]
  func leastKWh(_ slots: Range<Int>, _ applies: [Bool]) -> Double {
    answer(Question(slots: slots, applies: applies, meteringSlots: 0))
  }

  /// Returns the least peak metered in those of a month's slots that count. [kW]
  func leastKW(_ slots: Range<Int>, _ applies: [Bool], meteringSlots: Int) -> Double {
    answer(Question(slots: slots, applies: applies, meteringSlots: max(1, meteringSlots)))
  }

  private func answer(_ question: Question) -> Double {
    if let answer = known[question] { return answer }
    let answer =
      question.meteringSlots == 0
      ? leastKWh(question.slots, question.applies)
      : leastKW(question.slots, question.applies, question.meteringSlots)
    known[question] = max(0, answer)
    return max(0, answer)
  }
}
