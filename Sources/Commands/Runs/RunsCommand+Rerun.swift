import CommandLine
import Diagnostics
import Documents
import Foundation
import Reports
import Store
import Synchronization

extension RunsCommand {
  /// Makes a run again from its kept scenario and the files as they are now.
  ///
  /// - Returns: `unmet` when the result is not the same.
  func rerun(_ context: CommandContext) throws -> ExitCode {
    let ledger = try RunLedger(store)
    let old = try ledger.kept(try ledger.run(runs.first))
    guard let document = old.run.document else {
      throw RunFailure(
        "run \(old.run.number) was kept by an older program, without the path of its scenario; "
          + "'runs show --json' has the scenario as 'text'")
    }
    let path = Paths.resolved(document, from: ledger.folder)
    let folder = output ?? scratchFolder
    defer { if output == nil { try? FileManager.default.removeItem(atPath: folder) } }
    let code = try repeated(old.run, path: path, folder: folder, context)
    guard code == .done || code == .unmet else { return code }
    let made = try RunLedger(folder)
    let report = RunDifferenceReport(
      RunDifference(old, try made.kept(try made.run(nil))),
      names: ("run \(old.run.number)", "the new run"))
    let isSame = try made.run(nil).result == old.run.result
    if isJSON {
      context.print(report.json.adding("schema", "wattif.runs_rerun/1"))
    } else {
      context.print(report.text)
    }
    return isSame ? .done : .unmet
  }

  /// Runs the subcommand of a kept run; what it prints for people is left out.
  private func repeated(
    _ run: StoredRun, path: String, folder: String, _ context: CommandContext
  ) throws -> ExitCode {
    var words = [run.command, path, "--json", "--output", folder] + run.options
    words.append("--progress=\(shown.progress.rawValue)")
    if shown.isQuiet { words.append("--quiet") }
    if let threads { words += ["--threads", "\(threads)"] }
    var console = context.console
    console.writeOutput = { _ in }
    var inner = context
    // Files of a scratch folder are gone at the end.
    inner.tellsFiles = output != nil
    inner.console = console
    inner.documents[path] = Array(run.scenario.utf8)
    return Tool.wattif.run(words, inner)
  }

  private var scratchFolder: String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-rerun-\(ProcessInfo.processInfo.globallyUniqueString)").path
  }
}
