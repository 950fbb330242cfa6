/// The hash by which people tell whether they have the same file, as `sha256sum` prints it.
///
/// Source: National Institute of Standards and Technology, "Secure Hash Standard", FIPS 180-4 (2015), section 6.2,
/// doi:10.6028/NIST.FIPS.180-4.
package enum SHA256 {
  /// Returns the hash of some bytes as 64 hexadecimal digits.
  package static func text(of bytes: [UInt8]) -> String {
    var state = firstHash
    let whole = bytes.count / 64 * 64
    for first in stride(from: 0, to: whole, by: 64) {
      take(bytes[first..<first + 64], into: &state)
    }
    // The rest, a one bit, zeros, and the length in bits.
    var end = Array(bytes[whole...]) + [0x80]
    while end.count % 64 != 56 { end.append(0) }
    let bits = UInt64(bytes.count) * 8
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      end.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    for first in stride(from: 0, to: end.count, by: 64) {
      take(end[first..<first + 64], into: &state)
    }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func take(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 64)
    for t in 0..<16 {
      let place = block.startIndex + 4 * t
      words[t] =
        UInt32(block[place]) << 24 | UInt32(block[place + 1]) << 16
        | UInt32(block[place + 2]) << 8 | UInt32(block[place + 3])
    }
    for t in 16..<64 {
      let a = words[t - 15]
      let b = words[t - 2]
      let low = turned(a, 7) ^ turned(a, 18) ^ a >> 3
      let high = turned(b, 17) ^ turned(b, 19) ^ b >> 10
      words[t] = words[t - 16] &+ low &+ words[t - 7] &+ high
    }
    var v = state
    for t in 0..<64 {
      let e = v[4]
      let a = v[0]
      let chosen = e & v[5] ^ ~e & v[6]
      let mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let first = v[7] &+ mixed &+ chosen &+ constants[t] &+ words[t]
      let majority = a & v[1] ^ a & v[2] ^ v[1] & v[2]
      let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ majority
      v[7] = v[6]
      v[6] = v[5]
      v[5] = e
      v[4] = v[3] &+ first
      v[3] = v[2]
      v[2] = v[1]
      v[1] = a
      v[0] = first &+ second
    }
    for place in state.indices { state[place] = state[place] &+ v[place] }
  }

  private static func turned(_ word: UInt32, _ places: UInt32) -> UInt32 {
    word >> places | word << (32 - places)
  }

  /// The first 32 bits of the fractions of the square roots of the first 8 primes.
  private static let firstHash: [UInt32] = primes.prefix(8).map { fraction(ofRoot: 2, of: $0) }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { fraction(ofRoot: 3, of: $0) }

  private static let primes: [UInt64] = (2...311).filter { number in
    (2..<number).allSatisfy { number % $0 != 0 }
  }

  /// The first 32 bits of the fraction of a root: the largest whole r with r^n at most p · 2^(32 n).
  private static func fraction(ofRoot degree: Int, of prime: UInt64) -> UInt32 {
    // Bit by bit from above: roots of primes up to 311 are below 2⁵, with 32 bits of fraction.
    var root: UInt64 = 0
    for bit in (0..<37).reversed() {
      let candidate = root | 1 << UInt64(bit)
      if isAtMost(candidate, degree, prime) { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }

  /// Whether a number to a power is at most a prime times 2 to the power of 32 times the degree.
  private static func isAtMost(_ number: UInt64, _ degree: Int, _ prime: UInt64) -> Bool {
    var product: [UInt64] = [1]
    for _ in 0..<degree { product = multiplied(product, by: number) }
    let limit = [UInt64](repeating: 0, count: degree) + [prime]
    let length = max(product.count, limit.count)
    func limb(_ limbs: [UInt64], _ place: Int) -> UInt64 { place < limbs.count ? limbs[place] : 0 }
    for place in (0..<length).reversed() where limb(product, place) != limb(limit, place) {
      return limb(product, place) < limb(limit, place)
    }
    return true
  }

  /// Multiplies a number in limbs of 32 bits, the lowest first, by one of at most 37 bits.
  private static func multiplied(_ limbs: [UInt64], by factor: UInt64) -> [UInt64] {
    let low = factor & 0xFFFF_FFFF
    let high = factor >> 32
    var result = [UInt64](repeating: 0, count: limbs.count + 2)
    for (place, limb) in limbs.enumerated() {
      for (offset, part) in [low, high].enumerated() {
        var carry = limb * part
        var target = place + offset
        while carry > 0 {
          let sum = result[target] + (carry & 0xFFFF_FFFF)
          result[target] = sum & 0xFFFF_FFFF
          carry = (carry >> 32) + (sum >> 32)
          target += 1
        }
      }
    }
    while result.last == 0 { result.removeLast() }
    return result
  }
}
