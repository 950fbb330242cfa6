// The C library's functions, in the one file of this room that reaches for them.
#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func exponential(_ x: Double) -> Double { exp(x) }
func raise(_ base: Double, to exponent: Double) -> Double { pow(base, exponent) }
func complementaryError(_ x: Double) -> Double { erfc(x) }
func tangent(_ x: Double) -> Double { tan(x) }
func arcsine(_ x: Double) -> Double { asin(x) }
func arccosine(_ x: Double) -> Double { acos(x) }
