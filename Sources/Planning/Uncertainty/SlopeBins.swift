internal import CPlanningKernels

/// Convex functions of the stored energy, one to a path, by the widths of their slopes.
///
/// A function is known by the energy it begins at and by how wide it is at each slope. Joining it with the
/// cost of a slot adds widths; cutting it to a band takes widths from the lowest or the highest bins.
struct SlopeBins {
  /// Of each bin, a number for each lane. [kWh at the end of the horizon]
  private var width: [Double] = []
  /// One bit to a bin that holds any width.
  private var used: [UInt64] = []
  /// Lowest energy of each function. [kWh at the end of the horizon]
  private var left: [Double] = []
  private var total: [Double] = []

  /// Width of the vectors; every width gives the same bits, and a machine without it takes the portable code.
  var vectorWidth = PLANNING_AVX512

  private var lanes: Int { left.count }

  /// Empties all bins; the functions begin at the lowest energy after the last slot.
  mutating func restart(bins: Int, paths: PathLanes) {
    let lanes = paths.groups * PLANNING_LANES
    let count = bins * lanes
    if width.count < count { width = [Double](repeating: 0, count: count + count / 4) }
    var span = width.mutableSpan
    for k in 0..<count { span[k] = 0 }
    used = [UInt64](repeating: 0, count: (bins + 63) / 64)
    left = paths.last(PLANNING_LOW)
    total = [Double](repeating: 0, count: lanes)
  }

  /// Adds the pieces of a value of the energy at the end, each with its bin.
  mutating func setEnd(_ pieces: [TerminalPiece], bins: [Int], paths: PathLanes) {
    let high = paths.last(PLANNING_HIGH)
    var at = left
    for (piece, bin) in zip(pieces, bins) {
      for lane in 0..<lanes {
        let added = max(0, min(high[lane], piece.upToKWh) - at[lane])
        guard added > 0 else { continue }
        width[bin * lanes + lane] += added
        total[lane] += added
        at[lane] += added
        used[bin >> 6] |= 1 << UInt64(bin & 63)
      }
    }
  }

  /// Takes the functions back through the slots of a horizon.
  ///
  /// - Parameters:
  ///   - paths: The paths.
  ///   - pieces: The pieces of the slots' costs.
  ///   - perDischarge: Stored energy that a kW takes over a slot. [h]
  ///   - perCharge: Stored energy that a kW leaves over a slot. [h]
  ///   - from: The slot after which the functions hold.
  ///   - to: The slot before which they are wanted, at least 1; nothing happens above `from`.
  mutating func goBack(
    _ paths: PathLanes, _ pieces: borrowing SlotPieces, perDischarge: Double, perCharge: Double,
    from: Int, to: Int
  ) {
    guard to <= from else { return }
    precondition(to >= 1 && pieces.slope.count * lanes <= width.count, "room for bins")
    let goBack =
      unsafe planning_go_back_for(Int32(vectorWidth)) ?? planning_go_back_for(Int32(PLANNING_AVX2))
      ?? planning_go_back_for(Int32(PLANNING_PORTABLE))
    unsafe withBins { bins in
      unsafe pieces.withSlots(paths, perDischarge: perDischarge, perCharge: perCharge) { slots in
        unsafe goBack?(bins, slots, from, to)
      }
    }
  }

  /// Writes the functions at a state as steps, see `planning_enter`.
  mutating func enter(
    slopes: [Double], scale: Double, kept: Double, within: ClosedRange<Double>, paths: Int,
    room: Int,
    steps: UnsafeMutablePointer<planning_step>, counts: UnsafeMutablePointer<Int64>,
    left: UnsafeMutablePointer<Double>
  ) {
    precondition(paths <= lanes && room >= slopes.count, "room for all steps")
    unsafe withBins { bins in
      unsafe planning_enter(
        bins, slopes, scale, kept, within.lowerBound, within.upperBound, paths, room, steps, counts,
        left)
    }
  }

  private mutating func withBins(_ body: (UnsafePointer<planning_bins>) -> Void) {
    let (groups, words) = (lanes / PLANNING_LANES, used.count)
    unsafe width.withUnsafeMutableBufferPointer { width in
      unsafe used.withUnsafeMutableBufferPointer { used in
        unsafe left.withUnsafeMutableBufferPointer { left in
          unsafe total.withUnsafeMutableBufferPointer { total in
            var bins = unsafe planning_bins(
              groups: groups, width: width.baseAddress, used: used.baseAddress, words: words,
              left: left.baseAddress, total: total.baseAddress)
            unsafe body(&bins)
          }
        }
      }
    }
  }
}
