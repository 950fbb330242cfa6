import Diagnostics
import Documents
import Foundation
import Testing

@Suite("Text files") struct TextFileTests {
  /// `a;b` and `1,5;Mängd` with a line end, in the encodings that spreadsheets write.
  static let text = "a;b\r\n1,5;Mängd €\n"

  static func utf16(_ text: String, low: Bool) -> [UInt8] {
    ([0xFEFF] + Array(text.utf16)).flatMap { unit in
      let halves = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return low ? halves : halves.reversed()
    }
  }

  @Test("encodings are recognised, named and brought to UTF-8", arguments: TextEncoding.allCases)
  func encodings(encoding: TextEncoding) throws {
    let bytes: [UInt8] =
      switch encoding {
      case .utf8: [0xEF, 0xBB, 0xBF] + Array(Self.text.utf8)
      case .utf16LittleEndian: Self.utf16(Self.text, low: true)
      case .utf16BigEndian: Self.utf16(Self.text, low: false)
      // In Windows-1252 the umlaut is one byte, 0xE4, and the euro 0x80.
      case .windows1252: Array("a;b\r\n1,5;M".utf8) + [0xE4] + Array("ngd ".utf8) + [0x80, 0x0A]
      }
    let file = try TextFile(bytes, path: "a.csv")
    #expect(String(decoding: file.bytes, as: UTF8.self) == Self.text)
    #expect(file.encoding == encoding)
    #expect(
      file.warnings.map(\.description)
        == (encoding == .windows1252
          ? [
            "a.csv:2:6: warning: the file is not UTF-8 and is read as Windows-1252\n"
              + "a.csv:2:6: note: save it as UTF-8 when names or units look wrong"
          ] : []))
  }

  @Test("JSON and YAML must be Unicode") func unicode() {
    let error = #expect(throws: InputError.self) {
      try TextFile(Array("a: M".utf8) + [0xE4], path: "a.yaml", isUnicode: true)
    }
    #expect(error?.description == "a.yaml:1:5: error: the file is not UTF-8; save it as UTF-8")
  }

  @Test("carriage returns alone end lines") func oldLines() throws {
    #expect(try document("a,b\r1,2\r").bytes == Array("a,b\n1,2\n".utf8))
    #expect(try document("a,b\r\n1,2\r\n").bytes == Array("a,b\r\n1,2\r\n".utf8))
  }

  @Test(
    "what is no text is refused with what to do",
    arguments: [
      Refused([0x50, 0x4B, 0x03, 0x04, 0, 0], "xl/workbook.xml", "Excel"),
      Refused([0xD0, 0xCF, 0x11, 0xE0], "", "Excel"),
      Refused(
        [0x50, 0x4B, 0x03, 0x04, 0], "application/vnd.oasis.opendocument.spreadsheet",
        "OpenDocument"),
      Refused([0x50, 0x4B, 0x03, 0x04, 0], "load.csv", "archive"),
      Refused([], "SQLite format 3\0", "SQLite"), Refused([], "PAR1", "Parquet"),
      Refused([], "%PDF-1.7\n", "PDF"),
      Refused([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "", "packed by xz"),
      Refused([], "BZh91AY&SY\u{1}", "packed by bzip2"),
      Refused([0x28, 0xB5, 0x2F, 0xFD, 1], "", "packed by zstd"),
      Refused([], "\u{FEFF}<?xml version=\"1.0\"?><feed/>", "XML"),
      Refused([], "\n<!DOCTYPE html><html></html>", "web page"),
      Refused([], "a,b\n1,\u{0}\n", "byte of zero"),
      Refused([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "", "UTF-32"),
      Refused([0xFF, 0xFE, 0x61], "", "UTF-16"),
      Refused([0xFF, 0xFE, 0x61, 0, 0x00, 0xD8, 0x61, 0], "", "half a character"),
    ])
  func refused(file: Refused) {
    let error = #expect(throws: InputError.self) { try TextFile(file.bytes, path: "load.bin") }
    #expect(error?.description.hasPrefix("load.bin") == true)
    #expect(error?.diagnostics.first?.message.contains(file.words) == true)
  }

  /// First bytes of a file, and what its refusal says.
  struct Refused: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let words: String
    var testDescription: String { words }

    init(_ mark: [UInt8], _ text: String, _ words: String) {
      bytes = mark + Array(text.utf8)
      self.words = words
    }
  }

  /// `printf 'time,load\n1,2\n' | gzip -n | od -An -tx1`.
  static let packed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2B, 0xC9, 0xCC, 0x4D,
    0xD5, 0xC9, 0xC9, 0x4F, 0x4C, 0xE1, 0x32, 0xD4, 0x31, 0xE2, 0x02, 0x00, 0xD9, 0x6E,
    0xEC, 0x5A, 0x0E, 0x00, 0x00, 0x00,
  ]

  @Test("a file packed by gzip is unpacked, all its members") func gzip() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("load.csv.gz", Self.packed + Self.packed)
    let file = try TextFile(path)
    #expect(String(decoding: file.bytes, as: UTF8.self) == "time,load\n1,2\ntime,load\n1,2\n")
  }

  @Test("a packed file that is cut or damaged is refused") func damaged() {
    let cut = #expect(throws: InputError.self) {
      try TextFile(Array(Self.packed.dropLast(9)), path: "a.gz")
    }
    #expect(cut?.description == "a.gz: error: the file is packed by gzip and ends too early")
    var bytes = Self.packed
    bytes[bytes.count - 6] ^= 1
    let damaged = #expect(throws: InputError.self) { try TextFile(bytes, path: "a.gz") }
    #expect(damaged?.description == "a.gz: error: the file is packed by gzip and damaged")
  }

  @Test("a file that is not there and a folder are named") func problems() throws {
    let folder = try ScratchFolder()
    #expect(TextFile.problem(of: folder.path) == "a folder, not a file")
    #expect(TextFile.problem(of: folder.path + "/x") == "no such file")
    #expect(TextFile.problem(of: try folder.file("y", [])) == nil)
    for (path, words) in [
      (folder.path, "a folder, not a file"), (folder.path + "/x", "no such file"),
      ("/proc/self/mem", "the file cannot be read: Input/output error"),
    ] {
      let error = #expect(throws: InputError.self) { try TextFile(path) }
      #expect(error?.description == "\(path): error: \(words)")
    }
  }

  @Test("a pipe is read to its end") func pipe() throws {
    let pipe = Pipe()
    let text = Data(repeating: UInt8(ascii: "x"), count: 200_000)
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    let writer = Thread {
      try? pipe.fileHandleForWriting.write(contentsOf: text)
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    #expect(try TextFile("/dev/fd/\(descriptor)").bytes.count == 200_000)
  }
}

@Suite("Files written") struct FileWriterTests {
  @Test("a file appears when it is whole, and an older one stays until then") func whole() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.txt", Array("old".utf8))
    func contents() throws -> String { String(decoding: try TextFile(path).bytes, as: UTF8.self) }
    do {
      let writer = try FileWriter(path)
      try writer.write("given up")
    }
    #expect(try contents() == "old")
    let writer = try FileWriter(path)
    try writer.write("new ")
    #expect(try contents() == "old")
    try writer.write("text")
    try writer.finish()
    #expect(try contents() == "new text")
    try FileWriter.append(", more", to: path)
    #expect(try contents() == "new text, more")
    #expect(try folder.names == ["a.txt"])
  }

  @Test("a file that cannot be written is named with the reason") func failures() throws {
    let folder = try ScratchFolder()
    let inTheWay = try folder.file("out", [])
    for (path, reason) in [
      ("\(folder.path)/no/a.csv", "No such file or directory"),
      ("\(inTheWay)/a.csv", "Not a directory"), ("/dev/full", "No space left on device"),
    ] {
      let failure = #expect(throws: WriteFailure.self) { try FileWriter.write("x", to: path) }
      #expect(failure?.description == "'\(path)' cannot be written: \(reason)")
    }
  }

  @Test("a link stays, and the file that it leads to is written") func links() throws {
    let folder = try ScratchFolder()
    let real = try folder.file("real.csv", Array("old".utf8))
    let link = "\(folder.path)/link.csv"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
    try FileWriter.write("new", to: link)
    #expect(try String(contentsOfFile: real, encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == real)
    #expect(try folder.names == ["link.csv", "real.csv"])
  }

  @Test("another writer's file appears when it is whole, or not at all") func others() throws {
    let folder = try ScratchFolder()
    let place = try folder.file("p.lp", Array("old".utf8))
    #expect {
      try FileWriter.whole(place) { path in
        FileManager.default.createFile(atPath: path, contents: Data("half".utf8)) ? "it broke" : ""
      }
    } throws: {
      "\($0)" == "'\(place)' cannot be written: it broke"
    }
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "old")
    try FileWriter.whole(place) { path in
      FileManager.default.createFile(atPath: path, contents: Data("whole".utf8)) ? nil : "no"
    }
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "whole")
    #expect(try folder.names == ["p.lp"])
  }

  @Test("folders are made with those they lie in") func folders() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/a/b/c"
    try FileWriter.makeFolder(path)
    try FileWriter.makeFolder(path + "/")
    try FileWriter.write("x", to: path + "/d")
    #expect(try TextFile(path + "/d").bytes == [UInt8(ascii: "x")])
  }
}
