/// One of several parts of a study that are worked on apart.
package struct Shard: Sendable, Hashable {
  /// Position from 1.
  package var number: Int
  /// Number of parts.
  package var count: Int

  /// Names a part; nothing for one that does not exist.
  package init?(_ number: Int, of count: Int) {
    guard count > 0, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether what stands at a position of a list is of this part.
  ///
  /// Positions are dealt out in turn, so that large batteries and small ones are in every part.
  func holds(_ position: Int) -> Bool { position % count == number - 1 }
}

/// Candidates that were replayed before, and what becomes of the others.
package struct SizingCells: Sendable {
  /// What becomes of candidates that were not replayed before.
  package enum Missing: Sendable {
    /// They are replayed.
    case replay
    /// They are replayed where they are of a part.
    case share(Shard)
    /// The study cannot be made.
    case refuse
  }

  /// Candidates that were replayed before.
  package var known: [SizedRun]
  /// What becomes of the others.
  package var missing: Missing
  /// Told about each candidate that is done, from any thread.
  package var keep: @Sendable (SizedRun) throws -> Void

  /// States what was replayed before.
  package init(
    known: [SizedRun] = [], missing: Missing = .replay,
    keep: @escaping @Sendable (SizedRun) throws -> Void = { _ in }
  ) {
    self.known = known
    self.missing = missing
    self.keep = keep
  }
}

/// Says that candidates are missing which a study may not replay itself.
package struct MissingCandidates: Error, Sendable, Hashable {
  /// Number of candidates that are known to be missing; a search may ask for more.
  package var count: Int
}
