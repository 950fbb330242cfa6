/// Which marks the numbers of a table have before their fraction and between their thousands.
///
/// A mark that stands last beside another one, or before other than three digits, is that of the fraction; one that
/// stands several times, or before the other, is that of thousands. One mark before exactly three digits can be
/// either.
package struct NumberStyle {
  /// Two cells of one column that raise a doubt.
  package struct Doubt: Sendable, Hashable {
    /// A cell with a mark before three digits.
    package let marked: String
    /// A cell of the same column without any mark.
    package let plain: String
  }

  private struct Column {
    var marked: String?
    var plain: String?
    var isClear = false
  }

  private var commaFractions = 0
  private var pointFractions = 0
  private var commaGroups = 0
  private var pointGroups = 0
  private var commaDoubts = 0
  private var pointDoubts = 0
  private var columns: [Column] = []

  private static let comma = UInt8(ascii: ",")
  private static let point = UInt8(ascii: ".")

  /// Adds a cell.
  mutating func add(_ bytes: Span<UInt8>, from start: Int, to end: Int, column: Int) {
    var i = start
    while i < end,
      bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+")
    { i += 1 }
    guard i < end, end - i <= 40 else { return }
    let first = i
    var marks = 0
    var others = 0
    var lastMark = 0
    var mark: UInt8 = 0
    var isMixed = false
    var isGrouped = true
    var sinceMark = 0
    var headDigits = 0
    var hasOtherGroups = false
    while i < end {
      let byte = bytes[i]
      if byte &- 48 < 10 {
        sinceMark += 1
      } else if byte == NumberStyle.comma || byte == NumberStyle.point {
        if marks == 0 {
          headDigits = sinceMark
          if sinceMark > 3 { isGrouped = false }
        } else {
          if sinceMark != 3 { isGrouped = false }
          if byte != mark { isMixed = true }
        }
        mark = byte
        marks += 1
        lastMark = i
        sinceMark = 0
      } else if i > first, case let width = NumberScanner.groupMark(bytes, i, end), width > 0,
        i + width < end, bytes[i + width] &- 48 < 10
      {
        i += width - 1
        hasOtherGroups = true
        sinceMark = 0
      } else if i > first,
        byte == 0x20 || byte | 0x20 >= UInt8(ascii: "a") && byte < 0x80 || byte == UInt8(ascii: "%")
          || byte >= 0xC2
      {
        // A unit or an exponent may follow; what follows says nothing of the marks.
        others = end - i
        break
      } else {
        return
      }
      i += 1
    }
    let isComma = mark == NumberStyle.comma
    if columns.count <= column {
      columns += repeatElement(Column(), count: column + 1 - columns.count)
    }
    func text() -> String { bytes.text(start, end) }
    if marks == 0 {
      let count = i - first
      guard others == 0, !hasOtherGroups else { return }
      // Four digits without a mark between them show that thousands have none.
      if count > 3, bytes[first] != 48 { columns[column].isClear = true }
      if count == 2 || count == 3, bytes[first] != 48, columns[column].plain == nil {
        columns[column].plain = text()
      }
      return
    }
    if isMixed {
      guard isGrouped else { return }
      var same = 0
      for k in first..<i where bytes[k] == mark { same += 1 }
      guard same == 1, lastMark > first else { return }
      isComma ? (commaFractions += 1) : (pointFractions += 1)
      isComma ? (pointGroups += 1) : (commaGroups += 1)
      columns[column].isClear = true
    } else if marks > 1 {
      // Dates have points as well, but not before three digits each.
      guard isGrouped, sinceMark == 3, headDigits > 0 else { return }
      isComma ? (commaGroups += 1) : (pointGroups += 1)
    } else if sinceMark != 3 || headDigits == 0 || headDigits > 3 || bytes[first] == 48
      || hasOtherGroups
    {
      isComma ? (commaFractions += 1) : (pointFractions += 1)
      columns[column].isClear = true
    } else {
      isComma ? (commaDoubts += 1) : (pointDoubts += 1)
      if columns[column].marked == nil { columns[column].marked = text() }
    }
  }

  /// The way the numbers are written.
  ///
  /// - Parameters:
  ///   - delimiter: Separator of the cells. Where it is a comma, numbers with a point show that a comma is none.
  ///   - decimal: Decimal mark given by the user.
  /// - Returns: A scanner with the marks.
  func scanner(delimiter: UInt8, decimal: Character?) -> NumberScanner {
    let commas = NumberScanner(decimal: NumberStyle.comma, grouping: NumberStyle.point)
    if let decimal {
      return decimal == "," ? commas : NumberScanner(grouping: NumberStyle.comma)
    }
    let hasComma: Bool
    if commaFractions > 0, pointFractions > 0 {
      hasComma = delimiter != NumberStyle.comma
    } else if commaFractions > 0 || pointFractions > 0 {
      hasComma = commaFractions > 0
    } else if pointGroups > 0 || commaGroups > 0 {
      hasComma = pointGroups > 0
    } else {
      // Between other separators a comma before three digits is that of a fraction.
      hasComma = commaDoubts > 0 && pointDoubts == 0 && delimiter != NumberStyle.comma
    }
    if hasComma { return commas }
    return NumberScanner(grouping: commaGroups > 0 ? NumberStyle.comma : nil)
  }

  /// Columns in which the mark may be either, with cells that show it.
  func doubts(_ scanner: NumberScanner) -> [Int: Doubt] {
    guard scanner.decimal == NumberStyle.comma ? commaFractions == 0 : pointFractions == 0 else {
      return [:]
    }
    var found: [Int: Doubt] = [:]
    for (k, column) in columns.enumerated() where !column.isClear {
      guard let marked = column.marked, let plain = column.plain,
        scanner.number(marked).map({ abs($0) < 1000 }) == true
      else { continue }
      found[k] = Doubt(marked: marked, plain: plain)
    }
    return found
  }
}
