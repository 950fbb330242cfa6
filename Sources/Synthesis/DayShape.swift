import Numerics

/// Returns the cosine of an angle in turns.
func cosineOfTurns(_ turns: Double) -> Double { cosine(2 * Double.pi * turns) }

/// Returns the cosine of an angle. [deg]
func cosine(deg: Double) -> Double { cosine(deg * Double.pi / 180) }

/// Returns the sine of an angle. [deg]
func sine(deg: Double) -> Double { sine(deg * Double.pi / 180) }

/// Returns a value moved into a range.
func limited(_ x: Double, _ low: Double, _ high: Double) -> Double { min(high, max(low, x)) }

/// Returns a hump of height 1 around a centre on a circle of 24 h, falling off with a width. [h]
func hump(hour: Double, at centre: Double, width: Double) -> Double {
  var distance = abs(hour - centre)
  if distance > 12 { distance = 24 - distance }
  let scaled = distance / width
  return exponential(-0.5 * scaled * scaled)
}
