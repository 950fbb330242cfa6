/// What became of one field of an imported rate record.
package struct FieldReport: Sendable, Hashable {
  /// What the import did with a field.
  package enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Billed as the record says.
    case honoured
    /// Billed with an assumption that the text states.
    case assumed
    /// Cannot be billed; the text says why.
    case notBilled = "not_billed"
    /// A description of the record that does not change the bill.
    case description
    /// Cannot be understood, so the record is refused.
    case refused
  }

  /// Name as in the record, or of a field that is missing.
  package var field: String
  /// What the import did with the field.
  package var outcome: Outcome
  /// What was read or assumed, or why not.
  package var text: String

  /// Creates a report of a field.
  package init(field: String, outcome: Outcome, text: String) {
    self.field = field
    self.outcome = outcome
    self.text = text
  }
}
