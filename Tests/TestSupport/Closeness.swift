/// Returns whether two numbers agree within a named tolerance.
public func isClose(
  _ a: Double, _ b: Double, absolute: Double = 0, relative: Double = 0
) -> Bool {
  abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}
