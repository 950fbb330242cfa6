package import Documents

/// Measures of one kind of subject, in the order of columns, and what is made from them.
package struct MeasureList<Subject>: Sendable {
  /// The measures.
  package let measures: [Measure<Subject>]

  /// Lists measures.
  init(_ measures: [Measure<Subject>]) { self.measures = measures }

  /// Returns the measures of two lists, one after the other.
  package static func + (a: MeasureList, b: MeasureList) -> MeasureList {
    MeasureList(a.measures + b.measures)
  }

  /// Returns some of the measures, in the order of the list.
  package func only(_ keys: String...) -> MeasureList {
    MeasureList(measures.filter { keys.contains($0.key) })
  }

  /// Returns the measures whose keys pass a test, in the order of the list.
  func filtered(_ isWanted: (String) -> Bool) -> MeasureList {
    MeasureList(measures.filter { isWanted($0.key) })
  }

  /// Returns the measures of something that has such a subject for a part.
  ///
  /// - Parameters:
  ///   - group: Object of the JSON that they stand in; none without.
  ///   - part: Returns the part.
  /// - Returns: The measures.
  package func of<Whole>(
    group: String? = nil, _ part: @escaping @Sendable (Whole) -> Subject
  ) -> MeasureList<Whole> {
    MeasureList<Whole>(measures.map { Measure($0, group: group, of: part) })
  }

  /// The same measures without columns in tables.
  var outsideTables: MeasureList { MeasureList(measures.map(\.outsideTables)) }

  private func shown(in place: MeasurePlaces) -> [Measure<Subject>] {
    measures.filter { $0.places.contains(place) }
  }
}

/// Tables.
extension MeasureList {
  /// Returns the columns of a table; words stand left, numbers right.
  package func columns(
    currency: String = ""
  ) -> [(header: String, alignment: TextTable.Alignment)] {
    shown(in: .table).map { ($0.heading(currency: currency), $0.unit == .words ? .left : .right) }
  }

  /// Returns the cells of a row.
  package func row(_ subject: Subject) -> [String] { shown(in: .table).map { $0.text(subject) } }

  /// Returns the cells of a row that has values for some of the columns only, by key.
  func row(cells: [String: String]) -> [String] {
    shown(in: .table).map { cells[$0.key] ?? "–" }
  }

  /// Returns a table of some subjects.
  package func table(_ subjects: [Subject], currency: String = "") -> TextTable {
    var table = TextTable(columns(currency: currency))
    for subject in subjects { table.add(row(subject)) }
    return table
  }
}

/// Totals.
extension MeasureList {
  /// Returns the cells of a row of sums.
  ///
  /// - Parameters:
  ///   - subjects: What is summed up.
  ///   - name: What stands in the columns of words.
  ///   - keys: Measures that have no sum.
  /// - Returns: One cell per column.
  package func totals(_ subjects: [Subject], named name: String, without keys: String...)
    -> [String]
  {
    shown(in: .table).map { measure in
      if measure.unit == .words { return name }
      if keys.contains(measure.key) { return "" }
      return measure.text(subjects.reduce(0) { $0 + (measure.number($1) ?? 0) })
    }
  }
}

/// CSV.
extension MeasureList {
  /// Returns a whole file with its header.
  package func csv(_ subjects: [Subject]) -> String {
    let shown = shown(in: .csv)
    return
      ([shown.map(\.key)] + subjects.map { subject in shown.map { $0.csv(subject) } })
      .map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Returns the numbers of the CSV columns by name, without those that do not exist.
  package func scores(_ subject: Subject) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: shown(in: .csv).compactMap { measure in
        measure.number(subject).map { (measure.key, $0) }
      })
  }
}

/// JSON.
extension MeasureList {
  /// Returns an object with the values at their paths.
  package func json(_ subject: Subject) -> JSONValue {
    var object = JSONValue.object([:])
    for measure in shown(in: .json) {
      guard let value = measure.json(subject) else { continue }
      object.set(value, at: measure.path.split(separator: ".").map { String($0) }[...])
    }
    return object
  }

  /// Returns a list of objects, one per subject.
  package func list(_ subjects: [Subject]) -> JSONValue { .array(subjects.map { json($0) }) }
}
