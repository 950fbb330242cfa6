/// A run as the database keeps it, without its steps and scores.
package struct StoredRun: Sendable, Hashable {
  /// Number in the database.
  package var number: Int
  /// Fingerprint of its identity, 16 hexadecimal digits.
  package var hash: String
  /// Subcommand.
  package var command: String
  /// Path of the scenario's document, from the folder of the database; nothing for a run of an older program.
  package var document: String?
  /// Options of the command line that can move a result, `--name` or `--name=value`.
  package var options: [String]
  /// Names of the forecast versions that were run.
  package var versions: [String]
  /// Version of the program.
  package var programVersion: String
  /// Seed of everything random.
  package var seed: String
  /// Text of the scenario.
  package var scenario: String
  /// The result as JSON.
  package var result: String?

  /// Describes a run.
  package init(
    number: Int, hash: String, command: String, document: String?, options: [String],
    versions: [String], programVersion: String, seed: String, scenario: String, result: String?
  ) {
    self.number = number
    self.hash = hash
    self.command = command
    self.document = document
    self.options = options
    self.versions = versions
    self.programVersion = programVersion
    self.seed = seed
    self.scenario = scenario
    self.result = result
  }

  /// The first digits of the hash, by which people name a run.
  package var shortHash: String { String(hash.prefix(8)) }
}
