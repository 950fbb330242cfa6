internal import CTwinKernels

/// Thrown when a battery has come into a state that none can be in.
///
/// The numbers of such a run are no result: the model does not hold where it went.
public struct ImpossibleState: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is impossible, with its unit.
  public enum Quantity: String, Sendable {
    case socFraction = "state of charge"
    case voltageV = "voltage"
    case temperatureC = "temperature"

    /// Unit of the value.
    var unit: String {
      switch self {
      case .socFraction: ""
      case .voltageV: " V"
      case .temperatureC: " °C"
      }
    }
  }

  /// Where it was found.
  public enum Place: Sendable, Equatable, CustomStringConvertible {
    case cell(Int)
    case air
    case heatsink

    public var description: String {
      switch self {
      case .cell(let index): "cell \(index)"
      case .air: "the air of the enclosure"
      case .heatsink: "the inverter's heatsink"
      }
    }
  }

  public let place: Place
  /// Where the cell sits; nil for the air and the heatsink.
  public var location: CellPlace?
  public let quantity: Quantity
  /// The value that was found; it may be no number.
  public let value: Double
  /// Where such values can be.
  public let lowest: Double
  public let highest: Double
  /// End of the step since the twin was built. [s]
  public let elapsedSeconds: Double

  public var description: String {
    let hours = (elapsedSeconds / 36).rounded() / 100
    let value = (value * 1000).rounded() / 1000
    return "the battery came into an impossible state after \(hours) h: "
      + "\(location?.description ?? place.description) has a "
      + "\(quantity.rawValue) of '\(value)'\(quantity.unit), possible are "
      + "\(lowest)…\(highest)\(quantity.unit)"
  }
}

/// Where the state of a battery can be.
struct PossibleState: Sendable {
  /// From where electrolytes freeze to where cells burn. [°C]
  static let temperatureC = -60.0...200
  /// A little beyond empty and full, for what parallel cells exchange.
  static let socFraction = -0.02...1.02
  /// Beyond the curve and the limits of the cell. [V]
  private static let roomV = 0.3

  let voltageV: ClosedRange<Double>

  init(_ cell: CellSpecification) {
    let low = min(cell.minimumV, cell.openCircuitV.min() ?? cell.minimumV)
    let high = max(cell.maximumV, cell.openCircuitV.max() ?? cell.maximumV)
    voltageV = low - Self.roomV...high + Self.roomV
  }
}

extension DigitalTwin {
  /// Whether sums and extremes of the last step are those of a possible state; cheap enough for each step.
  @inline(__always)
  var isPossible: Bool {
    let seen = pack.summary
    let temperature = PossibleState.temperatureC
    let air = pack.commonC(0)
    let heatsink = pack.commonC(control.constants.heatsink)
    // Written so that not a number is impossible.
    return seen.coldest_c >= temperature.lowerBound && seen.hottest_c <= temperature.upperBound
      && air >= temperature.lowerBound && air <= temperature.upperBound
      && heatsink >= temperature.lowerBound && heatsink <= temperature.upperBound
      && seen.lowest_soc >= PossibleState.socFraction.lowerBound
      && seen.highest_soc <= PossibleState.socFraction.upperBound
      && seen.lowest_v >= possible.voltageV.lowerBound
      && seen.highest_v <= possible.voltageV.upperBound
      && abs(seen.energy_wh + pack.losses.heat_w) < .infinity
  }

  /// Looks for what is impossible, cell by cell; the straight line of a step may pass a voltage that the cell
  /// does not.
  func findImpossible() -> ImpossibleState? {
    func check(
      _ value: Double, _ range: ClosedRange<Double>, _ quantity: ImpossibleState.Quantity,
      _ place: ImpossibleState.Place
    ) -> ImpossibleState? {
      guard !(value >= range.lowerBound && value <= range.upperBound) else { return nil }
      var location: CellPlace?
      if case .cell(let index) = place { location = specification.place(ofCell: index) }
      return ImpossibleState(
        place: place, location: location, quantity: quantity, value: value,
        lowest: range.lowerBound,
        highest: range.upperBound, elapsedSeconds: elapsedSeconds)
    }
    // Not a number spreads in this order: from charge to voltage, to heat and with it to all cells.
    let everywhere = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    let currents = pack.currentA
    let checks: [(Int) -> ImpossibleState?] = [
      { check(pack[.soc, $0], PossibleState.socFraction, .socFraction, .cell($0)) },
      { check(pack[.fastV, $0] + pack[.slowV, $0], everywhere, .voltageV, .cell($0)) },
      { check(pack[.temperature, $0], PossibleState.temperatureC, .temperatureC, .cell($0)) },
      {
        check(
          pack.terminalV(cell: $0, currentA: currents[$0]), possible.voltageV, .voltageV, .cell($0))
      },
    ]
    for one in checks {
      for j in 0..<pack.cellCount {
        if let found = one(j) { return found }
      }
    }
    return check(pack.commonC(0), PossibleState.temperatureC, .temperatureC, .air)
      ?? check(
        pack.commonC(control.constants.heatsink), PossibleState.temperatureC, .temperatureC,
        .heatsink)
  }
}
