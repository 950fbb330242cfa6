import CommandLine

/// The mark before the fraction of numbers, on the command line.
enum DecimalMark: String, ArgumentChoice {
  case point = "."
  case comma = ","

  /// The mark.
  var character: Character { self == .comma ? "," : "." }
}
