internal import CPlanningKernels
internal import TimeSeries

/// The paths of a horizon side by side, four to a group, as the kernels take them.
struct PathLanes {
  /// Number of groups.
  let groups: Int
  /// One row per slot: what all paths share, then five columns for each group.
  let rows: [Double]
  /// What the paths of each slot reach.
  let reach: [planning_reach]

  /// Lays the paths of a request side by side; lanes left over repeat the first path.
  init(_ paths: [ForecastPath], of model: PlanningModel) {
    let n = model.count
    let lanes = PLANNING_LANES
    let groups = (paths.count + lanes - 1) / lanes
    let columns = PLANNING_SHARED + groups * PLANNING_GROUP
    var rows = [Double](repeating: 0, count: n * columns)
    var reach = [planning_reach](
      repeating: planning_reach(pv_kw: 0, lowest_kw: .infinity, highest_kw: -.infinity), count: n)
    for t in 0..<n {
      rows[t * columns + PLANNING_CHARGE] = model.chargeKW[t]
      rows[t * columns + PLANNING_DISCHARGES] = model.gainsByLosing(t) ? 0 : 1
    }
    let sharesBand = model.sharesBand
    let exportLimitKW = (0..<n).map { model.exportLimitKW[$0] }
    for lane in 0..<groups * lanes {
      let path = paths[lane < paths.count ? lane : 0]
      let band = sharesBand ? model : model.along(path)
      Self.lay(
        path, low: band.energyMin, high: band.energyMax, exportLimitKW: exportLimitKW, model,
        lane: lane, groups: groups, &rows,
        &reach)
    }
    self.groups = groups
    self.rows = rows
    self.reach = reach
  }

  /// Returns a column of the last slot, a number for each lane.
  func last(_ column: Int) -> [Double] {
    let lanes = PLANNING_LANES
    let last = rows.count - groups * PLANNING_GROUP
    return (0..<groups * lanes).map {
      rows[last + $0 / lanes * PLANNING_GROUP + column + $0 % lanes]
    }
  }

  private static func lay(
    _ path: ForecastPath, low: [Double], high: [Double], exportLimitKW: [Double],
    _ model: PlanningModel, lane: Int,
    groups: Int, _ rows: inout [Double], _ reach: inout [planning_reach]
  ) {
    let n = model.count
    precondition(
      path.loadKW.count == n && path.pvKW.count == n && low.count == n && high.count == n
        && exportLimitKW.count == n && model.mostDischargeKW.count == n, "one value per slot")
    unsafe path.loadKW.withUnsafeBufferPointer { load in
      unsafe path.pvKW.withUnsafeBufferPointer { pv in
        unsafe model.mostDischargeKW.withUnsafeBufferPointer { most in
          unsafe low.withUnsafeBufferPointer { low in
            unsafe high.withUnsafeBufferPointer { high in
              unsafe exportLimitKW.withUnsafeBufferPointer { limit in
                var columns = unsafe planning_path(
                  load_kw: load.baseAddress, pv_kw: pv.baseAddress,
                  most_discharge_kw: most.baseAddress, low_kwh: low.baseAddress,
                  high_kwh: high.baseAddress, export_limit_kw: limit.baseAddress)
                unsafe planning_lay(&rows, groups, lane, &columns, &reach, n)
              }
            }
          }
        }
      }
    }
  }
}
