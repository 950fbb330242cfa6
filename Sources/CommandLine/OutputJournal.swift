package import Documents
import Synchronization

/// What a run wrote, and what it could not write.
///
/// A file that cannot be written does not take the others and the printed result along: it is told of at
/// the end, and the run has failed then.
package final class OutputJournal: Sendable {
  private struct State {
    var failures: [String] = []
    /// Names written into each folder.
    var written: [String: Set<String>] = [:]
    /// Files that were in a folder before the run.
    var older: [String: [String]] = [:]
    /// Folders that the run made.
    var made: [String] = []
  }

  private let state = Mutex(State())

  /// Starts with nothing written.
  package init() {}

  /// Notes that something could not be written; the same failure counts once.
  package func fail(_ message: String) {
    state.withLock { state in
      if !state.failures.contains(message) { state.failures.append(message) }
    }
  }

  /// Tries a folder before the work.
  ///
  /// - Throws: `WriteFailure` with the reason.
  package func tryFolder(_ folder: String) throws {
    let made = try FileWriter.trial(folder: folder)
    let names = FileWriter.names(in: folder)
    state.withLock { state in
      state.made += made
      state.older[folder] = names
    }
  }

  /// Writes a file into a folder, or notes why that failed.
  ///
  /// - Returns: Whether the file is there.
  @discardableResult
  package func write(_ text: String, to name: String, in folder: String) -> Bool {
    write(to: name, in: folder) { try $0.write(text) }
  }

  /// Writes a file into a folder piece by piece, or notes why that failed.
  ///
  /// - Returns: Whether the file is there.
  @discardableResult
  package func write(
    to name: String, in folder: String, _ body: (FileWriter) throws -> Void
  ) -> Bool {
    do {
      try FileWriter.makeFolder(folder)
      let older = FileWriter.names(in: folder)
      let writer = try FileWriter("\(folder)/\(name)")
      try body(writer)
      try writer.finish()
      note(name, in: folder, older: older)
      return true
    } catch {
      fail("\(error)")
      return false
    }
  }

  /// Notes a file that something else wrote into a folder.
  package func note(_ name: String, in folder: String, older: [String] = []) {
    state.withLock { state in
      state.written[folder, default: []].insert(name)
      // A folder that was not tried, such as that of one battery of several.
      if state.older[folder] == nil { state.older[folder] = older }
    }
  }

  /// Ends the run's output; a run that holds another one ends that first.
  ///
  /// - Parameter isResult: True for names that the program gives to results.
  /// - Returns: Lines that say what failed, where results are, and which of an earlier run are beside them.
  func conclusion(isResult: (String) -> Bool) -> (failures: [String], remarks: [String]) {
    state.withLock { state in
      FileWriter.removeEmpty(state.made)
      var remarks: [String] = []
      for (folder, names) in state.written.sorted(by: { $0.key < $1.key }) {
        let page = names.contains("report.html") ? "; open '\(folder)/report.html'" : ""
        let count = names.count == 1 ? "1 file" : "\(names.count) files"
        remarks.append("note: wrote \(count) into '\(folder)'\(page)")
        let stale = (state.older[folder] ?? []).filter { !names.contains($0) && isResult($0) }
        guard !stale.isEmpty else { continue }
        let more = stale.count > 10 ? " and \(stale.count - 10) more" : ""
        remarks.append(
          "warning: '\(folder)' also holds files of an earlier run: "
            + stale.prefix(10).joined(separator: ", ") + more)
      }
      defer { state = State() }
      return (state.failures, remarks)
    }
  }
}
