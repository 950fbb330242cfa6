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
