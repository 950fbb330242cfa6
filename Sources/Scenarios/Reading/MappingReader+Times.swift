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
    guard let text = node.scalar?.text else {
      error("'\(key)' must be a date such as 2024-03-31, found \(node.found)", at: node.position)
      return nil
    }
    guard let fields = digits(text[...], pattern: [4, 2, 2], separators: "--") else {
      error("'\(key)' must be a date such as 2024-03-31, found \(node.found)", at: node.position)
      return nil
    }
    return checkedDate(fields, at: node, named: key)
  }

  /// Reads a date with or without a time of day.
  func time(_ node: YAMLNode, named key: String) -> CivilTime? {
    let text = node.scalar?.text ?? ""
    guard let mark = text.firstIndex(where: { $0 == "T" || $0 == " " }) else {
      return date(node, named: key)
    }
    let clock = text[text.index(after: mark)...]
    guard let day = digits(text[..<mark], pattern: [4, 2, 2], separators: "--"),
      let time = digits(clock, pattern: [2, 2], separators: ":")
        ?? digits(clock, pattern: [2, 2, 2], separators: "::"),
      time[0] < 24, time[1] < 60, time.count < 3 || time[2] < 60
    else {
      error(
        "'\(key)' must be a local time such as 2024-03-31T14:00, found \(node.found)",
        at: node.position)
      return nil
    }
    guard var civil = checkedDate(day, at: node, named: key) else { return nil }
    civil.hour = time[0]
    civil.minute = time[1]
    civil.second = time.count > 2 ? time[2] : 0
    return civil
  }

  /// Reads `HH:MM` as minutes since midnight.
  func minuteOfDay(_ node: YAMLNode, named key: String) -> Int? {
    let text = node.scalar?.text ?? ""
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
      hour * 60 + minute <= 1440
    else {
      error(
        "'\(key)' must be a time of day from 00:00 to 24:00, found \(node.found)",
        at: node.position)
      return nil
    }
    return hour * 60 + minute
  }

  private func checkedDate(_ fields: [Int], at node: YAMLNode, named key: String) -> CivilTime? {
    let civil = CivilTime(year: fields[0], month: fields[1], day: fields[2])
    guard civil.isValid else {
      error("'\(key)' is not a day of the calendar, found \(node.found)", at: node.position)
      return nil
    }
    return civil
  }

  /// Splits fixed-width digit groups such as `2024-03-31`.
  private func digits(_ text: Substring, pattern: [Int], separators: String) -> [Int]? {
    let marks = Array(separators)
    var rest = text
    var fields: [Int] = []
    for (index, width) in pattern.enumerated() {
      let head = rest.prefix(width)
      guard head.count == width, head.utf8.allSatisfy({ (48...57).contains($0) }),
        let value = Int(head)
      else { return nil }
      fields.append(value)
      rest = rest.dropFirst(width)
      if index < marks.count {
        guard rest.first == marks[index] else { return nil }
        rest = rest.dropFirst()
      }
    }
    return rest.isEmpty ? fields : nil
  }
}
