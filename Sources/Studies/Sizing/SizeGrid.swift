import Diagnostics
import Replay
import Twin

/// The sizes of the settings at one site, in the order of results: by energy, then by power.
struct SizeGrid {
  private let settings: SizingSettings
  private let site: Int
  private let twinOfSize: TwinOfSize
  private let energies: [Double]
  private let powers: [Double]

  init(_ settings: SizingSettings, site: Int, twinOfSize: @escaping TwinOfSize) {
    self.settings = settings
    self.site = site
    self.twinOfSize = twinOfSize
    // A search needs neighbours to be near.
    let isSearched = settings.search == .refine
    energies = isSearched ? Set(settings.energiesKWh).sorted() : settings.energiesKWh
    powers = isSearched ? Set(settings.powersKW).sorted() : settings.powersKW
  }

  /// Number of cells.
  var count: Int { energies.count * powers.count }

  private func candidate(_ energyKWh: Double, _ powerKW: Double) throws -> SizingRunner.Candidate {
    SizingRunner.Candidate(
      site: site,
      battery: BatteryChoice(
        energyKWh: energyKWh, powerKW: powerKW, twin: try twinOfSize(energyKWh, powerKW)))
  }

  /// Every cell.
  var all: [SizingRunner.Candidate] {
    get throws {
      try energies.flatMap { energy in try powers.map { try candidate(energy, $0) } }
    }
  }

  /// Replays the cells that a search leads to.
  ///
  /// - Parameters:
  ///   - hint: A size to look at besides.
  ///   - replay: Replays cells.
  ///   - value: What a cell is worth.
  /// - Returns: The cells tried, in the order of results.
  /// - Throws: What the closures throw.
  func searched(
    hint: CapacityOptimum?, replay: ([SizingRunner.Candidate]) throws -> [SizedRun],
    value: (SizedRun) throws -> Double
  ) throws -> [SizedRun] {
    func nearest(_ wanted: Double, in sizes: [Double]) -> Int {
      sizes.indices.min { abs(sizes[$0] - wanted) < abs(sizes[$1] - wanted) } ?? 0
    }
    var runs: [GridSearch.Cell: SizedRun] = [:]
    let hints = hint.map {
      [GridSearch.Cell(nearest($0.energyKWh, in: energies), nearest($0.powerKW, in: powers))]
    }
    let tried = try GridSearch(rows: energies.count, columns: powers.count).run(
      hints: hints ?? []
    ) { cells in
      let found = try replay(
        try cells.map { try candidate(energies[$0.row], powers[$0.column]) })
      for (cell, run) in zip(cells, found) { runs[cell] = run }
      return try found.map(value)
    }
    return tried.map(\.cell).sorted { ($0.row, $0.column) < ($1.row, $1.column) }
      .compactMap { runs[$0] }
  }
}
