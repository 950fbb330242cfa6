extension DigitalTwin {
  /// A number that changes with any bit of what the cells and the heat nodes are.
  ///
  /// FNV-1a over charge, pair voltages, hysteresis, temperature, capacity and resistance of every cell and
  /// over the other temperatures. Equal on every machine for equal inputs.
  public var stateHash: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ numbers: [Double]) {
      for number in numbers {
        var bits = number.bitPattern
        for _ in 0..<8 {
          hash = (hash ^ (bits & 0xFF)) &* 0x0000_0100_0000_01B3
          bits >>= 8
        }
      }
    }
    for column in [
      CellPack.Column.soc, .fastV, .slowV, .hysteresis, .temperature, .capacity, .scale,
    ] { add(pack.column(column)) }
    add([airC, heatsinkC, elapsedSeconds])
    return hash
  }
}
