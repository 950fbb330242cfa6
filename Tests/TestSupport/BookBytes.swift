/// A workbook of Excel put together byte by byte.
public struct BookBytes {
  private var bytes: [UInt8] = []
  private var list: [UInt8] = []
  private var count = 0

  /// A zip archive of parts; those packed have one block of deflate that is stored.
  public init(_ parts: [(name: String, text: String)], packs: Bool = false, locks: Bool = false) {
    for part in parts { add(part.name, Array(part.text.utf8), packs: packs, locks: locks) }
  }

  private static func low(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The checksum that zip and gzip use.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private mutating func add(_ name: String, _ contents: [UInt8], packs: Bool, locks: Bool) {
    var packed = contents
    if packs {
      packed =
        [1] + BookBytes.low(contents.count, 2) + BookBytes.low(~contents.count, 2) + contents
    }
    let common =
      BookBytes.low(20, 2) + BookBytes.low(locks ? 1 : 0, 2) + BookBytes.low(packs ? 8 : 0, 2)
      + BookBytes.low(0, 4) + BookBytes.low(Int(BookBytes.checksum(contents)), 4)
      + BookBytes.low(packed.count, 4) + BookBytes.low(contents.count, 4)
      + BookBytes.low(name.utf8.count, 2) + BookBytes.low(0, 2)
    list +=
      [0x50, 0x4B, 1, 2] + BookBytes.low(20, 2) + common + BookBytes.low(0, 2)
      + BookBytes.low(0, 2) + BookBytes.low(0, 2) + BookBytes.low(0, 4)
      + BookBytes.low(bytes.count, 4) + Array(name.utf8)
    bytes += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + packed
    count += 1
  }

  /// The archive with its list at the end.
  public var archive: [UInt8] {
    bytes + list + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + BookBytes.low(count, 2)
      + BookBytes.low(count, 2) + BookBytes.low(list.count, 4) + BookBytes.low(bytes.count, 4)
      + [0, 0]
  }

  /// The parts of a workbook with some sheets.
  public static func parts(
    sheets: [(name: String, state: String, rows: String)], texts: String = "", styles: String = "",
    properties: String = ""
  ) -> [(name: String, text: String)] {
    let names = sheets.enumerated().map { k, sheet in
      "<sheet name=\"\(sheet.name)\" sheetId=\"\(k + 1)\" state=\"\(sheet.state)\" r:id=\"rId\(k + 1)\"/>"
    }
    let links = sheets.indices.map { k in
      "<Relationship Id=\"rId\(k + 1)\" Target=\"\(k == 0 ? "/xl/" : "")worksheets/s\(k + 1).xml\"/>"
    }
    return [
      (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"r\">\(properties)<sheets>\(names.joined())</sheets></workbook>"
      ),
      ("xl/_rels/workbook.xml.rels", "<Relationships>\(links.joined())</Relationships>"),
      ("xl/sharedStrings.xml", "<sst>\(texts)</sst>"),
      ("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>"),
    ]
      + sheets.enumerated().map { k, sheet in
        (
          "xl/worksheets/s\(k + 1).xml",
          "<worksheet><sheetData>\(sheet.rows)</sheetData></worksheet>"
        )
      }
  }
}
