/// A site and a battery of any size as one linear program over a year: what is bought, sold and stored, and how
/// large the battery is.
///
/// Prices, load and production are known beforehand, months are apart from each other (a battery ends each one as
/// full as it began), and the battery always works at the same efficiency. It bounds what a size can earn and says
/// where to look, not what a replay pays.
package struct CapacityProblem: Sendable {
  /// A charge on the highest import among some slots.
  package struct Demand: Sendable {
    /// Price of one kW. [currency/kW]
    package var pricePerKW: Double
    /// Whether each slot counts.
    package var applies: [Bool]

    /// Creates a charge.
    package init(pricePerKW: Double, applies: [Bool]) {
      self.pricePerKW = pricePerKW
      self.applies = applies
    }
  }

  /// Slots that are planned apart from the others, such as a month.
  package struct Part: Sendable {
    /// Load less production. [kW, one per slot]
    package var netKW: [Double]
    /// Production, which may be thrown away. [kW, one per slot]
    package var pvKW: [Double]
    /// Price of a kWh bought. [currency/kWh, one per slot]
    package var buyPerKWh: [Double]
    /// Price of a kWh sold. [currency/kWh, one per slot]
    package var sellPerKWh: [Double]
    /// Charges on peaks.
    package var demands: [Demand]

    /// Lists what a part holds.
    package init(
      netKW: [Double], pvKW: [Double], buyPerKWh: [Double], sellPerKWh: [Double],
      demands: [Demand] = []
    ) {
      self.netKW = netKW
      self.pvKW = pvKW
      self.buyPerKWh = buyPerKWh
      self.sellPerKWh = sellPerKWh
      self.demands = demands
    }
  }

  /// The parts of the year.
  package var parts: [Part]
  /// Length of a slot. [h]
  package var stepHours: Double
  /// Share of the nominal energy that may be used.
  package var usableShare: Double
  /// Energy kept of what is charged, and given of what is let out.
  package var chargeEfficiency: Double
  package var dischargeEfficiency: Double
  /// Highest export; infinite for no limit. [kW]
  package var exportLimitKW: Double
  /// Value of one unit less on the bill of the period. [currency]
  package var billWeight: Double
  /// What one more kWh and one more kW of battery cost. [currency]
  package var pricePerKWh: Double
  package var pricePerKW: Double
  /// Largest battery. [kWh] [kW]
  package var mostKWh: Double
  package var mostKW: Double

  /// Sets up a problem.
  package init(
    parts: [Part], stepHours: Double, usableShare: Double = 1, chargeEfficiency: Double = 1,
    dischargeEfficiency: Double = 1, exportLimitKW: Double = .infinity, billWeight: Double = 1,
    pricePerKWh: Double, pricePerKW: Double, mostKWh: Double, mostKW: Double
  ) {
    self.parts = parts
    self.stepHours = stepHours
    self.usableShare = usableShare
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
    self.exportLimitKW = exportLimitKW
    self.billWeight = billWeight
    self.pricePerKWh = pricePerKWh
    self.pricePerKW = pricePerKW
    self.mostKWh = mostKWh
    self.mostKW = mostKW
  }
}
