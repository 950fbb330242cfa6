extension CellSpecification {
  /// The cells that documents may name.
  public static var library: [CellSpecification] {
    [lfpPrismatic280, lfpCylindrical26650, nmcCylindrical21700]
  }

  /// A prismatic lithium iron phosphate cell of 280 Ah, the default of stationary batteries.
  ///
  /// Typical shape and size, not one maker's data: open-circuit and entropic curves rounded from the
  /// Sony/Murata measurements of M. Naumann (thesis, TUM 2018), resistances of the class (makers state
  /// 0.20 ± 0.05 mΩ at 1 kHz for 105 Ah), 5.4 kg at 1000…1100 J/(kg·K).
  public static var lfpPrismatic280: CellSpecification {
    CellSpecification(
      name: "lfp_prismatic_280", chemistry: .lfp,
      sources: [
        "M. Naumann, Techno-economic evaluation of stationary battery energy storage systems, "
          + "thesis, TUM 2018 (curves, rounded)",
        "EVE LF105 specification (1 kHz resistance of the class)",
      ],
      capacityAh: 280,
      socFraction: [
        0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55,
        0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 1,
      ],
      openCircuitV: [
        2.6, 2.78, 2.895, 2.967, 3.065, 3.146, 3.192, 3.212, 3.234, 3.254, 3.27, 3.2826, 3.292,
        3.2973, 3.2995, 3.3015, 3.3035, 3.3063, 3.3108, 3.3185, 3.3318, 3.334, 3.3352, 3.3368,
        3.339, 3.346, 3.372, 3.45,
      ],
      entropicVPerK: [
        -0.49e-3, -0.4574e-3, -0.4248e-3, -0.3922e-3, -0.327e-3, -0.2455e-3, -0.164e-3, -0.141e-3,
        -0.118e-3, -0.081e-3, -0.044e-3, 0.027e-3, 0.098e-3, 0.104e-3, 0.11e-3, 0.1195e-3,
        0.129e-3, 0.137e-3, 0.145e-3, 0.1225e-3, 0.1e-3, 0.092e-3, 0.084e-3, 0.101e-3, 0.1078e-3,
        0.1112e-3, 0.1146e-3, 0.118e-3,
      ],
      hysteresisV: nil,
      seriesOhm: 0.22e-3, seriesActivationJPerMol: 15000,
      seriesShape: [
        1.6, 1.53, 1.46, 1.39, 1.25, 1.185, 1.12, 1.085, 1.05, 1.025, 1, 1.0017, 1.0033, 1.005,
        1.0067, 1.0083, 1.01, 1.0117, 1.0133, 1.015, 1.0167, 1.0183, 1.02, 1.06, 1.096, 1.114,
        1.132, 1.15,
      ],
      fast: ResistorCapacitor(
        resistanceOhm: 0.12e-3, timeConstantS: 20, activationJPerMol: 25000),
      slow: ResistorCapacitor(
        resistanceOhm: 0.2e-3, timeConstantS: 600, activationJPerMol: 30000),
      pairShape: [
        2.5, 2.34, 2.18, 2.02, 1.7, 1.55, 1.4, 1.275, 1.15, 1.075, 1, 0.9875, 0.975, 0.9625, 0.95,
        0.9625, 0.975, 0.9875, 1, 1.025, 1.05, 1.1, 1.15, 1.4, 1.64, 1.76, 1.88, 2,
      ],
      surfaceLag: .ironPhosphate,
      chargeEfficiency: 0.999, selfDischargePerMonth: 0.02, minimumV: 2.5, maximumV: 3.65,
      maximumChargeC: 0.5, maximumDischargeC: 1, heatCapacityJPerK: 5600)
  }

  /// A cylindrical lithium iron phosphate cell of 3 Ah (Sony/Murata US26650FTC1).
  ///
  /// Numbers after the SimSES 2.1.1 set (BSD-3-Clause, Copyright TUM), thinned; its total resistance
  /// is split 45/25/30 % into the series part and two pairs of 20 s and 600 s.
  public static var lfpCylindrical26650: CellSpecification {
    CellSpecification(
      name: "lfp_cylindrical_26650", chemistry: .lfp,
      sources: [
        "SimSES 2.1.1, TUM (BSD-3-Clause), after M. Naumann, thesis, TUM 2018",
        "M. Naumann et al., J. Energy Storage 17 (2018) 153, doi:10.1016/j.est.2018.01.019",
      ],
      capacityAh: 3,
      socFraction: [
        0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99,
        1,
      ],
      openCircuitV: [
        2.2862, 2.7833, 2.8952, 3.0647, 3.1967, 3.2343, 3.2703, 3.2921, 3.2995, 3.3034, 3.3108,
        3.3185, 3.3331, 3.3412, 3.3435, 3.3522, 3.3963, 3.5305,
      ],
      entropicVPerK: [
        -0.49e-3, -0.46e-3, -0.42e-3, -0.33e-3, -0.164e-3, -0.118e-3, -0.044e-3, 0.098e-3, 0.11e-3,
        0.129e-3, 0.145e-3, 0.122e-3, 0.1e-3, 0.084e-3, 0.101e-3, 0.111e-3, 0.115e-3, 0.118e-3,
      ],
      hysteresisV: [
        0.030, 0.030, 0.029, 0.027, 0.025, 0.025, 0.029, 0.023, 0.019, 0.019, 0.019, 0.019, 0.019,
        0.017, 0.017, 0.017, 0.017, 0.017,
      ],
      seriesOhm: 21e-3, seriesActivationJPerMol: 15000,
      seriesShape: [
        2.2, 2.0, 1.8, 1.4, 1.15, 1.05, 1, 1, 1, 1, 1, 1, 1, 1.02, 1.05, 1.1, 1.15, 1.2,
      ],
      fast: ResistorCapacitor(resistanceOhm: 12e-3, timeConstantS: 20, activationJPerMol: 17000),
      slow: ResistorCapacitor(resistanceOhm: 14e-3, timeConstantS: 600, activationJPerMol: 17000),
      surfaceLag: .ironPhosphate,
      chargeEfficiency: 0.999, selfDischargePerMonth: 0.02, minimumV: 2, maximumV: 3.6,
      maximumChargeC: 1, maximumDischargeC: 3, heatCapacityJPerK: 70)
  }

  /// A cylindrical nickel manganese cobalt cell of 5 Ah (21700 class, LG M50 like).
  ///
  /// Resistances and pairs fitted to an electrochemical model of the cell with the parameters of
  /// C.-H. Chen et al., J. Electrochem. Soc. 167 (2020) 080534, doi:10.1149/1945-7111/ab9050; the
  /// open-circuit curve is the class's, rounded.
  public static var nmcCylindrical21700: CellSpecification {
    CellSpecification(
      name: "nmc_cylindrical_21700", chemistry: .nmc,
      sources: [
        "C.-H. Chen et al., J. Electrochem. Soc. 167 (2020) 080534, doi:10.1149/1945-7111/ab9050"
      ],
      capacityAh: 5,
      socFraction: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1],
      openCircuitV: [
        2.6, 3.19, 3.325, 3.462, 3.552, 3.624, 3.69, 3.786, 3.886, 3.982, 4.074, 4.105, 4.18,
      ],
      entropicVPerK: [
        -0.3e-3, -0.24e-3, -0.18e-3, -0.06e-3, 0.02e-3, 0.04e-3, 0.06e-3, 0.055e-3, 0.05e-3,
        0.01e-3, -0.03e-3, -0.055e-3, -0.08e-3,
      ],
      seriesOhm: 25e-3, seriesActivationJPerMol: 12000,
      seriesShape: [1.3, 1.2, 1.1, 1.02, 1, 1, 1, 1, 1, 1, 1, 1.02, 1.05],
      fast: ResistorCapacitor(resistanceOhm: 10e-3, timeConstantS: 31, activationJPerMol: 2000),
      slow: ResistorCapacitor(resistanceOhm: 14e-3, timeConstantS: 165, activationJPerMol: 12000),
      pairShape: [2, 1.6, 1.3, 1.1, 1, 1, 1, 1, 1, 1, 1, 1.05, 1.1],
      surfaceLag: .nickelManganeseCobalt,
      chargeEfficiency: 0.999, selfDischargePerMonth: 0.02, minimumV: 2.5, maximumV: 4.2,
      maximumChargeC: 0.7, maximumDischargeC: 1.5, heatCapacityJPerK: 65)
  }
}
