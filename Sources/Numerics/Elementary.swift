// The C library's functions, in the one file of this room that reaches for them.
#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

func logarithm(_ x: Double) -> Double { log(x) }
func arcTangent(_ x: Double) -> Double { atan(x) }
func complementaryError(_ x: Double) -> Double { erfc(x) }
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
