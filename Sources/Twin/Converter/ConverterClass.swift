/// A kind of inverter whose loss curve is known.
///
/// Measured ones are named after the unit and scale with the rating. Sources: HTW Berlin's
/// laboratory figures in RE-Lab-Projects/bslib (bslib_database.csv, January 2023, CC BY 4.0): losses of a
/// path over its output power, which charging turns into losses over the power at the grid by least
/// squares; standby is the mean of full and empty battery with meter and gateway. Sungrow SC1000TL: field
/// fit in the thesis of F. Müller (TU Munich), as in tum-ees/simses.
public enum ConverterClass: String, Sendable, CaseIterable {
  /// Hybrid inverter of the 5 kW class.
  case hybrid
  /// Large power conversion system.
  case utility
  /// Without loss, for checks.
  case ideal
  /// Siemens Junelight Smart Battery 9.9, alternating current, 3.5 kW.
  case siemensJunelight = "siemens_junelight"
  /// KOSTAL Plenticore plus 5.5, 3.2 kW in discharge; charging from the grid was not measured.
  case kostalPlenticore5 = "kostal_plenticore_5_5"
  /// KOSTAL Plenticore plus 10, 5.8 kW in discharge; charging from the grid was not measured.
  case kostalPlenticore10 = "kostal_plenticore_10"
  /// Fronius Symo GEN24 10.0 Plus, 9.8 kW.
  case froniusGEN24 = "fronius_gen24_10"
  /// Sungrow SC1000TL, 1 MW.
  case sungrowSC1000 = "sungrow_sc1000"

  /// Returns an inverter of the class.
  ///
  /// - Parameter ratedKW: Rated AC power. [kW]
  /// - Returns: The inverter.
  public func converter(ratedKW: Double) -> ConverterSpecification {
    switch self {
    case .hybrid: ConverterSpecification(ratedKW: ratedKW)
    case .utility: .utility(ratedKW: ratedKW)
    case .ideal: .ideal(ratedKW: ratedKW)
    case .siemensJunelight:
      ConverterSpecification(
        ratedKW: ratedKW,
        chargeLoss: ConverterLoss(noLoad: 0.01017, linear: 0.00997, quadratic: 0.02953),
        dischargeLoss: ConverterLoss(noLoad: 0.01067, linear: 0.00649, quadratic: 0.04307),
        standbyKW: 0.00415 * ratedKW)
    case .kostalPlenticore5:
      ConverterSpecification(
        ratedKW: ratedKW,
        chargeLoss: ConverterLoss(noLoad: 0.00998, linear: 0.03120, quadratic: 0.01056),
        standbyKW: 0.0019 * ratedKW)
    case .kostalPlenticore10:
      ConverterSpecification(
        ratedKW: ratedKW,
        chargeLoss: ConverterLoss(noLoad: 0.00602, linear: 0.01900, quadratic: 0.01511),
        standbyKW: 0.0011 * ratedKW)
    case .froniusGEN24:
      ConverterSpecification(
        ratedKW: ratedKW,
        chargeLoss: ConverterLoss(noLoad: 0.00264, linear: 0.01537, quadratic: 0.01017),
        dischargeLoss: ConverterLoss(noLoad: 0.00273, linear: 0.01154, quadratic: 0.00986),
        standbyKW: 0.0028 * ratedKW)
    case .sungrowSC1000:
      ConverterSpecification(
        ratedKW: ratedKW,
        chargeLoss: ConverterLoss(noLoad: 0.00770, linear: 0, quadratic: 0.01729),
        dischargeLoss: ConverterLoss(noLoad: 0.00551, linear: 0, quadratic: 0.01877))
    }
  }
}
