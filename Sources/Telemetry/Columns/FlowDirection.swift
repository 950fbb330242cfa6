/// Which way energy flows through a meter, by the words of those who read it.
package enum FlowDirection: Sendable, Hashable {
  /// From the grid to the site.
  case imported
  /// From the site to the grid.
  case exported

  /// Reads a word such as `Afname Nacht`, `Delivered`, `Einspeisung` or `2.8.0`.
  package init?(_ text: String) {
    let text = text.lowercased()
    // The longer words first: `reimport` and the like do not occur, `einspeisung` holds no word of the other side.
    if FlowDirection.exports.contains(where: { text.contains($0) }) {
      self = .exported
    } else if FlowDirection.imports.contains(where: { text.contains($0) }) {
      self = .imported
    } else {
      return nil
    }
  }

  private static let exports = [
    "injecti", "inyecc", "export", "teruglever", "retour", "einspeis", "feed", "surplus",
    "excedent", "vertid", "2.8.", "2-0:2.", "received", "lieferung an", "rücklief", "sold",
    "inmat", "to grid", "grid_return", "returned", "immission", "immess", "as_kwh",
  ]
  private static let imports = [
    "afname", "import", "consum", "verbrauch", "bezug", "delivered", "levering", "usage", "soutir",
    "verbruik", "prelev", "1.8.", "1-0:1.", "from grid", "purchas", "withdraw", "entnahme",
    "forbrug", "uttag", "demand", "ae_kwh", "conso",
  ]
}
