package import Diagnostics

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// A document read whole: its bytes in UTF-8, whatever they were on the disk.
///
/// Files that gzip packed are unpacked. UTF-8 and UTF-16 are told by their byte order marks, which are
/// left out; bytes that are no UTF-8 are taken for Windows-1252, with a warning. Of a workbook of Excel the first sheet
/// is taken, as CSV. What is no text at all is refused with what to do instead.
package struct TextFile: Sendable {
  /// Path as the user wrote it.
  package let path: String
  /// The text in UTF-8, without a byte order mark.
  package let bytes: [UInt8]
  /// How the text was encoded.
  package let encoding: TextEncoding
  /// What is worth knowing about the encoding.
  package let warnings: [Diagnostic]

  /// Reads a regular file, a pipe or a device to its end.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - isUnicode: Whether bytes that are no UTF-8 are refused: JSON and YAML know no other encodings.
  ///   - isXML: Whether the document is expected to be XML, which is refused elsewhere.
  /// - Throws: `InputError` that names the file and the reason.
  package init(
    _ path: String, isUnicode: Bool = false, isXML: Bool = false
  ) throws(InputError) {
    try self.init(try TextFile.contents(path), path: path, isUnicode: isUnicode, isXML: isXML)
  }

  /// Takes the bytes of a file that are already in memory.
  ///
  /// - Parameters:
  ///   - contents: The bytes as they are on the disk, packed or not.
  ///   - path: The name to use in messages.
  ///   - isUnicode: Whether bytes that are no UTF-8 are refused.
  ///   - isXML: Whether the document is expected to be XML.
  /// - Throws: `InputError` when they are no text, or packed and damaged.
  package init(
    _ contents: [UInt8], path: String, isUnicode: Bool = false, isXML: Bool = false
  ) throws(InputError) {
    self.path = path
    var contents = contents
    if Gzip.packs(contents.span) { contents = try Gzip.unpacked(contents, path: path) }
    if let kind = BinaryKind(contents.span), kind != .xml || !isXML {
      guard kind == .workbook, !isUnicode, !isXML else {
        throw InputError(kind.refusal(of: path), at: SourcePosition(file: path))
      }
      let sheet = try Workbook.csv(contents, path: path)
      (bytes, encoding, warnings) = (sheet.text, .utf8, sheet.warnings)
      return
    }
    let text = try TextEncoding.decoded(contents, path: path)
    if isUnicode, let warning = text.warnings.first {
      throw InputError("the file is not UTF-8; save it as UTF-8", at: warning.position)
    }
    encoding = text.encoding
    bytes = text.bytes
    warnings = text.warnings
  }

  /// Says why a path is not that of a file, or nothing when it is.
  package static func problem(of path: String) -> String? {
    guard let status = FileStatus(path) else { return reason() }
    return status.isFolder ? "a folder, not a file" : nil
  }

  /// True when something has this path.
  package static func exists(_ path: String) -> Bool {
    FileStatus(path) != nil
  }

  /// Returns the first bytes of a regular file; none of a pipe, which could not be read again, or of no file.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - count: How many at most.
  /// - Returns: The bytes as they are on the disk.
  package static func head(_ path: String, bytes count: Int) -> [UInt8] {
    // A pipe must not even be opened: closing it again would take its reader from whoever writes.
    guard FileStatus(path)?.isRegular == true else { return [] }
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var chunk = [UInt8](repeating: 0, count: count)
    let read = unsafe read(descriptor, &chunk, count)
    return Array(chunk.prefix(max(0, read)))
  }

  /// Reads the first lines of a large file, and all of any other.
  ///
  /// - Throws: `InputError` as for the whole file.
  package static func beginning(_ path: String) throws(InputError) -> TextFile {
    let head = head(path, bytes: headBytes)
    // Half a line, half a character and half of a packed file are of no use.
    let isWide = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
    guard head.count == headBytes, !isWide, !Gzip.packs(head.span),
      BinaryKind(head.span) != .workbook,
      let end = head.lastIndex(of: 0x0A)
    else { return try TextFile(path) }
    return try TextFile(Array(head[...end]), path: path)
  }

  /// Bytes that hold the header and the first rows of any table.
  private static let headBytes = 1 << 20

  /// Returns the bytes of a file as they are on the disk, whatever they mean.
  ///
  /// - Throws: `InputError` that names the file and the reason.
  package static func contents(_ path: String) throws(InputError) -> [UInt8] {
    func failure(_ message: String) -> InputError {
      InputError(message, at: SourcePosition(file: path))
    }
    guard let status = FileStatus(path) else { throw failure(reason()) }
    guard !status.isFolder else { throw failure("a folder, not a file") }
    guard status.isRegular else { return try PipeReader.contents(path) }
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure(reason()) }
    defer { close(descriptor) }
    guard status.size <= mostBytes else {
      throw failure("the file has more than \(mostBytes >> 30) GB")
    }
    var error: Int32 = 0
    // An array without room is one that all threads share, and its count would be written.
    var bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(1, status.size)) { buffer, count in
      while count < status.size {
        let part = unsafe read(
          descriptor, buffer.baseAddress?.advanced(by: count), status.size - count)
        if part < 0, errno == EINTR { continue }
        if part < 0 { error = errno }
        if part <= 0 { break }
        count += part
      }
    }
    // Some files of the system have no size, and a log may grow; read on until its end.
    if error == 0 { error = append(descriptor, to: &bytes, most: mostBytes) }
    errno = error
    if error == EFBIG { throw failure("the file has more than \(mostBytes >> 30) GB") }
    if error != 0 { throw failure(reason()) }
    return bytes
  }

  /// Larger files are a mistake. [byte]
  private static let mostBytes = 4 << 30

  /// Reads to the end.
  ///
  /// - Returns: The number of the system's error, `EFBIG` when there is more than is taken; 0 for none.
  static func append(_ descriptor: Int32, to bytes: inout [UInt8], most: Int) -> Int32 {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= most {
      let part = unsafe read(descriptor, &chunk, chunk.count)
      if part < 0, errno == EINTR { continue }
      if part < 0 { return errno }
      if part == 0 { return 0 }
      bytes.append(contentsOf: chunk[0..<part])
    }
    return EFBIG
  }

  /// Words for the error that the system reported last.
  static func reason() -> String {
    if errno == ENOENT { return "no such file" }
    return "the file cannot be read: \(systemReason())"
  }
}
