internal import CTwinKernels

extension CellPack {
  /// What moves in a pack.
  struct State: Sendable, Codable, Equatable {
    var cells: [Double]
    var links: [Double]
    var lowestV: Double
    var highestV: Double
    var commonTemperatureC: [Double]
    var commonHeatW: [Double]
    var boundaryC: [Double]
    var condition: Int
    var packCurrentA: Double
    var meanVoltageV: Double
  }

  var state: State {
    State(
      cells: cells, links: links, lowestV: summary.lowest_v, highestV: summary.highest_v,
      commonTemperatureC: commonTemperatureC, commonHeatW: commonHeatW,
      boundaryC: boundaryC, condition: condition, packCurrentA: packCurrentA,
      meanVoltageV: meanVoltageV)
  }

  /// Returns whether a state has the size of this pack.
  func fits(_ state: State) -> Bool {
    state.cells.count == cells.count && state.links.count == links.count
      && state.commonHeatW.count == commonHeatW.count
      && state.commonTemperatureC.count == commonTemperatureC.count
      && state.boundaryC.count == boundaryC.count
      && model.networks.indices.contains(state.condition)
  }

  mutating func restore(_ state: State) {
    cells = state.cells
    links = state.links
    summary.lowest_v = state.lowestV
    summary.highest_v = state.highestV
    commonTemperatureC = state.commonTemperatureC
    commonHeatW = state.commonHeatW
    boundaryC = state.boundaryC
    condition = state.condition
    packCurrentA = state.packCurrentA
    meanVoltageV = state.meanVoltageV
    refreshSummary()
  }
}
