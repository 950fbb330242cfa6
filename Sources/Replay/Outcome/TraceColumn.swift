/// A column of numbers of a trace, declared once for files, charts, the store and documentation.
package struct TraceColumn: Sendable {
  /// Name in files and in the store, ending in the unit.
  package let key: String
  /// The values, one per interval; NaN where there is none.
  package let values: any WritableKeyPath<ReplayTrace, [Double]> & Sendable
  /// Name in charts.
  package let label: String
  /// What it means, in a sentence.
  package let meaning: String

  init(
    _ key: String, _ values: any WritableKeyPath<ReplayTrace, [Double]> & Sendable,
    _ label: String, _ meaning: String
  ) {
    self.key = key
    self.values = values
    self.label = label
    self.meaning = meaning
  }
}
