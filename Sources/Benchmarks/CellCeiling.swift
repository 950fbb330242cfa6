import CBenchmarks

/// What plain arrays of cells cost in C on this machine, the yardstick of the speed of packs.
struct CellCeiling {
  private static let intervals = 64
  private static let capacityAh = 280.0
  private static let currentA = 100.0

  private let openCircuitV = (0...intervals).map { 3.2 + 0.2 * Double($0) / Double(intervals) }
  private let seriesOhm = (0...intervals).map { 0.4e-3 - 0.3e-3 * Double($0) / Double(intervals) }
  private var charge: [Double]
  private var fastV: [Double]
  private var slowV: [Double]
  private var celsius: [Double]
  private var volt: [Double]

  /// Cells at half charge and 25 °C.
  init(cells: Int) {
    charge = [Double](repeating: 0.5, count: cells)
    fastV = [Double](repeating: 0, count: cells)
    slowV = fastV
    celsius = [Double](repeating: 25, count: cells)
    volt = fastV
  }

  /// Takes the cells through steps of 60 s, fifteen of discharge and fifteen of charge in turn.
  mutating func run(steps: Int) {
    unsafe openCircuitV.withUnsafeBufferPointer { rest in
      unsafe seriesOhm.withUnsafeBufferPointer { ohm in
        unsafe charge.withUnsafeMutableBufferPointer { charge in
          unsafe fastV.withUnsafeMutableBufferPointer { fast in
            unsafe slowV.withUnsafeMutableBufferPointer { slow in
              unsafe celsius.withUnsafeMutableBufferPointer { celsius in
                unsafe volt.withUnsafeMutableBufferPointer { volt in
                  var pack = unsafe cell_ceiling_pack(
                    open_circuit_v: rest.baseAddress, series_ohm: ohm.baseAddress,
                    intervals: Int32(Self.intervals), charge: charge.baseAddress,
                    fast_v: fast.baseAddress, slow_v: slow.baseAddress,
                    celsius: celsius.baseAddress, volt: volt.baseAddress,
                    cells: Int32(charge.count))
                  unsafe cell_ceiling_run(&pack, Int32(steps), Self.currentA, Self.capacityAh)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Whether the cells are where whole turns of discharge and charge leave them: at half charge.
  var isChecked: Bool {
    charge.allSatisfy { abs($0 - 0.5) < 1e-9 } && volt.allSatisfy { $0 > 3 && $0 < 4 }
      && celsius.allSatisfy { $0 > 25 && $0 < 60 }
  }
}
