internal import CTwinKernels
import Numerics
import Synchronization

/// How the heat of a pack moves: in the form of modules, or any network.
enum HeatNetwork: Sendable {
  case modules(ModuleHeatNetwork)
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
///
/// The kernels are constants of the program; that is what makes the unchecked conformance sound.
@safe final class PackModel: @unchecked Sendable {
  let tables: CellTables
  let series: Int
  let parallel: Int
  let strings: Int
  let cellCount: Int
  let linkOhm: Double
  /// One network per condition of the cooling.
  let networks: [HeatNetwork]
  /// Step responses already worked out, for all copies of the state.
  let responses = StepResponseCache()
  /// The machine code that steps it.
  let kernels: UnsafePointer<twin_kernels>

  init(
    cell: CellSpecification, series: Int, parallel: Int, strings: Int = 1, linkOhm: Double,
    networks: [HeatNetwork], width: VectorWidth = .widest
  ) {
    precondition(
      series > 0 && parallel > 0 && strings > 0 && !networks.isEmpty, "at least one cell")
    unsafe kernels = width.kernels
    tables = CellTables(cell)
    self.series = series
    self.parallel = parallel
    self.strings = strings
    cellCount = series * parallel * strings
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
/// The memory is filled before the object is shared and never written again; that is what makes the
/// unchecked conformance sound.
@safe final class StepResponse: @unchecked Sendable {
  let seconds: Double
  let condition: Int
  /// Decays of the pairs, in the form of the kernels; valid as long as this object.
  let coefficients: UnsafePointer<twin_step_coefficients>
  /// The network in the form of the kernels; nil when it is not in modules.
  let heat: UnsafePointer<twin_heat>?
  private let network: HeatNetwork
  private let memory: AlignedNumbers

  init(model: PackModel, condition: Int, seconds: Double) {
    precondition(seconds > 0, "a step forward in time")
    self.seconds = seconds
    self.condition = condition
    let cell = model.tables.specification
    let fast = StepResponse.decay(seconds, cell.fast.timeConstantS)
    let slow = StepResponse.decay(seconds, cell.slow.timeConstantS)
    let lag = StepResponse.decay(seconds, cell.surfaceLag?.timeConstantS ?? 1)
    let numbers = UnsafeMutablePointer<twin_step_coefficients>.allocate(capacity: 1)
    unsafe numbers.initialize(
      to: twin_step_coefficients(
        seconds: seconds, decay1: fast.end, decay2: slow.end, mean1: fast.mean, mean2: slow.mean,
        lag_decay: lag.end))
    unsafe coefficients = UnsafePointer(numbers)
    network = model.networks[condition]
    switch network {
    case .general(let network):
      let order = network.capacityJPerK.count
      memory = AlignedNumbers(
        StepResponse.padded(
          MatrixExponential.integral(of: network.rateMatrix, order: order, over: seconds), order))
      unsafe heat = nil
    case .modules(let network):
      let responses = network.responses(seconds: seconds)
      let modules = stride(from: 0, to: responses.module.count, by: network.module * network.module)
        .flatMap { first in
          StepResponse.padded(
            Array(responses.module[first..<first + network.module * network.module]),
            network.module)
        }
      memory = AlignedNumbers(modules + StepResponse.padded(responses.aggregate, network.order))
      let form = UnsafeMutablePointer<twin_heat>.allocate(capacity: 1)
      unsafe form.initialize(
        to: network.kernelForm(
          module: memory.start, aggregate: memory.start + modules.count))
      unsafe heat = UnsafePointer(form)
    }
  }

  deinit {
    unsafe coefficients.deallocate()
    unsafe heat?.deallocate()
  }

  /// A square matrix by columns, each padded with zeros to whole blocks of rows.
  private static func padded(_ matrix: [Double], _ order: Int) -> [Double] {
    let rows = Int(twin_padded(order))
    var result = [Double](repeating: 0, count: rows * order)
    for k in 0..<order {
      for i in 0..<order { result[k * rows + i] = matrix[k * order + i] }
    }
    return result
  }

  /// Moves the temperatures of a general network by rates at the start of the step.
  func move(
    _ temperatureC: inout [Double], rates: [Double], kernels: UnsafePointer<twin_kernels>
  ) {
    let count = rates.count
    let rows = Int(twin_padded(count))
    var padded = temperatureC + [Double](repeating: 0, count: rows - count)
    unsafe padded.withUnsafeMutableBufferPointer { to in
      unsafe rates.withUnsafeBufferPointer { from in
        unsafe kernels.pointee.apply(memory.start, count, rows, from.baseAddress, to.baseAddress)
      }
    }
    temperatureC = Array(padded[..<count])
  }

  private static func decay(_ seconds: Double, _ constant: Double) -> (end: Double, mean: Double) {
    let x = seconds / constant
    let end = twin_exp(-x)
    // The mean of exp(−s/τ); its series keeps the digits of short steps.
    let mean = x < 1e-3 ? 1 - x / 2 + x * x / 6 - x * x * x / 24 : (1 - end) / x
    return (end, mean)
  }
}
