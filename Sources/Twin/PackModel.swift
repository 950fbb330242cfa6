internal import CTwinKernels
import Numerics
import Synchronization

/// What is fixed about a pack, shared by all copies of its state.
final class PackModel: Sendable {
  let tables: CellTables
  let series: Int
  let parallel: Int
  let linkOhm: Double
  /// One network per condition of the cooling.
  let networks: [ThermalNetwork]
  /// Step responses already worked out, for all copies of the state.
  let responses = StepResponseCache()

  init(
    cell: CellSpecification, series: Int, parallel: Int, linkOhm: Double,
    networks: [ThermalNetwork]
  ) {
    precondition(series > 0 && parallel > 0 && !networks.isEmpty, "at least one cell")
    tables = CellTables(cell)
    self.series = series
    self.parallel = parallel
    self.linkOhm = linkOhm
    self.networks = networks
  }

  var cellCount: Int { series * parallel }
}

/// Step responses of a model by condition and step length.
///
/// Every envelope starts from a copy of the state; without a common place each copy would work out
/// the same matrix exponential again.
final class StepResponseCache: Sendable {
  private let entries = Mutex<[StepResponse]>([])
  private static let largestCount = 64

  func response(_ model: PackModel, condition: Int, seconds: Double) -> StepResponse {
    if let known = entries.withLock({ entries in
      entries.first { $0.seconds == seconds && $0.condition == condition }
    }) {
      return known
    }
    let response = StepResponse(model: model, condition: condition, seconds: seconds)
    entries.withLock { entries in
      if entries.count >= Self.largestCount { entries.removeFirst() }
      entries.append(response)
    }
    return response
  }
}

/// The coefficients of one step length: decays of the pairs and the response of the heat network.
final class StepResponse: Sendable {
  let seconds: Double
  let condition: Int
  let coefficients: twin_step_coefficients
  /// `∫exp(A·s)ds` over the step, stored by columns. [s]
  let matrix: [Double]

  init(model: PackModel, condition: Int, seconds: Double) {
    precondition(seconds > 0, "a step forward in time")
    self.seconds = seconds
    self.condition = condition
    let cell = model.tables.specification
    let fast = StepResponse.decay(seconds, cell.fast.timeConstantS)
    let slow = StepResponse.decay(seconds, cell.slow.timeConstantS)
    coefficients = twin_step_coefficients(
      seconds: seconds, decay1: fast.end, decay2: slow.end, mean1: fast.mean, mean2: slow.mean)
    let network = model.networks[condition]
    matrix = MatrixExponential.integral(
      of: network.rateMatrix, order: network.capacityJPerK.count, over: seconds)
  }

  private static func decay(_ seconds: Double, _ constant: Double) -> (end: Double, mean: Double) {
    let x = seconds / constant
    let end = twin_exp(-x)
    // The mean of exp(−s/τ); its series keeps the digits of short steps.
    let mean = x < 1e-3 ? 1 - x / 2 + x * x / 6 - x * x * x / 24 : (1 - end) / x
    return (end, mean)
  }
}
