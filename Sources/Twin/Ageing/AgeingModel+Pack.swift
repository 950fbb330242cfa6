internal import CTwinKernels

extension AgeingModel {
  /// The rates of every cell of a pack at its present temperature and charge.
  ///
  /// The models of large cells need eight exponentials a cell; those of all cells are taken at once.
  func rates(of pack: CellPack) -> [SIMD8<Double>] {
    let count = pack.cellCount
    let kernels = unsafe pack.model.kernels
    switch self {
    case .lfpGasper250, .nmcKokam75:
      var anode = (0..<count).map {
        AgeingModel.graphiteExponents(min(max(pack[.soc, $0], 0), 1))
      }
      unsafe PortableMath.exps(&anode, kernels)
      var exponents = (0..<count).map { j in
        potentialExponents(
          kelvin: pack[.temperature, j] + 273.15, anodeV: AgeingModel.graphiteV(anode[j]))
      }
      unsafe PortableMath.exps(&exponents, kernels)
      return (0..<count).map { j in
        potentialRates(
          exponents[j], kelvin: pack[.temperature, j] + 273.15,
          socFraction: min(max(pack[.soc, j], 0), 1))
      }
    default:
      return (0..<count).map { j in
        rates(
          kelvin: pack[.temperature, j] + 273.15, socFraction: min(max(pack[.soc, j], 0), 1))
      }
    }
  }

  // MARK: Models over the potential of the anode

  /// What the exponentials of such a model are taken of.
  func potentialExponents(kelvin t: Double, anodeV: Double) -> SIMD8<Double> {
    switch self {
    case .lfpGasper250:
      [
        -(5210 + 3560 * anodeV) / t, 2190 / t, -1.55e5 / t, AgeingModel.growthExponent(kelvin: t),
        0,
        0, 0, 0,
      ]
    default:
      [
        -17.8 * 308.15 / t, -5.21 * (anodeV / 0.123) * 308.15 / t, -18.4 * 308.15 / t, 0, 0, 0, 0,
        0,
      ]
    }
  }

  /// The rates from those exponentials.
  func potentialRates(
    _ e: SIMD8<Double>, kelvin t: Double, socFraction z: Double
  ) -> SIMD8<Double> {
    switch self {
    case .lfpGasper250:
      [8.37e4 * e[0], e[1] + e[2], e[3] * AgeingModel.growthPerS(z), 0, 0, 0, 0, 0]
    default: [2.66e7 * e[0] * e[1], 3.80e3 * e[2], t - 328.15, z, 0, 0, 0, 0]
    }
  }

  // MARK: Potential of a graphite anode

  /// What the exponentials of the potential are taken of, at a cell's state of charge.
  static func graphiteExponents(_ z: Double) -> SIMD8<Double> {
    let a = 0.0085 + z * (0.78 - 0.0085)
    return [
      -305.5309 * a, -2 * (a - 0.1958) / 0.1088, 2 * (a - 1.0571) / 0.0854,
      2 * (a + 0.0117) / 0.0529, 2 * (a - 0.5692) / 0.0875, 0, 0, 0,
    ]
  }

  /// The potential from those exponentials. [V]
  ///
  /// Source: M. Safari, C. Delacourt, J. Electrochem. Soc. 158 (2011) A562, doi:10.1149/1.3567007.
  static func graphiteV(_ e: SIMD8<Double>) -> Double {
    // tanh x = (e^2x − 1)/(e^2x + 1)
    let t = (e - 1) / (e + 1)
    return 0.6379 + 0.5416 * e[0] + 0.044 * t[1] - 0.1978 * t[2] - 0.6875 * t[3] - 0.0175 * t[4]
  }
}
