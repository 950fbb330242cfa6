/// Credit in money or in kilowatt-hours, by the month that earned it.
///
/// The oldest is used first; what is left of a month when its time has come expires.
struct CreditBank {
  /// What a month earned and what is left of it.
  private struct Credit {
    let month: Int
    let earned: Double
    var left: Double
  }

  private var credits: [Credit] = []

  /// What is left of all; below zero where export cost more than it earned.
  var total: Double { credits.reduce(0) { $0 + $1.left } }

  /// Adds what a month earned, which may lie below zero.
  mutating func add(_ amount: Double, month: Int) {
    if amount != 0 { credits.append(Credit(month: month, earned: amount, left: amount)) }
  }

  /// Takes an amount out, the oldest credit first.
  mutating func use(_ amount: Double) {
    var due = amount
    for position in credits.indices where due > 0 && credits[position].left > 0 {
      let used = min(due, credits[position].left)
      credits[position].left -= used
      due -= used
    }
    credits.removeAll { $0.left == 0 }
  }

  /// Takes out what may be used through the end of a month and no longer.
  ///
  /// - Parameters:
  ///   - month: Position of the month.
  ///   - months: Months after the one that earned a credit through whose end it may be used.
  /// - Returns: What was left, and what the months it is of had earned, each as far as something was left.
  mutating func expire(month: Int, after months: Int) -> [(left: Double, earned: Double)] {
    let due = credits.filter { $0.left > 0 && $0.month + months <= month }
    credits.removeAll { $0.left > 0 && $0.month + months <= month }
    return due.map { ($0.left, $0.earned) }
  }

  /// Puts the credits of another bank into this one, in the order of the months.
  mutating func take(_ other: CreditBank) {
    credits = (credits + other.credits).sorted { $0.month < $1.month }
  }

  /// Forgets everything.
  mutating func clear() { credits = [] }
}
