import Diagnostics
import TimeSeries

/// Workbooks of Excel: the first sheet that is shown, as CSV.
///
/// Dates are told by the formats of their cells and written as ISO 8601 without an offset; the numbers of cells are as
/// the file has them, not as a format shows them. A row of the sheet is the line of its number, and all lines have as
/// many cells.
enum Workbook {
  /// What a part needs of the others.
  struct Context {
    var texts: [String] = []
    /// What the number of a cell is, by its style.
    var styles: [CellFormat] = []
    /// True where dates count from 1904, as on old Macintosh computers.
    var countsFrom1904 = false
  }

  /// What stands for a mistake in the file, with what to do.
  static func failure(_ reason: String, path: String) -> InputError {
    InputError(
      "the file is an Excel workbook that cannot be read: \(reason); save the sheet as 'CSV UTF-8' "
        + "and use that file", at: SourcePosition(file: path))
  }

  /// Returns the first sheet as CSV, and what is worth knowing about it.
  ///
  /// - Throws: `InputError` when the workbook is damaged or locked.
  static func csv(
    _ bytes: [UInt8], path: String
  ) throws(InputError) -> (text: [UInt8], warnings: [Diagnostic]) {
    let archive = try ZipArchive(bytes, path: path)
    func tree(_ name: String) throws(InputError) -> XMLNode? {
      guard let part = try archive.part(name) else { return nil }
      do { return try XMLReader(file: path).read(part) } catch {
        throw failure("its part '\(name)' is no XML", path: path)
      }
    }
    guard let book = try tree("xl/workbook.xml") else {
      throw failure("it has no part 'xl/workbook.xml'", path: path)
    }
    let sheets = book["sheets"]?.children.filter { $0.name == "sheet" } ?? []
    let shown = sheets.filter { ($0.attributes["state"] ?? "visible") == "visible" }
    guard let sheet = shown.first else { throw failure("it shows no sheet", path: path) }
    let links = try tree("xl/_rels/workbook.xml.rels")?.children ?? []
    let link = sheet.attributes.first { $0.key == "id" || $0.key.hasSuffix(":id") }?.value
    let target = links.first { $0.attributes["Id"] == link }?.attributes["Target"]
    let place = target.map { $0.hasPrefix("/") ? String($0.dropFirst()) : "xl/\($0)" }
    var context = Context()
    context.countsFrom1904 = ["1", "true"].contains(book["workbookPr"]?.attributes["date1904"])
    if let styles = try tree("xl/styles.xml") { context.styles = CellFormat.all(styles) }
    if let texts = try archive.part("xl/sharedStrings.xml") {
      let reader = SharedTexts()
      do { try XMLReader(file: path).scan(texts, to: reader) } catch {
        throw failure("its part 'xl/sharedStrings.xml' is no XML", path: path)
      }
      context.texts = reader.texts
    }
    let name = place ?? "xl/worksheets/sheet1.xml"
    guard let part = try archive.part(name) else {
      throw failure("it has no part '\(name)'", path: path)
    }
    let reader = SheetReader(context)
    do { try XMLReader(file: path).scan(part, to: reader) } catch {
      throw failure("its part '\(name)' is no XML", path: path)
    }
    if let reason = reader.problem ?? reader.stray { throw failure(reason, path: path) }
    let text = reader.csv
    guard !text.isEmpty else {
      throw failure("its sheet '\(sheet.attributes["name"] ?? "")' is empty", path: path)
    }
    let others = shown.dropFirst().map { "'\($0.attributes["name"] ?? "")'" }
    return (
      text,
      others.isEmpty
        ? []
        : [
          .warning(
            "the workbook has \(shown.count) sheets; '\(sheet.attributes["name"] ?? "")' is read, "
              + "not \(others.joined(separator: ", "))", at: SourcePosition(file: path))
        ]
    )
  }
}

/// What a format makes of the number of a cell.
struct CellFormat: Equatable {
  /// Whether it shows a day.
  var hasDay = false
  /// Whether it shows a time of the day.
  var hasTime = false

  /// The formats of the styles of a workbook, in their order.
  static func all(_ styles: XMLNode) -> [CellFormat] {
    var custom: [String: CellFormat] = [:]
    for format in styles["numFmts"]?.children ?? [] {
      guard let id = format.attributes["numFmtId"], let code = format.attributes["formatCode"]
      else { continue }
      custom[id] = CellFormat(code: code)
    }
    return (styles["cellXfs"]?.children ?? []).filter { $0.name == "xf" }.map { style in
      let id = style.attributes["numFmtId"] ?? "0"
      return custom[id] ?? CellFormat(number: Int(id) ?? 0)
    }
  }

  /// A format that every workbook has without saying so: ECMA-376, part 1, 18.8.30, with those of East Asia.
  init(number: Int) {
    switch number {
    case 14...17, 27...31, 36, 50...54, 57, 58: hasDay = true
    case 18...21, 32...35, 45...47, 55, 56: hasTime = true
    case 22: (hasDay, hasTime) = (true, true)
    default: break
    }
  }

  /// A format by its code, such as `dd.mm.yyyy hh:mm`; colours, words and escaped characters do not count.
  init(code: String) {
    var inside: Character?
    var isEscaped = false
    var bracket = ""
    var months = 0
    // What stands behind a semicolon is for negative numbers and texts.
    scan: for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if inside == "\"" {
        if character == "\"" { inside = nil }
      } else if inside == "]" {
        if character == "]" {
          inside = nil
          // Hours, minutes or seconds that go on beyond a day.
          if !bracket.isEmpty, bracket.allSatisfy({ "hms".contains($0) }) { hasTime = true }
        } else {
          bracket.append(character)
        }
      } else {
        switch character {
        case "\\", "_", "*": isEscaped = true
        case "\"": inside = "\""
        case "[": (inside, bracket) = ("]", "")
        case ";": break scan
        case "y", "d": hasDay = true
        case "h", "s": hasTime = true
        case "m": months += 1
        default: break
        }
      }
    }
    // Alone, an m is a month; beside hours or seconds it is a minute, beside days nothing new.
    if months > 0, !hasTime { hasDay = true }
  }

  /// Returns a number as the date or time that it is.
  ///
  /// - Parameters:
  ///   - serial: Days since the start of the workbook's calendar.
  ///   - countsFrom1904: Whether that is 1904-01-01; else day 1 is 1900-01-01, with a 29th of February that never was.
  /// - Returns: ISO 8601; nothing for a plain number, or one that no calendar has.
  func text(_ serial: Double, countsFrom1904: Bool) -> String? {
    guard hasDay || hasTime, serial >= 0, serial < 2_958_466 else { return nil }
    let milliseconds = Int((serial * 86_400_000).rounded())
    let (day, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
    let clock = CellFormat.clock(rest)
    if !hasDay, day == 0 { return clock }
    // The end of a day as a time of its own.
    if !hasDay, day == 1, rest == 0 { return "24:00:00" }
    // 24,107 days lie between 1904-01-01 and 1970-01-01, 25,569 between 1899-12-30 and it.
    let number = countsFrom1904 ? day - 24_107 : day - (day < 60 ? 25_568 : 25_569)
    let date = dateText(number)
    return hasTime || rest != 0 ? "\(date)T\(clock)" : date
  }

  private static func clock(_ milliseconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let seconds = milliseconds / 1000
    let part = milliseconds % 1000
    let fraction = part == 0 ? "" : "." + String("00\(part)".suffix(3))
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))\(fraction)"
  }
}

/// The texts that cells of a workbook share.
private final class SharedTexts: XMLHandler {
  private(set) var texts: [String] = []
  private var isInText = false
  /// Depth of readings that stand above a text and are no part of it.
  private var phonetic = 0

  func open(_ name: String, _ attributes: [String: String], line: Int) {
    switch name {
    case "si": texts.append("")
    case "t": isInText = phonetic == 0
    case "rPh": phonetic += 1
    default: break
    }
  }

  func close(_ name: String) {
    if name == "t" { isInText = false }
    if name == "rPh" { phonetic -= 1 }
  }

  func add(_ text: String) {
    if isInText, !texts.isEmpty { texts[texts.count - 1] += text }
  }
}

/// The cells of a sheet, row by row.
private final class SheetReader: XMLHandler {
  private let context: Workbook.Context
  /// What cannot be read, if anything.
  private(set) var problem: String?
  /// Rows without cells that are missing at their ends.
  private var bytes: [UInt8] = []
  private var rows: [(number: Int, cells: Int, bytes: Range<Int>)] = []
  private var column = 0
  private var cellsOfRow = 0
  private var rowStart = 0
  private var kind = ""
  private var style = 0
  private var isInValue = false
  private var text = ""

  /// Rows and columns that a sheet can have.
  private static let mostRows = 1_048_576
  private static let mostColumns = 16_384

  init(_ context: Workbook.Context) { self.context = context }

  func open(_ name: String, _ attributes: [String: String], line: Int) {
    switch name {
    case "row":
      let number = attributes["r"].flatMap { Int($0) } ?? (rows.last?.number ?? 0) + 1
      guard number > rows.last?.number ?? 0, number <= SheetReader.mostRows else {
        problem = problem ?? "its rows are not in order"
        return
      }
      rows.append((number, 0, bytes.count..<bytes.count))
      (column, cellsOfRow, rowStart) = (0, 0, bytes.count)
    case "c":
      column = attributes["r"].map { SheetReader.column($0) } ?? column + 1
      guard column > cellsOfRow, column <= SheetReader.mostColumns else {
        problem = problem ?? "the cells of row \(rows.last?.number ?? 0) are not in order"
        return
      }
      kind = attributes["t"] ?? "n"
      style = attributes["s"].flatMap { Int($0) } ?? 0
      text = ""
    case "v", "t": isInValue = true
    default: break
    }
  }

  func add(_ part: String) {
    if isInValue { text += part }
  }

  func close(_ name: String) {
    switch name {
    case "v", "t": isInValue = false
    case "c":
      guard problem == nil, !rows.isEmpty else { return }
      let value = value
      if value.isEmpty { return }
      for _ in max(1, cellsOfRow)..<max(1, column) { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: SheetReader.cell(value).utf8)
      cellsOfRow = column
    case "row":
      guard problem == nil, !rows.isEmpty else { return }
      rows[rows.count - 1].cells = cellsOfRow
      rows[rows.count - 1].bytes = rowStart..<bytes.count
    default: break
    }
  }

  /// The value of the cell that was read, as text.
  private var value: String {
    switch kind {
    case "s":
      guard let place = Int(trimmedText(text)), context.texts.indices.contains(place) else {
        problem = problem ?? "row \(rows.last?.number ?? 0) refers to a text that it does not have"
        return ""
      }
      return context.texts[place]
    case "b": return text == "1" ? "TRUE" : "FALSE"
    case "n":
      guard context.styles.indices.contains(style),
        let number = NumberScanner().number(trimmedText(text))
      else {
        return text
      }
      return context.styles[style].text(number, countsFrom1904: context.countsFrom1904) ?? text
    default: return text
    }
  }

  /// Empty cells that rows may be filled up with besides twice as many bytes as the cells have.
  private static let mostEmptyCells = 1 << 24

  /// A row so much wider than the others that filling them up would be most of the text.
  var stray: String? {
    guard let widest = rows.max(by: { $0.cells < $1.cells }) else { return nil }
    let empty = rows.reduce(0) { $1.cells > 0 ? $0 + widest.cells - $1.cells : $0 }
    guard empty > Self.mostEmptyCells + 2 * bytes.count else { return nil }
    return
      "row \(widest.number) has a cell in column \(widest.cells), far beyond those of the others"
  }

  /// The rows as CSV, each on the line of its number.
  var csv: [UInt8] {
    let width = rows.map(\.cells).max() ?? 0
    guard width > 0 else { return [] }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + rows.count * 2)
    var line = 1
    for row in rows where row.cells > 0 {
      while line < row.number {
        result.append(0x0A)
        line += 1
      }
      result += bytes[row.bytes]
      for _ in row.cells..<width { result.append(UInt8(ascii: ",")) }
      result.append(0x0A)
      line += 1
    }
    return result
  }

  /// The number of a column by the name of a cell, such as 28 for `AB7`; 0 for none.
  private static func column(_ name: String) -> Int {
    var number = 0
    for byte in name.utf8 {
      guard byte >= 0x41, byte <= 0x5A, number <= mostColumns else { break }
      number = number * 26 + Int(byte - 0x40)
    }
    return number
  }

  /// A text as a cell on one line.
  private static func cell(_ text: String) -> String {
    let flat = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    guard flat.contains(where: { $0 == "," || $0 == ";" || $0 == "\"" }) else { return flat }
    return "\"" + flat.replacing("\"", with: "\"\"") + "\""
  }
}
