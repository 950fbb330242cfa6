import CommandLine
import Documents
import TimeSeries

/// `LATITUDE,LONGITUDE` on the command line.
struct PlaceArgument: ArgumentValue, Sendable {
  var place: GeographicPosition

  init?(argument: String) {
    guard let numbers = NumberScanner().numbers(argument), numbers.count == 2,
      abs(numbers[0]) <= 90, abs(numbers[1]) <= 180
    else { return nil }
    place = GeographicPosition(latitudeDeg: numbers[0], longitudeDeg: numbers[1])
  }

  static var phrase: String { "LATITUDE,LONGITUDE in degrees" }
}
