import Documents

/// A figure that people and programs see, declared once.
///
/// Tables for a terminal and for HTML, CSV, JSON, the scores in the store and the documentation of
/// outputs are made from lists of measures; their order is the order of columns.
package struct Measure<Subject>: Sendable {
  /// Name of the column in CSV and of the score in the store; it ends in the unit.
  package let key: String
  /// Place in JSON: keys of nested objects joined by dots.
  package let path: String
  /// Heading in tables, without the unit.
  package let header: String
  /// Whether the heading of a table names the unit.
  package let namesUnit: Bool
  /// Unit.
  package let unit: MeasureUnit
  /// Decimals in tables; of the percentage for a fraction.
  package let decimals: Int
  /// What it means, in a sentence.
  package let meaning: String
  /// Where it is shown.
  package private(set) var places: MeasurePlaces
  /// What stands in JSON where the subject has no value; nothing where the key is left out then.
  private let jsonDefault: JSONValue?
  private let value: @Sendable (Subject) -> MeasureValue
  private let words: (@Sendable (Subject) -> String)?
  private let sentences: @Sendable (Subject) -> [String]

  /// Declares a measure.
  ///
  /// - Parameters:
  ///   - key: Name of the CSV column, ending in the unit.
  ///   - path: Place in JSON; the key without.
  ///   - header: Heading in tables; a measure without one stands in no table.
  ///   - namesUnit: Whether the heading names the unit.
  ///   - unit: Unit.
  ///   - decimals: Decimals in tables.
  ///   - places: Files it stands in besides tables.
  ///   - jsonDefault: What stands in JSON where there is no value.
  ///   - isOptional: Whether JSON has no key where there is no value.
  ///   - meaning: What it means, in a sentence.
  ///   - words: Text in tables where it is not the number with its decimals.
  ///   - remark: What is told of a count above zero below tables, to be read after the number.
  ///   - sentences: What else is told below tables.
  ///   - value: Returns the value of a subject.
  init(
    _ key: String, path: String? = nil, header: String? = nil, namesUnit: Bool = true,
    unit: MeasureUnit = .none, decimals: Int = 2, in places: MeasurePlaces = .files,
    jsonDefault: JSONValue = .null, isOptional: Bool = false, _ meaning: String,
    words: (@Sendable (Subject) -> String)? = nil, remark: String? = nil,
    sentences: @escaping @Sendable (Subject) -> [String] = { _ in [] },
    value: @escaping @Sendable (Subject) -> MeasureValue
  ) {
    self.key = key
    self.path = path ?? key
    self.header = header ?? ""
    self.namesUnit = namesUnit
    self.unit = unit
    self.decimals = decimals
    self.places = header == nil ? places : places.union(.table)
    self.jsonDefault = isOptional ? JSONValue?.none : jsonDefault
    self.meaning = meaning
    self.words = words
    self.value = value
    self.sentences = { subject in
      guard let remark, let count = value(subject).number, count > 0 else {
        return sentences(subject)
      }
      return ["\(Int(count)) \(remark)"] + sentences(subject)
    }
  }

  /// Takes over the measure of a part.
  ///
  /// - Parameters:
  ///   - measure: The measure of the part.
  ///   - group: Object of the JSON that it stands in; none without.
  ///   - part: Returns the part.
  init<Part>(
    _ measure: Measure<Part>, group: String?, of part: @escaping @Sendable (Subject) -> Part
  ) {
    key = measure.key
    path = group.map { "\($0).\(measure.path)" } ?? measure.path
    header = measure.header
    namesUnit = measure.namesUnit
    unit = measure.unit
    decimals = measure.decimals
    places = measure.places
    jsonDefault = measure.jsonDefault
    meaning = measure.meaning
    let value = measure.value
    self.value = { value(part($0)) }
    if let words = measure.words {
      self.words = { words(part($0)) }
    } else {
      words = nil
    }
    let sentences = measure.sentences
    self.sentences = { sentences(part($0)) }
  }

  /// The same measure without a column in tables.
  var outsideTables: Measure {
    var measure = self
    measure.places.remove(.table)
    return measure
  }

  /// Returns the heading of its column in tables.
  func heading(currency: String) -> String {
    let unit = unit.text(currency: currency)
    return namesUnit && !unit.isEmpty ? "\(header) \(unit)" : header
  }

  /// Returns the value for people; a dash stands for one that does not exist.
  package func text(_ subject: Subject) -> String {
    words?(subject) ?? value(subject).text(decimals: decimals, isFraction: unit == .fraction)
  }

  /// Returns a number as the measure's values are written for people.
  func text(_ number: Double) -> String {
    MeasureValue.number(number).text(decimals: decimals, isFraction: unit == .fraction)
  }

  /// Returns what is told below tables; nothing for a count of zero.
  func remarks(_ subject: Subject) -> [String] { sentences(subject) }

  /// Returns the value in a CSV file; one that does not exist is empty.
  func csv(_ subject: Subject) -> String { value(subject).csv }

  /// Returns the value in JSON; nothing where the key is left out.
  func json(_ subject: Subject) -> JSONValue? { value(subject).json ?? jsonDefault }

  /// Returns the value as a number; nothing where it is none.
  func number(_ subject: Subject) -> Double? { value(subject).number }
}
