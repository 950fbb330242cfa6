internal import CTwinKernels
import Numerics
import Synchronization

/// How the heat of a pack moves: in the form of modules, or any network.
enum HeatNetwork: Sendable {
  case modules(HeatModel)
  case general(ThermalNetwork)

  /// Heat nodes that are not cells.
  func commonCount(cellCount: Int) -> Int {
    switch self {
    case .modules(let model): model.common
    case .general(let network): network.capacityJPerK.count - cellCount
    }
  }

  var scratchCount: Int {
    switch self {
    case .modules(let model): model.scratchCount
    case .general: 0
    }
  }

  var boundaryCount: Int {
    switch self {
    case .modules: 1
    case .general(let network): network.boundaryCount
    }
  }
}

/// What is fixed about a pack, shared by all copies of its state.
final class PackModel: Sendable {
  let tables: CellTables
  let series: Int
  let parallel: Int
  let cellCount: Int
  let linkOhm: Double
  /// One network per condition of the cooling.
  let networks: [HeatNetwork]
  /// Step responses already worked out, for all copies of the state.
  let responses = StepResponseCache()

  init(
    cell: CellSpecification, series: Int, parallel: Int, linkOhm: Double, networks: [HeatNetwork]
  ) {
    precondition(series > 0 && parallel > 0 && !networks.isEmpty, "at least one cell")
    tables = CellTables(cell)
    self.series = series
    self.parallel = parallel
    cellCount = series * parallel
    self.linkOhm = linkOhm
    self.networks = networks
  }
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
///
/// Matrices are filled before the object is shared and never written again.
@safe final class StepResponse: @unchecked Sendable {
  let seconds: Double
  let condition: Int
  let coefficients: twin_step_coefficients
  private let network: HeatNetwork
  private let memory: UnsafeMutablePointer<Double>
  private let storedHeat: twin_heat?

  init(model: PackModel, condition: Int, seconds: Double) {
    precondition(seconds > 0, "a step forward in time")
    self.seconds = seconds
    self.condition = condition
    let cell = model.tables.specification
    let fast = StepResponse.decay(seconds, cell.fast.timeConstantS)
    let slow = StepResponse.decay(seconds, cell.slow.timeConstantS)
    coefficients = twin_step_coefficients(
      seconds: seconds, decay1: fast.end, decay2: slow.end, mean1: fast.mean, mean2: slow.mean)
    network = model.networks[condition]
    var numbers: [Double]
    var moduleCount = 0
    switch network {
    case .general(let network):
      numbers = MatrixExponential.integral(
        of: network.rateMatrix, order: network.capacityJPerK.count, over: seconds)
    case .modules(let heat):
      let responses = heat.responses(seconds: seconds)
      numbers = responses.module + responses.aggregate
      moduleCount = responses.module.count
    }
    unsafe memory = .allocate(capacity: max(1, numbers.count))
    for (i, number) in numbers.enumerated() { unsafe memory[i] = number }
    if case .modules(let heat) = network {
      unsafe storedHeat = heat.kernelForm(module: memory, aggregate: memory + moduleCount)
    } else {
      unsafe storedHeat = nil
    }
  }

  deinit { unsafe memory.deallocate() }

  /// The network in the form of the kernels; valid as long as this object.
  var heat: twin_heat? { unsafe storedHeat }

  /// Moves the temperatures of a general network by rates at the start of the step.
  func move(_ temperatureC: inout [Double], rates: [Double]) {
    let count = rates.count
    unsafe temperatureC.withUnsafeMutableBufferPointer { to in
      unsafe rates.withUnsafeBufferPointer { from in
        unsafe twin_apply(memory, count, from.baseAddress, to.baseAddress)
      }
    }
  }

  private static func decay(_ seconds: Double, _ constant: Double) -> (end: Double, mean: Double) {
    let x = seconds / constant
    let end = twin_exp(-x)
    // The mean of exp(−s/τ); its series keeps the digits of short steps.
    let mean = x < 1e-3 ? 1 - x / 2 + x * x / 6 - x * x * x / 24 : (1 - end) / x
    return (end, mean)
  }
}
