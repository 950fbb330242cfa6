import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// The files that this process is writing and that do not have their name yet.
///
/// Who ends the process in the middle of work removes them first.
package enum UnfinishedFiles {
  private static let paths = Mutex<(open: Set<String>, count: Int)>(([], 0))

  /// Notes a file beside another one and returns its path.
  static func add(beside path: String) -> String {
    paths.withLock { paths in
      // Two threads may write the same file.
      paths.count += 1
      let part = "\(path).part-\(getpid())-\(paths.count)"
      paths.open.insert(part)
      return part
    }
  }

  /// Forgets a file that has its name.
  static func forget(_ path: String) {
    paths.withLock { _ = $0.open.remove(path) }
  }

  /// Removes a file that was given up; any other stays.
  static func remove(_ path: String) {
    let isOpen = paths.withLock { $0.open.remove(path) != nil }
    if isOpen { _ = unsafe unlink(path) }
  }

  /// Removes all of them.
  package static func removeAll() {
    let left = paths.withLock { paths in
      defer { paths.open = [] }
      return paths.open
    }
    for path in left { _ = unsafe unlink(path) }
  }
}
