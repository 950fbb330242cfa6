internal import CTwinKernels
import Numerics

/// The cells' heat network in the form of modules of equal size around common nodes.
///
/// Modules with the same conductances form a class. The mean of a class and the common nodes form one
/// small exact system; what a module differs from that mean by moves on its own, exactly, because the
/// common nodes do not see it. So thousands of cells cost one small matrix per module.
///
/// The memory is filled once, before the object is shared, and never written again; that is what
/// makes the unchecked conformance sound.
@safe final class ModuleHeatNetwork: @unchecked Sendable {
  let cellCount: Int
  let module: Int
  let modules: Int
  let common: Int
  let classes: Int
  private let next: UnsafeMutablePointer<Double>
  private let air: UnsafeMutablePointer<Double>
  private let commonPerJ: UnsafeMutablePointer<Double>
  private let linkNode: UnsafeMutablePointer<Int32>
  private let linkOther: UnsafeMutablePointer<Int32>
  private let linkG: UnsafeMutablePointer<Double>
  private let moduleClass: UnsafeMutablePointer<Int32>
  private let classShare: UnsafeMutablePointer<Double>
  private let linkCount: Int
  private let cellCapacity: Double
  private let commonCapacity: [Double]
  private let firstOfClass: [Int]
  private let sizeOfClass: [Int]

  /// Number of numbers that a step needs to work in.
  var scratchCount: Int {
    Int(
      twin_padded(cellCount) + 2 * twin_padded(order) + (classes + 1) * twin_padded(module))
  }

  var order: Int { classes * module + common }

  /// Builds a network.
  ///
  /// - Parameters:
  ///   - module: Cells per module; divides the number of cells.
  ///   - cellCapacityJPerK: Heat capacity of a cell. [J/K]
  ///   - nextWPerK: Conductance of each cell to the one after it, 0 at the end of a module. [W/K]
  ///   - airWPerK: Conductance of each cell to the air. [W/K]
  ///   - commonCapacityJPerK: Heat capacities of the common nodes, the air first. [J/K]
  ///   - links: Conductances among common nodes; an other node of −1 is the surroundings.
  init(
    module: Int, cellCapacityJPerK: Double, nextWPerK: [Double], airWPerK: [Double],
    commonCapacityJPerK: [Double], links: [ThermalNetwork.Link]
  ) {
    let count = airWPerK.count
    precondition(count % module == 0 && nextWPerK.count == count, "whole modules")
    cellCount = count
    self.module = module
    modules = count / module
    common = commonCapacityJPerK.count
    commonCapacity = commonCapacityJPerK
    cellCapacity = cellCapacityJPerK
    linkCount = links.count
    let rest = [Double](repeating: 0, count: Int(twin_padded(count)) - count)
    unsafe next = ModuleHeatNetwork.copy(nextWPerK + rest)
    unsafe air = ModuleHeatNetwork.copy(airWPerK + rest)
    unsafe commonPerJ = ModuleHeatNetwork.copy(commonCapacityJPerK.map { 1 / $0 })
    unsafe linkNode = ModuleHeatNetwork.copy(links.map { Int32($0.node) })
    unsafe linkOther = ModuleHeatNetwork.copy(links.map { Int32($0.other) })
    unsafe linkG = ModuleHeatNetwork.copy(links.map(\.wattPerKelvin))
    var patterns: [[Double]] = []
    var members: [Int32] = []
    var first: [Int] = []
    var sizes: [Int] = []
    for m in 0..<count / module {
      let range = m * module..<(m + 1) * module
      let pattern = Array(airWPerK[range]) + Array(nextWPerK[range])
      if let index = patterns.firstIndex(of: pattern) {
        members.append(Int32(index))
        sizes[index] += 1
      } else {
        members.append(Int32(patterns.count))
        patterns.append(pattern)
        first.append(m)
        sizes.append(1)
      }
    }
    classes = patterns.count
    firstOfClass = first
    sizeOfClass = sizes
    unsafe moduleClass = ModuleHeatNetwork.copy(members)
    unsafe classShare = ModuleHeatNetwork.copy(sizes.map { 1 / Double($0) })
  }

  deinit {
    unsafe next.deallocate()
    unsafe air.deallocate()
    unsafe commonPerJ.deallocate()
    unsafe linkNode.deallocate()
    unsafe linkOther.deallocate()
    unsafe linkG.deallocate()
    unsafe moduleClass.deallocate()
    unsafe classShare.deallocate()
  }

  private static func copy<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
    for (i, value) in values.enumerated() { unsafe (memory + i).initialize(to: value) }
    return unsafe memory
  }

  /// The rate matrix of one module with the air held, stored by columns. [1/s]
  private func moduleMatrix(_ index: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: module * module)
    for i in 0..<module {
      let cell = firstOfClass[index] * module + i
      matrix[i * module + i] -= unsafe air[cell] / cellCapacity
      guard i + 1 < module else { continue }
      let g = unsafe next[cell] / cellCapacity
      matrix[i * module + i] -= g
      matrix[(i + 1) * module + i] += g
      matrix[(i + 1) * module + i + 1] -= g
      matrix[i * module + i + 1] += g
    }
    return matrix
  }

  /// The rate matrix of class means and common nodes, stored by columns. [1/s]
  private var aggregateMatrix: [Double] {
    let order = order
    var matrix = [Double](repeating: 0, count: order * order)
    let base = classes * module
    for c in 0..<classes {
      let own = moduleMatrix(c)
      for column in 0..<module {
        for row in 0..<module {
          matrix[(c * module + column) * order + c * module + row] = own[column * module + row]
        }
      }
      for i in 0..<module {
        let g = unsafe air[firstOfClass[c] * module + i]
        let node = c * module + i
        matrix[base * order + node] += g / cellCapacity
        let back = g * Double(sizeOfClass[c]) / commonCapacity[0]
        matrix[node * order + base] += back
        matrix[base * order + base] -= back
      }
    }
    for k in 0..<linkCount {
      let a = unsafe Int(linkNode[k])
      let b = unsafe Int(linkOther[k])
      let g = unsafe linkG[k]
      matrix[(base + a) * order + base + a] -= g / commonCapacity[a]
      guard b >= 0 else { continue }
      matrix[(base + b) * order + base + a] += g / commonCapacity[a]
      matrix[(base + b) * order + base + b] -= g / commonCapacity[b]
      matrix[(base + a) * order + base + b] += g / commonCapacity[b]
    }
    return matrix
  }

  /// The response matrices of a step length.
  func responses(seconds: Double) -> (module: [Double], aggregate: [Double]) {
    var own: [Double] = []
    if modules > 1 {
      for c in 0..<classes {
        own += MatrixExponential.integral(of: moduleMatrix(c), order: module, over: seconds)
      }
    }
    return (
      own, MatrixExponential.integral(of: aggregateMatrix, order: order, over: seconds)
    )
  }

  /// The network in the form of the kernels; valid as long as this object and the matrices.
  func kernelForm(
    module moduleResponse: UnsafePointer<Double>, aggregate: UnsafePointer<Double>
  ) -> twin_heat {
    unsafe twin_heat(
      modules: modules, module: module, common: common, classes: classes, next_w_per_k: next,
      air_w_per_k: air, cell_k_per_j: 1 / cellCapacity, common_k_per_j: commonPerJ,
      links: linkCount, link_node: linkNode, link_other: linkOther, link_w_per_k: linkG,
      module_class: moduleClass, class_share: classShare, module_response: moduleResponse,
      aggregate: aggregate)
  }
}
