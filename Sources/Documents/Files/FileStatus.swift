#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// What the system knows of a path.
struct FileStatus {
  private let mode: mode_t
  /// Length of a regular file. [byte]
  let size: Int

  /// Asks the system; nothing when there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    mode = status.st_mode
    size = max(0, Int(status.st_size))
  }

  var isFolder: Bool { mode & S_IFMT == S_IFDIR }

  var isRegular: Bool { mode & S_IFMT == S_IFREG }

  /// Who may read and write.
  var permissions: mode_t { mode & 0o777 }
}

/// Words for the error that the system reported last.
func systemReason() -> String { unsafe String(cString: strerror(errno)) }
