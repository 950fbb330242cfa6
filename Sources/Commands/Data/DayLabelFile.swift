import Diagnostics
import Documents
import Store
import TimeSeries

extension DayLabel {
  /// Reads a table of days: `day`, `label` and, for a masked one, `quantity`.
  ///
  /// - Throws: `InputError` with every row that cannot be used.
  static func read(_ path: String) throws(InputError) -> [DayLabel] {
    var rows = try CSVRows(try TextFile(path))
    var found = Findings()
    if let repeated = rows.repeatedName { found.append(contentsOf: [repeated]) }
    let day = rows.names.firstIndex(of: "day")
    let label = rows.names.firstIndex(of: "label")
    let quantity = rows.names.firstIndex(of: "quantity")
    guard let day, let label else {
      throw InputError(
        "labels of days have the columns 'day' and 'label'", at: rows.headerPosition())
    }
    var labels: [DayLabel] = []
    while rows.next() {
      if let surplus = rows.surplus() { found.append(contentsOf: [surplus]) }
      guard case .time(let date) = CivilText.date(rows.text(day)) else {
        found.error(
          "'day' must be a date such as 2024-03-31, found '\(rows.text(day))'",
          at: rows.position(day))
        continue
      }
      guard let verdict = Verdict(rawValue: rows.text(label)) else {
        found.error(
          "'label' must be 'clean', 'masked' or 'excluded', found '\(rows.text(label))'",
          at: rows.position(label))
        continue
      }
      let name = quantity.map { rows.text($0) } ?? ""
      let channel = Quantity(rawValue: name)
      guard (verdict == .masked) == (channel != nil), channel != nil || name.isEmpty else {
        found.error(
          "a masked day, and no other, names the quantity that is masked, found '\(name)'",
          at: rows.position(quantity ?? label))
        continue
      }
      labels.append(DayLabel(day: date.dayNumber, verdict: verdict, quantity: channel))
    }
    try found.throwIfErrors()
    return labels
  }

  /// How many days have which label.
  static func sentence(_ labels: [DayLabel]) -> String {
    let days = Verdict.allCases.map { verdict in
      "\(Set(labels.filter { $0.verdict == verdict }.map(\.day)).count) \(verdict.rawValue)"
    }
    return "days: \(days.joined(separator: ", "))\n"
  }
}
