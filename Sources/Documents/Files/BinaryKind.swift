/// Files that are no text, told by their first bytes.
enum BinaryKind: CaseIterable {
  case workbook, oldWorkbook, openDocument, zip, database, parquet, pdf, xz, bzip2, zstandard
  case sevenZip, xml, html, other

  /// Recognises a file, or nothing when it may be text.
  init?(_ bytes: Span<UInt8>) {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      var i = offset
      for byte in text.utf8 {
        guard i < bytes.count, bytes[i] == byte else { return false }
        i += 1
      }
      return true
    }
    func starts(_ mark: [UInt8]) -> Bool {
      bytes.count >= mark.count && mark.indices.allSatisfy { bytes[$0] == mark[$0] }
    }
    func holds(_ text: String) -> Bool {
      (0..<min(bytes.count, 65_536)).contains { starts(text, at: $0) }
    }
    if starts([0x50, 0x4B, 0x03, 0x04]) {
      // The names of the parts stand in the archive as they are.
      self =
        holds("opendocument.spreadsheet") ? .openDocument : holds("xl/") ? .workbook : .zip
    } else if starts([0xD0, 0xCF, 0x11, 0xE0]) {
      self = .oldWorkbook
    } else if starts("SQLite format 3\0") {
      self = .database
    } else if starts("PAR1") {
      self = .parquet
    } else if starts("%PDF-") {
      self = .pdf
    } else if starts([0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
      self = .xz
    } else if starts("BZh") && bytes.count > 9 && starts("1AY&SY", at: 4) {
      self = .bzip2
    } else if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstandard
    } else if starts([0x37, 0x7A, 0xBC, 0xAF]) {
      self = .sevenZip
    } else {
      var at = starts([0xEF, 0xBB, 0xBF]) ? 3 : 0
      while at < bytes.count, bytes[at] == 0x20 || bytes[at] >= 9 && bytes[at] <= 13 { at += 1 }
      if starts("<?xml", at: at) {
        self = .xml
      } else if starts("<!DOCTYPE html", at: at) || starts("<html", at: at) {
        self = .html
      } else if !starts([0xFF, 0xFE]), !starts([0xFE, 0xFF]),
        (0..<min(bytes.count, 4096)).contains(where: { bytes[$0] == 0 })
      {
        self = .other
      } else {
        return nil
      }
    }
  }

  /// What the file is and what to do instead.
  func refusal(of path: String) -> String {
    switch self {
    case .workbook, .oldWorkbook:
      "the file is an Excel workbook; save the sheet as 'CSV UTF-8' and use that file"
    case .openDocument:
      "the file is an OpenDocument workbook; save the sheet as CSV and use that file"
    case .zip, .sevenZip: "the file is an archive; unpack it and use the file that it holds"
    case .xz, .bzip2, .zstandard:
      "the file is packed by \(packer); unpack it, or pack it with gzip instead"
    case .database: "the file is an SQLite database, not a text"
    case .parquet: "the file is in the Parquet format; save it as CSV and use that file"
    case .pdf: "the file is a PDF, not a table; ask its source for CSV"
    case .xml: "the file is XML; ask its source for CSV or JSON"
    case .html: "the file is a web page; what was downloaded is not the data"
    case .other: "the file is not a text: it holds a byte of zero; save it as CSV in UTF-8"
    }
  }

  private var packer: String {
    switch self {
    case .xz: "xz"
    case .bzip2: "bzip2"
    default: "zstd"
    }
  }
}
