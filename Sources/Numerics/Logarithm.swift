#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Returns the natural logarithm from the C library.
func logarithm(_ x: Double) -> Double { log(x) }
