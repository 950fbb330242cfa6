import CommandLine
import TimeSeries

/// A zone of the IANA database on the command line.
struct ZoneArgument: ArgumentValue, Sendable {
  var zone: Zone

  init?(argument: String) {
    guard let zone = try? Zone(argument) else { return nil }
    self.zone = zone
  }

  static var phrase: String { "a zone of the IANA database such as Europe/Berlin" }
}
