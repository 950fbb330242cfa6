/// How wide text is drawn, from the widths of a font that is wider than most.
///
/// Source: advance widths of DejaVu Sans 2.37 in thousandths of an em, <https://dejavu-fonts.github.io>. What fits
/// here fits in the fonts that systems draw interfaces with.
enum TextWidth {
  private static let groups: [(characters: String, thousandths: Int)] = [
    ("ijl'", 278), ("I", 295), (" .,", 318), (":/", 337), ("f", 352), ("-", 361), ("()", 390),
    ("t", 392), ("r", 411), ("–°_", 500), ("s", 521), ("z", 525), ("c", 550), ("L", 557),
    ("F", 575), ("k", 579), ("vxy", 592), ("P", 603), ("TY", 611), ("ao", 613), ("e", 615),
    ("0123456789E", 636), ("bdghnpqu€", 635), ("KS", 656), ("AVXZB", 686), ("RC", 698),
    ("U", 732), ("NH", 752), ("D", 770), ("OQG", 787), ("w+−±=<>", 838), ("M", 863), ("%", 950),
    ("m", 974), ("W", 989),
  ]

  private static let byCharacter: [Character: Double] = Dictionary(
    groups.flatMap { group in group.characters.map { ($0, Double(group.thousandths) / 1000) } },
    uniquingKeysWith: { first, _ in first })

  /// Returns the width of a text. [px]
  static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let ems = text.reduce(0) { $0 + (byCharacter[$1] ?? ($1.isASCII ? 0.7 : 1)) }
    return ems * size * (isBold ? 1.1 : 1)
  }

  /// Returns the text, cut with an ellipsis where it is wider than a width.
  static func fitted(_ text: String, size: Double, width: Double) -> String {
    if of(text, size: size) <= width { return text }
    var cut = text
    while !cut.isEmpty, of(cut + "…", size: size) > width { cut.removeLast() }
    return cut + "…"
  }
}
