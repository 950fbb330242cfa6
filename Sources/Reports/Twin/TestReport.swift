import Documents
package import Twin

/// What a test protocol came to, step by step and cycle by cycle.
package struct TestReport: Sendable {
  let name: String
  let records: [TestRecord]
  let cycles: [TestCycle]

  /// Prepares the report of a run.
  package init(_ test: TestProtocol, records: [TestRecord]) {
    name = test.name
    self.records = records
    cycles = TestCycle.cycles(records)
  }

  /// Both tables for a terminal.
  var text: String {
    let steps = "\nProtocol '\(name)', step by step:\n" + TestRecord.measures.table(records).text
    guard !cycles.isEmpty else { return steps }
    return steps + "\nCycle by cycle, at the terminals of the pack:\n"
      + TestCycle.measures.table(cycles).text
  }

  /// Steps and cycles.
  var json: JSONValue {
    [
      "name": .string(name), "steps": TestRecord.measures.list(records),
      "cycles": TestCycle.measures.list(cycles),
    ]
  }

  /// The steps as a file.
  package var csv: String { TestRecord.measures.csv(records) }
}
