import Foundation
import TestSupport
import TimeSeries

/// Measured series for comparison with published figures; see the folder named by `WATTIF_DATA`.
enum MeasuredSeries {
  /// Load and PV of a Californian home, on its own clock taken as UTC; PV of a 4 kW plant (home 10:
  /// 5 kW).
  static func home(_ id: String) -> SiteHistory {
    let table = homes
    let stamps = table["interval_start_local"] ?? []
    let power = id == "10" ? 5.0 : 4.0
    let grid = TimeGrid(start: instant(stamps[0]), stepSeconds: 3600, count: stamps.count)
    return SiteHistory(
      grid: grid, zone: .utc,
      columns: [
        .load: (table["load_b\(id)_kwh"] ?? []).map { Double($0) ?? .nan },
        .pv: (table["pv_b\(id)_w_per_kw"] ?? []).map { (Double($0) ?? .nan) * power / 1000 },
      ])
  }

  private static let homes =
    (try? columns("homes_fontana_citylearn/load_pv_1h.csv")) ?? [:]

  private static func columns(_ path: String) throws -> [String: [Substring]] {
    let folder = RealData.folder ?? ""
    let text = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    var result: [String: [Substring]] = [:]
    var names: [String] = []
    for line in text.split(separator: "\n") {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      if names.isEmpty {
        names = cells.map(String.init)
      } else {
        for (name, cell) in zip(names, cells) { result[name, default: []].append(cell) }
      }
    }
    return result
  }

  private static func instant(_ text: Substring) -> Int {
    let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    return CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3]
    ).localSeconds
  }
}
