import Foundation
import Testing

/// Columns of a reference file, by header.
struct ReferenceTable {
  let columns: [String: [Double]]
  let count: Int

  init(_ relative: String, in folder: String) throws {
    let text = try String(contentsOfFile: folder + "/twin/" + relative, encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",").map(String.init)
    var columns = [[Double]](repeating: [], count: header.count)
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      for (index, field) in fields.enumerated() {
        columns[index].append(Double(field.trimmingCharacters(in: .whitespaces)) ?? .nan)
      }
    }
    self.columns = Dictionary(uniqueKeysWithValues: zip(header, columns))
    count = lines.count - 1
  }

  subscript(name: String) -> [Double] {
    columns[name] ?? []
  }
}

/// Returns the numbers of a JSON object.
func referenceJSON(_ relative: String, in folder: String) throws -> [String: Any] {
  let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/twin/" + relative))
  return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
}

/// Root mean square and largest absolute difference.
struct Deviation: CustomStringConvertible {
  private var squares = 0.0
  private(set) var largest = 0.0
  private var count = 0

  mutating func add(_ a: Double, _ b: Double) {
    let difference = abs(a - b)
    squares += difference * difference
    largest = difference > largest || difference.isNaN ? difference : largest
    count += 1
  }

  var rmse: Double { (squares / Double(max(1, count))).squareRoot() }
  var description: String { "rmse \(rmse), max \(largest)" }
}
