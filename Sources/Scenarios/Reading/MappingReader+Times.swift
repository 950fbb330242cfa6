import Documents
package import TimeSeries

extension MappingReader {
  /// Reads a local date `2024-03-31` that must be given.
  ///
  /// - Returns: Midnight of that day, or nil with a finding.
  package func date(_ key: String) -> CivilTime? {
    requiredNode(key).flatMap { context.date($0, named: key) }
  }

  /// Reads a local date that may be left out.
  package func optionalDate(_ key: String) -> CivilTime? {
    node(key).flatMap { context.date($0, named: key) }
  }

  /// Reads a list of local dates that may be left out.
  package func optionalDates(_ key: String) -> [CivilTime]? {
    node(key).map { node in
      (node.items ?? [node]).compactMap { context.date($0, named: key) }
    }
  }

  /// Reads a local date and time `2024-03-31T14:00` that may be left out; a date alone is midnight.
  package func optionalTime(_ key: String) -> CivilTime? {
    node(key).flatMap { context.time($0, named: key) }
  }

  /// Reads a time of day `07:30` or `24:00` that may be left out.
  ///
  /// - Returns: Minutes since midnight, up to 1440.
  package func optionalMinuteOfDay(_ key: String) -> Int? {
    node(key).flatMap { context.minuteOfDay($0, named: key) }
  }
}

extension DecodingContext {
  /// Reads a date; days that the month does not have are refused.
  func date(_ node: YAMLNode, named key: String) -> CivilTime? {
    checked(CivilText.date(node.scalar?.text ?? ""), at: node, named: key) {
      "'\(key)' must be a date such as 2024-03-31"
    }
  }

  /// Reads a date with or without a time of day.
  func time(_ node: YAMLNode, named key: String) -> CivilTime? {
    checked(CivilText.time(node.scalar?.text ?? ""), at: node, named: key) {
      "'\(key)' must be a local time such as 2024-03-31T14:00"
    }
  }

  /// Reads `HH:MM` as minutes since midnight.
  func minuteOfDay(_ node: YAMLNode, named key: String) -> Int? {
    guard let minute = CivilText.minuteOfDay(node.scalar?.text ?? "") else {
      error(
        "'\(key)' must be a time of day from 00:00 to 24:00, found \(node.found)",
        at: node.position)
      return nil
    }
    return minute
  }

  private func checked(
    _ reading: CivilText.Reading, at node: YAMLNode, named key: String, rule: () -> String
  ) -> CivilTime? {
    switch reading {
    case .time(let civil): return civil
    case .impossible:
      error("'\(key)' is not a day of the calendar, found \(node.found)", at: node.position)
    case .malformed: error("\(rule()), found \(node.found)", at: node.position)
    }
    return nil
  }
}
