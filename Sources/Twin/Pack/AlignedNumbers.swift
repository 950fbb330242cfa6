/// Numbers that never change, at an address that whole vectors can be read from.
///
/// The memory is filled before the object is shared and never written again; that is what makes the
/// unchecked conformance sound.
@safe final class AlignedNumbers: @unchecked Sendable {
  /// The first number; valid as long as this object.
  let start: UnsafePointer<Double>
  private let memory: UnsafeMutableRawPointer

  init(_ numbers: [Double]) {
    unsafe memory = .allocate(byteCount: 8 * max(1, numbers.count), alignment: 64)
    let first = unsafe memory.bindMemory(to: Double.self, capacity: max(1, numbers.count))
    for (i, number) in numbers.enumerated() { unsafe (first + i).initialize(to: number) }
    unsafe start = UnsafePointer(first)
  }

  deinit { unsafe memory.deallocate() }

  subscript(index: Int) -> Double { unsafe start[index] }
}
