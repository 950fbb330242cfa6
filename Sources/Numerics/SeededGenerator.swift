/// A seeded generator with the same sequence on every machine.
///
/// xoshiro256** with its state filled by SplitMix64.
/// Source: D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators",
/// ACM Trans. Math. Softw. 47 (2021) 36, doi:10.1145/3460772.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// Starts the sequence of a seed.
  package init(seed: UInt64) {
    var mixer = seed
    func next(_ mixer: inout UInt64) -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(&mixer), next(&mixer), next(&mixer), next(&mixer))
  }

  /// Starts the sequence that belongs to a seed and a label.
  ///
  /// Streams of different labels are independent, so drawing more from one moves no other.
  package init(seed: UInt64, label: String) {
    // Swift's own hashes change from run to run.
    self.init(seed: seed ^ Fingerprint(label).value)
  }

  /// Returns a generator for a labelled part of the work, leaving this one one draw further.
  package mutating func split(_ label: String) -> SeededGenerator {
    SeededGenerator(seed: next(), label: label)
  }

  package mutating func next() -> UInt64 {
    let result = rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  private func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

  /// Returns a number in [0, 1), with 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Returns a number in [low, high).
  package mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Returns a whole number in 0..<count.
  package mutating func index(below count: Int) -> Int {
    precondition(count > 0, "something to choose from")
    return min(count - 1, Int(uniform() * Double(count)))
  }

  /// Returns a number from the standard normal distribution (polar method of Marsaglia).
  package mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let u = uniform(-1, 1)
      let v = uniform(-1, 1)
      let s = u * u + v * v
      if s > 0, s < 1 {
        let factor = (-2 * logarithm(s) / s).squareRoot()
        spare = v * factor
        return u * factor
      }
    }
  }

  /// Returns a number from the exponential distribution with a mean.
  package mutating func exponential(mean: Double) -> Double { -mean * logarithm(1 - uniform()) }
}
