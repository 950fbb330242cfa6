package import Numerics

extension DigitalTwin {
  /// A number that changes with any bit of what the cells and the heat nodes are.
  ///
  /// Over charge and its lag, pair voltages, hysteresis, temperature, capacity and resistance of every cell and
  /// over the other temperatures. Equal on every machine for equal inputs.
  public var stateHash: UInt64 { stateFingerprint.value }

  /// The same as a fingerprint.
  package var stateFingerprint: Fingerprint {
    var hash = Fingerprint()
    func add(_ numbers: [Double]) {
      for number in numbers { hash.combine(number) }
    }
    for column in [
      CellPack.Column.soc, .fastV, .slowV, .hysteresis, .temperature, .capacity, .scale,
    ] { add(pack.column(column)) }
    if specification.cell.surfaceLag != nil { add(pack.column(.lag)) }
    add([airC, heatsinkC, elapsedSeconds])
    return hash
  }
}
