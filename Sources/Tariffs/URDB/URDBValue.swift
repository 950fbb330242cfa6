import Diagnostics
import Documents
import TimeSeries

/// A value of a JSON rate record, its place in the record and in the file.
struct URDBValue: Sendable {
  /// The value itself.
  enum Content: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([URDBValue])
    case object([String: URDBValue])
  }

  let content: Content
  /// Place in the record, for example `energyratestructure[0][1].rate`.
  let path: String
  /// Place in the file.
  let position: SourcePosition

  /// Reads JSON.
  ///
  /// - Throws: `InputError` with the place where the bytes cease to be JSON.
  init(json bytes: [UInt8], file: String) throws(InputError) {
    let root = try JSONReader(file: file).read(bytes)
    self.init(root, path: "", lines: LineIndex(bytes, file: file))
  }

  /// Reads JSON that stands on one line of a file.
  init(json bytes: [UInt8], file: String, firstLine: Int) throws(InputError) {
    self = try URDBValue(json: bytes, file: file).moved(toLine: firstLine)
  }

  /// Wraps a value.
  init(content: Content, path: String, position: SourcePosition) {
    self.content = content
    self.path = path
    self.position = position
  }

  /// Returns the value with other places in the file.
  private func moved(toLine line: Int) -> URDBValue {
    var place = position
    place.line = line
    return mapped(path: { $0 }, position: { _ in place })
  }

  /// Returns the value below a path, all of it at one place.
  func placed(path prefix: String, at place: SourcePosition) -> URDBValue {
    mapped(path: { prefix + $0 }, position: { _ in place })
  }

  private func mapped(
    path: (String) -> String, position place: (SourcePosition) -> SourcePosition
  ) -> URDBValue {
    let content: Content =
      switch content {
      case .list(let items): .list(items.map { $0.mapped(path: path, position: place) })
      case .object(let fields): .object(fields.mapValues { $0.mapped(path: path, position: place) })
      default: content
      }
    return URDBValue(content: content, path: path(self.path), position: place(position))
  }

  private init(_ node: JSONNode, path: String, lines: LineIndex) {
    self.path = path
    position = lines.position(node.offset)
    content =
      switch node.content {
      case .null: .null
      case .boolean(let flag): .boolean(flag)
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case .list(let items):
        .list(
          items.enumerated().map { URDBValue($1, path: "\(path)[\($0)]", lines: lines) })
      case .members(let members):
        .object(
          Dictionary(
            members.map { name, value in
              let inner = path.isEmpty ? name : "\(path).\(name)"
              return (name, URDBValue(value, path: inner, lines: lines))
            }, uniquingKeysWith: { first, _ in first }))
      }
  }

  /// True for what exporters write in place of a field that is not there.
  var isEmpty: Bool {
    switch content {
    case .null: true
    case .list(let items): items.isEmpty
    case .text(let text): text.isEmpty
    default: false
    }
  }

  /// The number, also where a record writes it as text in plain digits with a point.
  var number: Double? {
    switch content {
    case .number(let value): return value.isFinite ? value : nil
    case .text(let text): return NumberScanner().number(text)
    default: return nil
    }
  }

  /// The number where it is whole and of a size that can be counted with.
  var wholeNumber: Int? {
    number.flatMap { abs($0) < 1e15 ? Int(exactly: $0) : nil }
  }

  /// True or false, also where a record writes it as text or as 1 and 0.
  var flag: Bool? {
    switch content {
    case .boolean(let flag): return flag
    case .text(let text) where ["true", "false"].contains(text.lowercased()):
      return text.lowercased() == "true"
    default: return number == 1 ? true : number == 0 ? false : nil
    }
  }

  /// The local day of a date, counted from 1970-01-01.
  ///
  /// Records write seconds or milliseconds since 1970, `2018-01-31…`, or either as `{"$date": …}`.
  var day: Int? {
    switch content {
    case .object(let fields): return fields["$date"]?.day
    case .text(let text) where number == nil:
      guard case .time(let day) = CivilText.date(String(text.prefix(10))) else { return nil }
      return day.dayNumber
    default:
      guard let seconds = wholeNumber else { return nil }
      return (abs(seconds) > 100_000_000_000 ? seconds / 1000 : seconds) / 86_400
    }
  }

  /// The text; of an object with the single member `$oid`, that text.
  var text: String? {
    switch content {
    case .text(let text): text
    case .object(let fields) where fields.count == 1: fields["$oid"]?.text
    default: nil
    }
  }

  var list: [URDBValue]? {
    guard case .list(let items) = content else { return nil }
    return items
  }

  var object: [String: URDBValue]? {
    guard case .object(let fields) = content else { return nil }
    return fields
  }

  /// The tiers of a period: a list, or as in the bulk download the only list of an object.
  var tiers: [URDBValue]? {
    if let list { return list }
    let lists = (object ?? [:]).filter { $0.key.lowercased().hasSuffix("tiers") }
    return lists.count == 1 ? lists.first?.value.list : nil
  }

  /// The value in a few words.
  var summary: String {
    switch content {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let text): text.count > 60 ? "\(text.prefix(57))..." : text
    case .list(let items): "a list of \(items.count)"
    case .object(let fields): "an object of \(fields.count)"
    }
  }
}
