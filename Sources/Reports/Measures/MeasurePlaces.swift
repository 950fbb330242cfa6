/// Files and texts that a measure stands in.
package struct MeasurePlaces: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
  /// JSON, under the measure's path.
  package static let json = MeasurePlaces(rawValue: 1)
  /// CSV and the scores of the store, under the measure's key.
  package static let csv = MeasurePlaces(rawValue: 2)
  /// Tables, under the measure's header.
  package static let table = MeasurePlaces(rawValue: 4)
  /// JSON and CSV.
  package static let files: MeasurePlaces = [.json, .csv]
}
