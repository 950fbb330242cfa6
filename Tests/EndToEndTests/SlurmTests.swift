import Foundation
import TestSupport
import Testing

/// A Slurm of one machine, started for a test and stopped after it.
///
/// The daemons are Debian's `slurm-wlm` and `munge`, with every file of theirs in a folder of the test, so that a Slurm
/// of the machine itself is left alone.
final class SlurmCluster {
  private let folder: URL
  private var daemons: [Int32] = []
  private let environment: [String: String]

  struct Absence: Error, CustomStringConvertible {
    var description: String
  }

  private static let programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo"]

  /// Why no Slurm can be started here; nothing where one can be tried.
  static var absence: String? {
    let missing = programs.filter { path(of: $0) == nil }
    if !missing.isEmpty {
      return "no Slurm is installed (Debian: apt-get install slurm-wlm munge): "
        + missing.joined(separator: ", ")
    }
    return getuid() == 0 ? nil : "a Slurm can only be started by root"
  }

  private static func path(of program: String) -> String? {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"].map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Starts the daemons.
  ///
  /// - Throws: `Absence` with what they said, where they do not come up.
  init(in folder: URL) throws {
    self.folder = folder
    environment = ProcessInfo.processInfo.environment.merging([
      "SLURM_CONF": folder.appendingPathComponent("slurm.conf").path
    ]) { $1 }
    let host = try Self.output("hostname", ["-s"], [:]).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let root = folder.path
    for name in ["state", "spool", "munge"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(name)", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o711])
    }
    let key = Data((0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) })
    _ = FileManager.default.createFile(
      atPath: "\(root)/munge/key", contents: key, attributes: [.posixPermissions: 0o400])
    let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier % 10_000) * 2
    try folder.write(
      """
      ClusterName=wattif
      SlurmctldHost=\(host)(127.0.0.1)
      SlurmctldPort=\(port)
      SlurmdPort=\(port + 1)
      AuthType=auth/munge
      AuthInfo=socket=\(root)/munge/socket
      CredType=cred/munge
      SlurmUser=root
      SlurmdUser=root
      StateSaveLocation=\(root)/state
      SlurmdSpoolDir=\(root)/spool
      SlurmctldPidFile=\(root)/slurmctld.pid
      SlurmdPidFile=\(root)/slurmd.pid
      SlurmctldLogFile=\(root)/slurmctld.log
      SlurmdLogFile=\(root)/slurmd.log
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_CPU
      SchedulerType=sched/builtin
      MpiDefault=none
      ReturnToService=2
      NodeName=\(host) NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
      PartitionName=all Nodes=\(host) Default=YES MaxTime=INFINITE State=UP

      """, to: "slurm.conf")
    do {
      try start(
        "munged",
        [
          "--foreground", "--force", "--key-file=\(root)/munge/key",
          "--socket=\(root)/munge/socket", "--pid-file=\(root)/munge/pid",
          "--log-file=\(root)/munge/log", "--seed-file=\(root)/munge/seed",
        ])
      try wait(5) { FileManager.default.fileExists(atPath: "\(root)/munge/socket") }
      try start("slurmctld", ["-D", "-f", "\(root)/slurm.conf"])
      try start("slurmd", ["-D", "-f", "\(root)/slurm.conf", "-N", host])
      try wait(40) {
        (try? self.run("sinfo", ["-h", "-o", "%t"]))?.contains("idle") == true
      }
    } catch {
      stop()
      let said = ["munge/log", "slurmctld.log", "slurmd.log"].compactMap {
        (try? String(contentsOfFile: "\(root)/\($0)", encoding: .utf8))?.split(separator: "\n").last
      }
      throw Absence(
        description: "a Slurm does not come up here: \(said.joined(separator: "; "))")
    }
  }

  /// Starts a daemon that holds no channel of the test: Foundation waits for those of its own children, which a daemon
  /// would inherit and keep open.
  private func start(_ program: String, _ arguments: [String]) throws {
    guard let path = Self.path(of: program) else { throw Absence(description: program) }
    let script = """
      for channel in /proc/self/fd/*; do
        number=${channel##*/}
        [ "$number" -le 2 ] || eval "exec $number>&-"
      done
      "$@" </dev/null >/dev/null 2>&1 &
      echo $!
      """
    let pid = try Self.output("bash", ["-c", script, "bash", path] + arguments, environment)
    guard let number = Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Absence(description: "\(program) does not start")
    }
    daemons.append(number)
  }

  private func wait(_ seconds: Double, until isDone: () -> Bool) throws {
    let patience = Date(timeIntervalSinceNow: seconds)
    while !isDone() {
      guard Date() < patience, daemons.allSatisfy({ kill($0, 0) == 0 }) else {
        throw Absence(description: "too slow")
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// Runs one of Slurm's programs to its end and returns what it printed.
  func run(
    _ program: String, _ arguments: [String], folder: URL? = nil, variables: [String: String] = [:]
  ) throws -> String {
    try Self.output(
      program, arguments, environment.merging(variables) { $1 }, folder: folder)
  }

  private static func output(
    _ program: String, _ arguments: [String], _ environment: [String: String], folder: URL? = nil
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    if !environment.isEmpty { process.environment = environment }
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// Ends the daemons that this started.
  func stop() {
    for daemon in daemons.reversed() {
      kill(daemon, SIGTERM)
      let patience = Date(timeIntervalSinceNow: 5)
      while kill(daemon, 0) == 0, Date() < patience { Thread.sleep(forTimeInterval: 0.05) }
      if kill(daemon, 0) == 0 { kill(daemon, SIGKILL) }
    }
    daemons = []
  }
}

@Suite("Sizing on a cluster", .tags(.endToEnd)) struct SlurmTests {
  @Test(
    "the array of scenarios/cluster makes the result of one run on a real Slurm",
    .enabled(if: SlurmCluster.absence == nil, "\(SlurmCluster.absence ?? "")"))
  func array() throws {
    try withFolder { folder in
      let cluster: SlurmCluster
      do {
        cluster = try SlurmCluster(in: folder)
      } catch let absence as SlurmCluster.Absence {
        // Containers may forbid what its daemons need; that says nothing of the script.
        print("skipped: \(absence)")
        return
      }
      defer { cluster.stop() }
      try folder.write(ShardTests.document, to: "s.yaml")
      let whole = try BuiltTool.run(["size", "s.yaml", "-q", "-o", "whole"], folder: folder)
      #expect(whole.code == 0, "\(whole.error)")
      let script = BuiltTool.package.appendingPathComponent("scenarios/cluster/size.slurm").path
      // Three tasks of one processor: two run at once, the third waits.
      let job = try cluster.run(
        "sbatch",
        ["--parsable", "--array=4-6", "--cpus-per-task=1", "--mem=0", script, "s.yaml", "cells"],
        folder: folder, variables: ["WATTIF": BuiltTool.executable().path]
      ).trimmingCharacters(in: .whitespacesAndNewlines)
      try #require(!job.isEmpty)
      let patience = Date(timeIntervalSinceNow: 300)
      while Date() < patience, try !cluster.run("squeue", ["-h", "-j", job]).isEmpty {
        Thread.sleep(forTimeInterval: 0.2)
      }
      for task in 4...6 {
        let log = folder.appendingPathComponent("wattif-size-\(job)_\(task).log")
        let text = try String(contentsOf: log, encoding: .utf8)
        #expect(text.contains("Share \(task - 3) of 3: 4 batteries kept in 'cells'"), "\(text)")
      }
      let merged = try BuiltTool.run(
        ["merge", "s.yaml", "cells", "-q", "-o", "merged"], folder: folder)
      #expect(merged.code == 0, "\(merged.error)")
      #expect(
        try ShardTests.results(in: folder.appendingPathComponent("merged"))
          == ShardTests.results(in: folder.appendingPathComponent("whole")))
    }
  }

  @Test("the job for Kubernetes has as many shares as pods, and its command is one of the tool")
  func kubernetes() throws {
    let path = BuiltTool.package.appendingPathComponent("scenarios/cluster/size.kubernetes.yaml")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.map { $0.trimmingCharacters(in: .whitespaces) }
    func value(_ key: String) -> String? {
      lines.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
    }
    #expect(value("kind") == "Job" && value("completionMode") == "Indexed")
    let shares = try #require(lines.firstIndex(of: "- name: SHARES"))
    #expect(lines[shares + 1] == "value: \"\(try #require(value("completions")))\"")
    // The command as a pod's shell runs it, with the paths of this machine.
    let from = try #require(lines.firstIndex(of: "- >-"))
    let command = lines[(from + 1)...(from + 2)].joined(separator: " ")
    try withFolder { folder in
      try folder.write(ShardTests.document, to: "scenario.yaml")
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.arguments = [
        "-c",
        command.replacing("/study", with: folder.path)
          .replacing("exec wattif", with: "exec '\(BuiltTool.executable().path)'"),
      ]
      shell.environment = ProcessInfo.processInfo.environment.merging([
        "JOB_COMPLETION_INDEX": "7", "SHARES": "8",
      ]) { $1 }
      let output = Pipe()
      shell.standardOutput = output
      try shell.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      shell.waitUntilExit()
      // Twelve batteries dealt out to eight: the eighth share has one.
      #expect(String(decoding: text, as: UTF8.self).hasPrefix("Share 8 of 8: 1 battery kept in"))
    }
  }
}
