import Diagnostics
import Documents
package import Forecasting
import Foundation
package import TimeSeries

/// Where the site is and what plant it has: the section `site`.
package struct SiteSettings: Sendable {
  /// Name shown in results.
  package var name: String
  /// What forecasters may know.
  package var context: SiteContext

  /// The site's clock.
  package var zone: Zone { context.zone }

  /// Where the sun is computed for, when the position is given.
  package var place: GeographicPosition? { context.place }
}

extension SiteSettings {
  /// Reads the section.
  init?(_ reader: MappingReader) {
    name = reader.text("name", default: "site")
    let zone = reader.zone("time_zone")
    let latitude = reader.optionalNumber("latitude_deg", .within(-90...90))
    let longitude = reader.optionalNumber("longitude_deg", .within(-180...180))
    reader.require(
      (latitude == nil) == (longitude == nil), latitude == nil ? "longitude_deg" : "latitude_deg",
      "'latitude_deg' and 'longitude_deg' must be given together")
    context = SiteContext(
      zone: zone ?? .utc, latitudeDeg: latitude, longitudeDeg: longitude,
      pvCapacityKW: reader.optionalNumber("pv_kwp", .zeroOrMore),
      tiltDeg: reader.optionalNumber("pv_tilt_deg", .within(0...90)),
      azimuthDeg: reader.optionalNumber("pv_azimuth_deg", .within(0...360)),
      holidays: reader.holidays("holidays"))
    readPlanes(reader)
  }

  /// Reads the planes of modules; a site with several states power and direction of each.
  private mutating func readPlanes(_ reader: MappingReader) {
    let usual = context
    context.pvInverterKW = reader.optionalNumber("pv_inverter_kw", .positive)
    var names: Set<String> = []
    context.planes =
      reader.optionalList("planes") { plane in
        let name = plane.text("name")
        plane.require(
          names.insert(name).inserted, "name",
          "planes need names of their own, found '\(name)' twice")
        return RoofPlane(
          name: name, moduleKW: plane.number("kwp", .positive),
          tiltDeg: plane.number("tilt_deg", .within(0...90), default: usual.plantTiltDeg),
          azimuthDeg: plane.number(
            "azimuth_deg", .within(0...360), default: usual.plantAzimuthDeg),
          inverterKW: plane.optionalNumber("inverter_kw", .positive),
          shareFraction: plane.optionalNumber("share", .fraction))
      } ?? []
    let shares = context.planes.compactMap(\.shareFraction)
    let sum = shares.reduce(0, +)
    reader.require(
      shares.isEmpty || abs(sum - 1) <= 0.001, "planes",
      "the shares of planes are of what one meter measures and must add up to 1, found "
        + "'\(plain((sum * 10_000).rounded() / 10_000))'")
    guard !context.planes.isEmpty else {
      reader.require(
        context.pvInverterKW == nil, "pv_inverter_kw",
        "'pv_inverter_kw' is that of the planes; a site without 'planes' has none")
      return
    }
    for key in ["pv_kwp", "pv_tilt_deg", "pv_azimuth_deg"] {
      reader.require(
        !reader.has(key), key, "'planes' say what '\(key)' would; leave one of them out")
    }
    reader.require(
      context.pvInverterKW == nil || context.planes.contains { $0.inverterKW == nil },
      "pv_inverter_kw",
      "every plane has an 'inverter_kw' of its own, so no plane is left for 'pv_inverter_kw'")
    context.pvCapacityKW = context.planes.reduce(0) { $0 + $1.moduleKW }
  }
}

extension MappingReader {
  /// Reads an IANA zone name that must be given.
  func zone(_ key: String) -> Zone? {
    requiredNode(key).flatMap { zone($0, named: key) }
  }

  /// Reads an IANA zone name that may be left out.
  func optionalZone(_ key: String) -> Zone? {
    node(key).flatMap { zone($0, named: key) }
  }

  private func zone(_ node: YAMLNode, named key: String) -> Zone? {
    guard let text = context.text(node, named: key) else { return nil }
    do {
      return try Zone(text)
    } catch {
      let near = suggestion(for: text, among: TimeZone.knownTimeZoneIdentifiers)
      context.error(
        "'\(key)' must be a zone of the IANA database such as Europe/Berlin, found '\(text)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""), at: node.position)
      return nil
    }
  }
}
