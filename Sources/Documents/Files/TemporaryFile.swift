#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Bytes that are put aside on the disk, in a file without a name: it is gone with its last use, however the process
/// ends.
@safe package final class TemporaryFile {
  private let folder: String
  private let descriptor: Int32

  /// Makes a file in a folder.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package init(in folder: String) throws(WriteFailure) {
    self.folder = folder
    var name = Array("\(folder)/wattif-XXXXXX".utf8CString)
    let opened = unsafe name.withUnsafeMutableBufferPointer { text in
      unsafe text.baseAddress.map { start in unsafe mkstemp(start) } ?? -1
    }
    guard opened >= 0 else { throw WriteFailure(path: folder, reason: systemReason()) }
    descriptor = opened
    _ = unsafe name.withUnsafeBufferPointer { text in
      unsafe text.baseAddress.map { start in unsafe unlink(start) }
    }
  }

  deinit { close(descriptor) }

  /// Writes values from a byte on.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package func write<Value: BitwiseCopyable>(
    _ values: [Value], at byte: Int
  ) throws(WriteFailure) {
    let isWritten = unsafe values.withUnsafeBytes { bytes in
      Self.isWhole(bytes.count) { done in
        unsafe pwrite(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, byte + done)
      }
    }
    if !isWritten { throw WriteFailure(path: folder, reason: systemReason()) }
  }

  /// Reads values that were written, from a byte on.
  ///
  /// - Parameters:
  ///   - byte: Where the first one stands.
  ///   - values: Takes them, as many as it has.
  /// - Throws: `WriteFailure` with the reason.
  package func read<Value: BitwiseCopyable>(
    at byte: Int, into values: inout [Value]
  ) throws(WriteFailure) {
    let isRead = unsafe values.withUnsafeMutableBytes { bytes in
      Self.isWhole(bytes.count) { done in
        unsafe pread(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, byte + done)
      }
    }
    if !isRead { throw WriteFailure(path: folder, reason: systemReason()) }
  }

  /// Moves bytes a part at a time, each from where the last one ended; false when one fails.
  private static func isWhole(_ count: Int, _ part: (_ done: Int) -> Int) -> Bool {
    var done = 0
    while done < count {
      let moved = part(done)
      if moved < 0 && errno == EINTR { continue }
      if moved <= 0 { return false }
      done += moved
    }
    return true
  }
}
