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
/// nothing behind and an older file of the name untouched. A symbolic link stays, and what it leads to is
/// written. What is no regular file, such as a pipe or `/dev/null`, is written in place.
package final class FileWriter {
  private let path: String
  /// The file that takes the bytes in the end: that of the path, or what it leads to.
  private let finalPath: String
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
    finalPath = FileWriter.target(of: path)
    partPath = status?.isRegular == false ? finalPath : UnfinishedFiles.add(beside: finalPath)
    descriptor = unsafe open(
      partPath, O_WRONLY | O_CREAT | O_TRUNC, status?.permissions ?? 0o666)
    if descriptor < 0 {
      let reason = systemReason()
      UnfinishedFiles.remove(partPath)
      throw WriteFailure(path: path, reason: reason)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if partPath != finalPath { UnfinishedFiles.remove(partPath) }
  }

  /// What a chain of symbolic links leads to; the path itself where it is none, or leads nowhere.
  private static func target(of path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    var link = stat()
    guard unsafe lstat(path, &link) == 0, link.st_mode & S_IFMT == S_IFLNK else { return path }
    return unsafe String(cString: resolved)
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
    if partPath != finalPath {
      guard unsafe rename(partPath, finalPath) == 0 else { throw givenUp() }
      UnfinishedFiles.forget(partPath)
    }
  }

  /// Lets another writer, which knows paths only, make a file that appears when it is whole.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - body: Writes the file of the path it is given, and returns why that failed, if it did.
  /// - Throws: `WriteFailure` with the reason; the file of that name is then as it was.
  package static func whole(
    _ path: String, _ body: (String) -> String?
  ) throws(WriteFailure) {
    let writer = try FileWriter(path)
    if let reason = body(writer.partPath) { throw WriteFailure(path: path, reason: reason) }
    try writer.finish()
  }

  /// Tries whether a file can be written, and leaves everything as it was.
  ///
  /// What is no regular file is not tried: opening a pipe waits for its reader.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package static func trial(_ path: String) throws(WriteFailure) {
    if let status = FileStatus(path), !status.isRegular {
      if status.isFolder { throw WriteFailure(path: path, reason: "Is a directory") }
      return
    }
    let writer = try FileWriter(path)
    // A disk that is full takes a name, but no bytes.
    try writer.write(String(repeating: " ", count: 4096))
    try writer.flush()
  }

  /// Tries whether files can be written into a folder, which is made where it is not there.
  ///
  /// - Returns: The folders that were made, the outermost first.
  /// - Throws: `WriteFailure` with the reason.
  package static func trial(folder: String) throws(WriteFailure) -> [String] {
    var made: [String] = []
    var path = folder
    while !path.isEmpty, FileStatus(path) == nil {
      made.insert(path, at: 0)
      path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
    try makeFolder(folder)
    guard FileStatus(folder)?.isFolder == true else {
      throw WriteFailure(path: folder, reason: "Not a directory")
    }
    try trial("\(folder)/.wattif")
    return made
  }

  /// Removes folders that were made and hold nothing, the innermost first.
  package static func removeEmpty(_ folders: [String]) {
    for folder in folders.reversed() { _ = unsafe rmdir(folder) }
  }

  /// Names of the files in a folder, in order; none when there is no such folder.
  package static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if FileStatus("\(folder)/\(name)")?.isRegular == true { names.append(name) }
    }
    return names.sorted()
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
    if partPath != finalPath { UnfinishedFiles.remove(partPath) }
    return failure
  }
}

/// The system's call, which a method of the same name hides.
private func systemWrite(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
  unsafe write(descriptor, bytes, count)
}
