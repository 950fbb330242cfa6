import Numerics
import TimeSeries

/// One plane of modules among several of a site.
package struct RoofPlane: Sendable, Hashable {
  /// Name of the plane.
  package var name: String
  /// Power of the modules at 1000 W/m² and 25 °C. [kW]
  package var moduleKW: Double
  /// Tilt of the modules from horizontal. [°]
  package var tiltDeg: Double
  /// Direction the modules face, 180 for south. [°]
  package var azimuthDeg: Double
  /// Largest AC power of an inverter of its own; nothing for one that shares the inverter of the plant. [kW]
  package var inverterKW: Double?
  /// Share of the production that is measured for several planes together, for a plane without a meter of its
  /// own, 0…1.
  package var shareFraction: Double?

  /// Describes a plane.
  package init(
    name: String, moduleKW: Double, tiltDeg: Double, azimuthDeg: Double, inverterKW: Double? = nil,
    shareFraction: Double? = nil
  ) {
    self.name = name
    self.moduleKW = moduleKW
    self.tiltDeg = tiltDeg
    self.azimuthDeg = azimuthDeg
    self.inverterKW = inverterKW
    self.shareFraction = shareFraction
  }
}

extension [RoofPlane] {
  /// Share of each plane that has one, by name.
  package var shares: [String: Double] {
    reduce(into: [:]) { $0[$1.name] = $1.shareFraction }
  }
}

/// Several planes of modules, each on an inverter of its own or on a common one.
///
/// Direct current of planes on one inverter adds up before the inverter's losses and its limit, so planes that face
/// apart are clipped less than each would be alone.
struct PlantOfPlanes: Sendable {
  /// Planes on each inverter; the first of a group carries the inverter.
  private let groups: [[PhotovoltaicPlant]]
  private let moduleKW: Double

  init(_ planes: [RoofPlane], inverterKW: Double?) {
    func plant(_ plane: RoofPlane, _ inverterKW: Double?) -> PhotovoltaicPlant {
      PhotovoltaicPlant(
        moduleKW: plane.moduleKW, tiltDeg: plane.tiltDeg, azimuthDeg: plane.azimuthDeg,
        inverterKW: inverterKW)
    }
    let common = planes.filter { $0.inverterKW == nil }
    let commonKW = common.reduce(0) { $0 + $1.moduleKW }
    var groups = planes.filter { $0.inverterKW != nil }.map { [plant($0, $0.inverterKW)] }
    if !common.isEmpty {
      groups.append(common.map { plant($0, inverterKW ?? commonKW / 1.1) })
    }
    self.groups = groups
    moduleKW = planes.reduce(0) { $0 + $1.moduleKW }
  }

  /// Alternating-current power under a sky of which only the global irradiance is known. [kW]
  func power(
    horizontalWM2: Double, ambientC: Double, windMS: Double, sun: SunPosition
  ) -> Double {
    let (beam, diffuse) = PhotovoltaicPlant.split(horizontalWM2: horizontalWM2, sun: sun)
    var sum = 0.0
    for group in groups {
      var direct = 0.0
      for plant in group {
        direct += plant.directPower(
          beamWM2: beam, diffuseWM2: diffuse, horizontalWM2: horizontalWM2, ambientC: ambientC,
          windMS: windMS, sun: sun)
      }
      sum += group[0].inverterPower(moduleKW: direct)
    }
    return sum
  }

  /// What a cloudless sky would give, as the irradiance of a plane that gave as much per kW. [W/m²]
  func clearSkyWM2(_ sun: SunPosition) -> Double {
    guard moduleKW > 0 else { return 0 }
    return 1000
      * power(horizontalWM2: sun.clearSkyWM2, ambientC: 20, windMS: 1, sun: sun) / moduleKW
  }
}

extension SiteContext {
  /// The site with one of its planes alone.
  ///
  /// A plane on the common inverter may have all of it.
  func alone(_ plane: RoofPlane) -> SiteContext {
    var site = self
    site.planes = [plane]
    site.pvCapacityKW = plane.moduleKW
    site.tiltDeg = plane.tiltDeg
    site.azimuthDeg = plane.azimuthDeg
    if plane.inverterKW != nil { site.pvInverterKW = nil }
    return site
  }

  /// The planes as a plant; nothing for a site of one plane.
  var plantOfPlanes: PlantOfPlanes? {
    planes.isEmpty ? nil : PlantOfPlanes(planes, inverterKW: pvInverterKW)
  }

  /// Most that the plant can give: its modules with what a cold clear day brings, and its inverters. [kW]
  var mostPVKW: Double {
    let modules = (pvCapacityKW ?? .infinity) * ForecastGuards.capFactor
    guard !planes.isEmpty else { return modules }
    let common = planes.filter { $0.inverterKW == nil }.reduce(0) { $0 + $1.moduleKW }
    var inverters = common > 0 ? pvInverterKW ?? common * ForecastGuards.capFactor : 0
    for plane in planes {
      inverters += min(
        plane.inverterKW ?? 0, plane.moduleKW * ForecastGuards.capFactor)
    }
    return min(modules, inverters)
  }
}
