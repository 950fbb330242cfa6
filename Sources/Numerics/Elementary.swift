// The C library's functions, in the one file that reaches for them on behalf of the rooms that model.
#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Returns the sine of an angle. [rad]
package func sine(_ x: Double) -> Double { sin(x) }

/// Returns the cosine of an angle. [rad]
package func cosine(_ x: Double) -> Double { cos(x) }

/// Returns the tangent of an angle. [rad]
package func tangent(_ x: Double) -> Double { tan(x) }

/// Returns the angle of a sine. [rad]
package func arcsine(_ x: Double) -> Double { asin(x) }

/// Returns the angle of a cosine. [rad]
package func arccosine(_ x: Double) -> Double { acos(x) }

/// Returns the angle of a tangent. [rad]
package func arctangent(_ x: Double) -> Double { atan(x) }

/// Returns e to the power of x.
package func exponential(_ x: Double) -> Double { exp(x) }

/// Returns the natural logarithm.
package func logarithm(_ x: Double) -> Double { log(x) }

/// Returns a power.
package func raise(_ base: Double, to exponent: Double) -> Double { pow(base, exponent) }

/// Returns the complementary error function.
package func complementaryError(_ x: Double) -> Double { erfc(x) }
