#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Says which file could not be written, and why.
package struct WriteFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Path as the user wrote it.
  package let path: String
  /// Words of the system.
  package let reason: String

  package var description: String { "'\(path)' cannot be written: \(reason)" }
}

/// Writes a file that appears under its name only when it is whole.
///
/// The bytes go into a file beside it, which takes the name at the end; a writer that is given up leaves
/// nothing behind and an older file of the name untouched. What is no regular file, such as a pipe or
/// `/dev/null`, is written in place.
package final class FileWriter {
  private let path: String
  /// The file that is written, until it takes its name.
  private let partPath: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferBytes = 1 << 20

  /// Opens a file for writing.
  ///
  /// - Parameter path: Path of the file; its folder must be there.
  /// - Throws: `WriteFailure` with the reason.
  package init(_ path: String) throws(WriteFailure) {
    self.path = path
    let status = FileStatus(path)
    partPath = status?.isRegular == false ? path : "\(path).part-\(getpid())"
    descriptor = unsafe open(
      partPath, O_WRONLY | O_CREAT | O_TRUNC, status?.permissions ?? 0o666)
    if descriptor < 0 { throw WriteFailure(path: path, reason: systemReason()) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if partPath != path { _ = unsafe unlink(partPath) }
  }

  /// Adds text.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package func write(_ text: String) throws(WriteFailure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= FileWriter.bufferBytes { try flush() }
  }

  /// Writes what is left and gives the file its name.
  ///
  /// - Throws: `WriteFailure` with the reason; the file of that name is then as it was.
  package func finish() throws(WriteFailure) {
    try flush()
    let open = descriptor
    descriptor = -1
    // A full disk may be told of only here.
    guard close(open) == 0 else { throw givenUp() }
    if partPath != path {
      guard unsafe rename(partPath, path) == 0 else { throw givenUp() }
    }
  }

  /// Writes a whole file.
  ///
  /// - Throws: `WriteFailure` with the reason; the file of that name is then as it was.
  package static func write(_ text: String, to path: String) throws(WriteFailure) {
    let writer = try FileWriter(path)
    try writer.write(text)
    try writer.finish()
  }

  /// Makes a folder and those it lies in, where they are not there.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package static func makeFolder(_ path: String) throws(WriteFailure) {
    if path.isEmpty || FileStatus(path) != nil { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    // Another process may make it at the same time.
    guard unsafe mkdir(path, 0o777) != 0 else { return }
    let reason = systemReason()
    if FileStatus(path) == nil { throw WriteFailure(path: path, reason: reason) }
  }

  /// Adds text at the end of a file, which is made when it is not there.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package static func append(_ text: String, to path: String) throws(WriteFailure) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    guard descriptor >= 0, put(Array(text.utf8), descriptor), close(descriptor) == 0 else {
      throw WriteFailure(path: path, reason: systemReason())
    }
  }

  private func flush() throws(WriteFailure) {
    guard FileWriter.put(buffer, descriptor) else {
      throw WriteFailure(path: path, reason: systemReason())
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes all bytes; false when the system refuses.
  private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let part = unsafe bytes.withUnsafeBytes { buffer in
        unsafe systemWrite(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if part < 0 && errno == EINTR { continue }
      if part <= 0 { return false }
      done += part
    }
    return true
  }

  private func givenUp() -> WriteFailure {
    let failure = WriteFailure(path: path, reason: systemReason())
    if partPath != path { _ = unsafe unlink(partPath) }
    return failure
  }
}

/// The system's call, which a method of the same name hides.
private func systemWrite(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
  unsafe write(descriptor, bytes, count)
}
