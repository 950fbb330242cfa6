/// A model of how a cell loses capacity and gains resistance, from the literature.
///
/// Each is a calendar part, integrated over temperature and charge, and a part per cycle.
public enum AgeingModel: String, Sendable, CaseIterable, Codable {
  /// Large prismatic LFP, above 250 Ah.
  ///
  /// Source: P. Gasper et al., J. Energy Storage 73 (2023) 109042, doi:10.1016/j.est.2023.109042.
  /// Valid 10…45 °C, charge up to 0.65C, discharge up to 1C. It has no resistance of its own: that grows as in
  /// `lfpNaumann3`, see `resistanceModel`.
  case lfpGasper250 = "lfp_gasper_250ah"
  /// LFP 26650 of 3 Ah, as identified at NREL (BLAST-Lite `Lfp_Gr_SonyMurata3Ah_Battery`).
  case lfpNREL3 = "lfp_nrel_3ah"
  /// LFP 26650 of 3 Ah.
  ///
  /// Sources: M. Naumann et al., J. Energy Storage 17 (2018) 153, doi:10.1016/j.est.2018.01.019, and
  /// J. Power Sources 451 (2020) 227666, doi:10.1016/j.jpowsour.2019.227666.
  case lfpNaumann3 = "lfp_naumann_3ah"
  /// NMC 18650 of 2.15 Ah.
  ///
  /// Source: J. Schmalstieg et al., J. Power Sources 257 (2014) 325,
  /// doi:10.1016/j.jpowsour.2014.02.012.
  case nmcSchmalstieg2 = "nmc_schmalstieg_2ah"
  /// NMC pouch of 75 Ah, re-identified (BLAST-Lite `Nmc111_Gr_Kokam75Ah_Battery`).
  ///
  /// Source: K. Smith et al., American Control Conference 2017, doi:10.23919/ACC.2017.7963578.
  case nmcKokam75 = "nmc_kokam_75ah"

  /// The model that a chemistry ages by unless another is named.
  public static func standard(for chemistry: Chemistry) -> AgeingModel {
    switch chemistry {
    case .lfp: .lfpGasper250
    case .nmc: .nmcKokam75
    }
  }

  /// The model that resistance grows by: this one, or another where it has none of its own.
  public var resistanceModel: AgeingModel { self == .lfpGasper250 ? .lfpNaumann3 : self }

  /// Returns the rates that are averaged over time, at a temperature and state of charge.
  ///
  /// What they mean is the model's own business; unused ones are 0.
  func rates(kelvin t: Double, socFraction z: Double) -> SIMD8<Double> {
    let exp = PortableMath.exp
    switch self {
    case .lfpGasper250, .nmcKokam75:
      let ua = AgeingModel.graphitePotentialV(z)
      return potentialRates(
        PortableMath.exps(potentialExponents(kelvin: t, anodeV: ua)), kelvin: t, socFraction: z)
    case .lfpNREL3:
      let ua = AgeingModel.graphitePotentialV(z)
      let half = ua.squareRoot()
      let third = PortableMath.pow(ua, 1.0 / 3)
      let quarter = half.squareRoot()
      let q1 = abs(
        0.98968715129359 * exp(-2881067.56019324 * half / (t * t) + 8742.06309157261 * half / t))
      let t3 = t * t * t
      let q3 = abs(
        0.000332850281062177
          * exp(
            7.34553185711369e11 * third / (t3 * t) - 2.8216157562078e-6 * t3 * quarter
              - 3284991315.45121 * third / t3 + 0.0012722759365729 * t * t * quarter))
      let kT = 3.4194e-10 * exp(-71827 / 8.3144 * (1 / t - 1 / 298.15))
      let d = z - 0.5
      return [
        q1, q3, kT,
        AgeingModel.skewNormal(z, shape: 0.0583128906965484, width: 0.208738181522897),
        -3.3903 * d * d * d + 1.5604, 0, 0, 0,
      ]
    case .lfpNaumann3:
      let inverse = 1 / t - 1 / 298.15
      let d = z - 0.5
      let k = 1.2571e-5 * exp(-17126 / 8.3144598 * inverse) * (2.8575 * d * d * d + 0.60225)
      return [
        // The square of the rate, because losses add as √(loss² + k²·t).
        k * k, exp(AgeingModel.growthExponent(kelvin: t)) * AgeingModel.growthPerS(z), 0, 0,
        0, 0, 0, 0,
      ]
    case .nmcSchmalstieg2:
      let volt = SchmalstiegCurve.voltage(z)
      return [
        (7.543 * volt - 23.75) * 1e6 * exp(-6976 / t),
        (5.270 * volt - 16.32) * 1e5 * exp(-5986 / t), volt * volt, 0, 0, 0,
        0, 0,
      ]
    }
  }

  // MARK: Resistance of LFP
  //
  // M. Naumann et al., J. Energy Storage 17 (2018) 153, doi:10.1016/j.est.2018.01.019, and J. Power Sources 451
  // (2020) 227666, doi:10.1016/j.jpowsour.2019.227666; fitted to one cell of 3 Ah. Numbers as in SimSES (BSD-3-Clause).

  /// Exponent of the growth with time over that at 25 °C.
  static func growthExponent(kelvin t: Double) -> Double {
    -71827 / 8.3144598 * (1 / t - 1 / 298.15)
  }

  /// Growth with time at 25 °C, as a share of the new resistance. [1/s]
  static func growthPerS(_ socFraction: Double) -> Double {
    let d = socFraction - 0.5
    return 3.4194e-10 * (-3.3903 * d * d + 1.5604)
  }

  /// Growth with an equivalent full cycle; none above 1.05C, where the line would turn negative.
  static func growthPerCycle(depth: Double, cRate: Double) -> Double {
    let d = depth - 0.5
    return max(0, -0.0020 * cRate + 0.0021) * (6.8477 * d * d * d + 0.9182) / 100
  }

  /// Potential of a graphite anode at a cell's state of charge. [V]
  static func graphitePotentialV(_ z: Double) -> Double {
    graphiteV(PortableMath.exps(graphiteExponents(z)))
  }

  /// The skewed bell of the NREL break-in term about one half.
  static func skewNormal(_ x: Double, shape: Double, width: Double) -> Double {
    let u = (x - 0.5) / width
    return 2 * PortableMath.normalPDF(u) * PortableMath.normalCDF(shape * u)
  }
}
