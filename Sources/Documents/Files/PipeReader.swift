import Diagnostics
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Reads what is no regular file, such as a pipe: once, and within limits.
///
/// A reader looks at a file more than once, and a pipe can be read once only, so its bytes are kept.
enum PipeReader {
  /// More is taken for an endless device. [byte]
  static let mostBytes = 512 << 20
  /// How long a pipe may have no writer. [s]
  static let patienceSeconds = 3

  private static let kept = Mutex<[String: [UInt8]]>([:])

  /// Returns everything up to its end.
  ///
  /// - Throws: `InputError` when nobody writes, when there is no end, or when the system refuses.
  static func contents(_ path: String) throws(InputError) -> [UInt8] {
    if let bytes = kept.withLock({ $0[path] }) { return bytes }
    func failure(_ message: String) -> InputError {
      InputError(message, at: SourcePosition(file: path))
    }
    // Opening a pipe without a writer would wait for one for ever.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(TextFile.reason()) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(TextFile.reason()) }
    var bytes: [UInt8] = []
    if status.st_mode & S_IFMT == S_IFIFO {
      guard waitsForWriter(descriptor, &bytes) else {
        throw failure("a pipe into which no program writes within \(patienceSeconds) s")
      }
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    errno = TextFile.append(descriptor, to: &bytes, most: mostBytes)
    if errno == EFBIG {
      throw failure(
        "no regular file, and no end after \(mostBytes >> 20) MB; save what it gives in a file")
    }
    if errno != 0 { throw failure(TextFile.reason()) }
    kept.withLock { $0[path] = bytes }
    return bytes
  }

  /// Waits until a pipe has a writer or a byte, which is then taken; false when neither comes.
  private static func waitsForWriter(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
    let pauseMicroseconds: useconds_t = 20_000
    for _ in 0..<(patienceSeconds * 1_000_000 / Int(pauseMicroseconds)) {
      var byte: UInt8 = 0
      let count = unsafe read(descriptor, &byte, 1)
      if count > 0 {
        bytes.append(byte)
        return true
      }
      // Without a writer a pipe is at its end; with one that says nothing yet it is not.
      if count < 0, errno != EINTR { return true }
      usleep(pauseMicroseconds)
    }
    return false
  }
}
