package import Forecasting

extension ForecastCounts {
  /// Returns the counts of forecast slots that a result shows.
  ///
  /// - Parameters:
  ///   - places: The result.
  ///   - columns: Where its tables and CSV files have columns for them.
  /// - Returns: The measures.
  package static func measures(
    in places: ForecastCounter.Places, columns: ForecastCounter.Places = []
  ) -> MeasureList<ForecastCounts> {
    MeasureList(
      counters(in: places).map { counter in
        let isColumn = !columns.isDisjoint(with: counter.places)
        return Measure(
          counter.key, header: isColumn ? counter.header : nil, namesUnit: false, unit: .slots,
          in: isColumn ? .files : .json, counter.meaning
        ) { .integer(counter.count($0)) }
      })
  }
}

extension ForecastCounter {
  /// The words as a sentence.
  fileprivate var meaning: String { words.prefix(1).uppercased() + words.dropFirst() + "." }
}
