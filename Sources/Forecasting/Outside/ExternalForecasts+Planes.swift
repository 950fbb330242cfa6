import Diagnostics
import TimeSeries

/// How forecasts of planes of modules add up to that of their site.
struct PlaneRule: Sendable {
  /// Where the forecast of a plane comes from.
  enum Part: Sendable {
    /// Rows of its own.
    case own
    /// So much of what others of its meter are said to give.
    case scaled(Double, of: [String])
  }

  /// The planes of the site.
  let planes: [(name: String, part: Part)]
  let sum: PlaneSum
  /// Probability levels that all planes have, increasing.
  let levels: [Double]
}

extension ExternalForecasts {
  /// Returns the rows with those of production bound to a plane of modules.
  ///
  /// - Parameters:
  ///   - plane: Name of the plane.
  ///   - version: Name that the version gets; its own when absent.
  /// - Returns: The rows; nothing where none is of production.
  package func bound(to plane: String, version: String? = nil) -> ExternalForecasts? {
    guard tables.keys.contains(where: { $0.quantity == .pv }) else { return nil }
    var bound = ExternalForecasts(
      rows: rows.map { row in
        var row = row
        if row.quantity == .pv { row.plane = plane }
        if let version { row.version = version }
        return row
      })
    bound.warnings = warnings
    bound.layout = layout
    return bound
  }

  /// Planes that a version has rows of, in alphabetical order.
  package func planes(version: String) -> [String] {
    tables.keys.filter { $0.version == version }.compactMap(\.plane).sorted()
  }

  /// Versions that have rows of planes, in alphabetical order.
  package var versionsByPlane: [String] {
    Set(tables.keys.filter { $0.plane != nil }.map(\.version)).sorted()
  }

  /// Makes the planes of every version add up to the production of a site.
  ///
  /// A plane without rows that has a share of a common meter is taken to give what its share is to that of the planes
  /// of the meter that have rows.
  ///
  /// - Parameter site: The site with its planes.
  /// - Returns: What is wrong, and what is worth knowing: the version, and the rest of a sentence about it.
  package mutating func addUpPlanes(
    of site: SiteContext
  ) -> (errors: [String], warnings: [String]) {
    var errors: [String] = []
    var remarks: [String] = []
    for version in versionsByPlane {
      if tables[Key(version: version, quantity: .pv)] != nil {
        errors.append(
          "version '\(version)' has forecasts of the production of the site and of planes of it")
        continue
      }
      let own = Set(planes(version: version))
      let shares = site.planes.shares
      let metered = site.planes.map(\.name).filter { shares[$0] != nil && own.contains($0) }
      let meteredShare = metered.reduce(0) { $0 + (shares[$1] ?? 0) }
      var parts: [(name: String, part: PlaneRule.Part)] = []
      for plane in site.planes {
        if own.contains(plane.name) {
          parts.append((plane.name, .own))
        } else if let share = plane.shareFraction, meteredShare > 0 {
          parts.append((plane.name, .scaled(share / meteredShare, of: metered)))
        } else {
          errors.append(
            "version '\(version)' has forecasts of \(listed(own.sorted().map { "'\($0)'" }, "and")) and none of"
              + " plane '\(plane.name)'")
        }
      }
      guard parts.count == site.planes.count else { continue }
      let given = own.sorted().map { levels(version: version, plane: $0) }
      let common = given.dropFirst().reduce(Set(given.first ?? [])) { $0.intersection($1) }
      let others = Set(given.joined()).subtracting(common).sorted()
      if !others.isEmpty {
        remarks.append(
          "not all planes of version '\(version)' have the quantiles "
            + "\(listed(others.map { plain($0) }, "and")), which are left out")
      }
      planeRules[version] = PlaneRule(
        planes: parts, sum: PlaneSum(site), levels: common.sorted())
    }
    return (errors, remarks)
  }

  /// For each plane of a version that has no rows of its own: by what, and of which planes, it is taken.
  package func scaledPlanes(version: String) -> [(plane: String, factor: Double, of: [String])] {
    (planeRules[version]?.planes ?? []).compactMap { plane in
      guard case .scaled(let factor, let others) = plane.part else { return nil }
      return (plane.name, factor, others)
    }
  }

  /// Returns the rows with those of one plane in place of production; those of other planes and of the site are gone.
  func ofPlane(_ name: String) -> ExternalForecasts {
    var alone = self
    alone.planeRules = [:]
    alone.tables = [:]
    for (key, table) in tables {
      guard key.quantity == .pv else {
        alone.tables[key] = table
        continue
      }
      if key.plane == name { alone.tables[Key(version: key.version, quantity: .pv)] = table }
    }
    return alone
  }

  /// The forecasts with the planes of each version added up, as of every instant at which one of them was issued.
  package var addedUp: ExternalForecasts {
    guard !planeRules.isEmpty else { return self }
    var sums = rows.filter { $0.plane == nil }
    for (version, rule) in planeRules.sorted(by: { $0.key < $1.key }) {
      var issues: [Int: Set<Int>] = [:]
      for row in rows where row.version == version && row.plane != nil {
        issues[row.validAt, default: []].insert(row.issuedAt)
      }
      for (validAt, instants) in issues.sorted(by: { $0.key < $1.key }) {
        let slot = TimeGrid(start: validAt, stepSeconds: 1, count: 1)
        for issuedAt in instants.sorted() {
          for level in [nil] + rule.levels.map({ Optional($0) }) {
            let value = values(
              version: version, quantity: .pv, level: level, over: slot, asOf: issuedAt)[0]
            guard value.isFinite else { continue }
            sums.append(
              Row(
                version: version, quantity: .pv, issuedAt: issuedAt, validAt: validAt,
                quantile: level, value: value))
          }
        }
      }
    }
    var result = ExternalForecasts(rows: sums)
    result.warnings = warnings
    result.layout = layout
    return result
  }

  /// The sum of the planes of a version per slot, and whether it was cut to what modules and inverters can give; empty
  /// for a version without planes.
  func production(
    version: String, level: Double?, over grid: TimeGrid, asOf: Int, maxAgeSeconds: Int?
  ) -> [(powerKW: Double, isCut: Bool)] {
    guard let rule = planeRules[version] else { return [] }
    var own: [String: [Double]] = [:]
    for case (let name, .own) in rule.planes {
      own[name] = values(
        version: version, plane: name, level: level, over: grid, asOf: asOf,
        maxAgeSeconds: maxAgeSeconds)
    }
    return grid.indices.map { k in
      rule.sum.total(
        rule.planes.map { plane in
          switch plane.part {
          case .own: own[plane.name]?[k] ?? .nan
          case .scaled(let factor, let others):
            factor * others.reduce(0) { $0 + (own[$1]?[k] ?? .nan) }
          }
        })
    }
  }

  private func levels(version: String, plane: String) -> [Double] {
    (tables[Key(version: version, quantity: .pv, plane: plane)]?.levels ?? []).compactMap { $0 }
  }

  /// What is forecast of a plane; where there is no point forecast, its median.
  private func values(
    version: String, plane: String, level: Double?, over grid: TimeGrid, asOf: Int,
    maxAgeSeconds: Int?
  ) -> [Double] {
    func column(_ level: Double?) -> [Double] {
      values(
        Key(version: version, quantity: .pv, plane: plane), level: level, over: grid, asOf: asOf,
        maxAgeSeconds: maxAgeSeconds)
    }
    var result = column(level)
    guard level == nil, result.contains(where: { $0.isNaN }) else { return result }
    let levels = levels(version: version, plane: plane)
    let quantiles = Forecast(
      grid: grid, values: result, quantileLevels: levels, quantiles: levels.map(column))
    for k in grid.indices where result[k].isNaN { result[k] = quantiles.median(k) }
    return result
  }
}
