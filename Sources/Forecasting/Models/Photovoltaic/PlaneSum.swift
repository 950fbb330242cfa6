import TimeSeries

/// Adds up what planes are said to give: each within its modules and its inverter, those on a common inverter
/// within that as well.
struct PlaneSum: Sendable {
  /// Most that each plane can give. [kW]
  private let mostKW: [Double]
  private let isOnCommon: [Bool]
  private let commonKW: Double

  init(_ site: SiteContext) {
    mostKW = site.planes.map { site.alone($0).mostPVKW }
    isOnCommon = site.planes.map { $0.inverterKW == nil }
    commonKW = site.pvInverterKW ?? .infinity
  }

  /// The sum, missing where the value of a plane is, and whether anything was cut off it.
  func total(_ partsKW: [Double]) -> (powerKW: Double, isCut: Bool) {
    precondition(partsKW.count == mostKW.count, "one value per plane")
    var common = 0.0
    var apart = 0.0
    var isCut = false
    for (k, part) in partsKW.enumerated() {
      guard part.isFinite else { return (.nan, false) }
      if part > mostKW[k] { isCut = true }
      if isOnCommon[k] { common += min(part, mostKW[k]) } else { apart += min(part, mostKW[k]) }
    }
    if common > commonKW { isCut = true }
    return (min(common, commonKW) + apart, isCut)
  }
}
