internal import CTwinKernels

/// The least squares of a cell's heat over runs, for one choice of what is asked.
struct HeatRegression {
  /// What is asked of the runs.
  enum Question {
    /// Capacity, cooling and the nodes of the entropic coefficient.
    case everything(nodes: Int)
    /// Capacity and cooling; the entropic coefficient is known.
    case capacity(nodes: Int)
    /// Cooling alone. [J/K]
    case cooling(nodes: Int, capacityJPerK: Double)

    /// Whether entropic nodes are among the unknowns.
    var hasEntropicNodes: Bool {
      if case .everything(let nodes) = self { nodes > 0 } else { false }
    }

    var nodes: Int {
      switch self {
      case .everything(let nodes), .capacity(let nodes), .cooling(let nodes, _): nodes
      }
    }
  }

  /// What was found, for the cooling time that leaves least.
  struct Solution {
    let asks: Question
    let coolingS: Double
    /// One number for each column of `HeatRun`.
    let numbers: [Double]
    let squares: Double
    /// Standard errors, those of capacity and cooling relative. [V/K]
    var capacityError = Double.infinity
    var coolingError = Double.infinity
    var entropicError = Double.infinity
  }

  private let runs: [HeatRun]
  private let asks: Question
  /// Columns that each unknown multiplies, and columns of a known factor.
  private let groups: [[Int]]
  private let fixed: [(column: Int, factor: Double)]
  private let isCapacityUnknown: Bool

  /// Groups the delete-a-group jackknife leaves out one after the other.
  private static let blocks = 10

  init(_ runs: [HeatRun], asks: Question) {
    self.runs = runs
    self.asks = asks
    switch asks {
    case .everything(let nodes):
      groups = [[0], [1]] + (0..<nodes).map { [3 + $0] }
      fixed = []
      isCapacityUnknown = true
    case .capacity:
      groups = [[0, 2], [1]]
      fixed = []
      isCapacityUnknown = true
    case .cooling(_, let capacityJPerK):
      groups = []
      fixed = [0, 1, 2].map { ($0, 1 / capacityJPerK) }
      isCapacityUnknown = false
    }
  }

  /// Returns the solution of the best cooling time with its standard errors, or nil when no positive capacity fits.
  func best() -> Solution? {
    var best: Solution?
    func attempt(_ tau: Double) {
      guard let found = solve(coolingS: tau), found.squares < best?.squares ?? .infinity else {
        return
      }
      best = found
    }
    for exponent in stride(from: 1.6, through: 5.4, by: 0.2) {
      attempt(PortableMath.exp(exponent * 2.302585092994046))
    }
    var step = 0.2
    while step > 0.01, let now = best {
      step *= 0.5
      for factor in [step, -step] { attempt(now.coolingS * PortableMath.exp(factor)) }
    }
    if var found = best {
      addErrors(&found)
      return found
    }
    return nil
  }

  private func solve(coolingS: Double) -> Solution? {
    let order = groups.count
    var sums = NormalEquations(order: order)
    var squares = 0.0
    visit(coolingS) { unknowns, left in
      squares += left * left
      sums.add(unknowns, left)
    }
    var matrix = sums.steadied
    penalise(&matrix)
    let found = LeastSquares.nonNegative(
      matrix, sums.vector, order: order, constrained: 0..<(isCapacityUnknown ? 2 : 0))
    guard !isCapacityUnknown || found[0] > 0 else { return nil }
    var value = squares
    for a in 0..<order {
      value -= 2 * found[a] * sums.vector[a]
      for b in 0..<order { value += found[a] * sums.matrix[a * order + b] * found[b] }
    }
    var numbers = [Double](repeating: 0, count: 3 + asks.nodes)
    for (group, columns) in groups.enumerated() {
      for column in columns { numbers[column] = found[group] }
    }
    for (column, factor) in fixed { numbers[column] = factor }
    return Solution(asks: asks, coolingS: coolingS, numbers: numbers, squares: value)
  }

  /// Walks through all samples with the columns of the unknowns and what known columns leave.
  private func visit(
    _ coolingS: Double, _ body: (_ unknowns: [Double], _ left: Double) -> Void
  ) {
    for run in runs {
      run.walk(coolingS) { k, free, columns in
        var left = run.measured[k] - free
        for (column, factor) in fixed { left -= factor * columns[column] }
        body(unknowns(columns), left)
      }
    }
  }

  /// What each unknown multiplies in a sample.
  private func unknowns(_ columns: [Double]) -> [Double] {
    groups.map { group in group.reduce(0) { $0 + columns[$1] } }
  }

  /// Lets neighbouring entropic nodes lean on each other where few samples speak.
  private func penalise(_ matrix: inout [Double]) {
    guard asks.hasEntropicNodes, asks.nodes > 2 else { return }
    let order = groups.count
    let strength = 1e-4 * (matrix[2 * order + 2] + matrix[3 * order + 3])
    for i in 3..<1 + asks.nodes {
      let parts = [(i - 1, 1.0), (i, -2.0), (i + 1, 1.0)]
      for (a, x) in parts {
        for (b, y) in parts { matrix[a * order + b] += strength * x * y }
      }
    }
  }

  /// Adds the standard errors: the unknowns and the cooling time are moved by one step of Gauss and Newton for each
  /// tenth of the lost energy that is left out.
  private func addErrors(_ solution: inout Solution) {
    let order = groups.count + 1
    let tau = solution.coolingS
    let nudge = 1e-4
    var parts = [NormalEquations](repeating: NormalEquations(order: order), count: Self.blocks)
    let loss = runs.map { run in zip(run.direct, run.seconds).map { abs($0 * $1) } }
    let total = loss.reduce(0) { $0 + $1.reduce(0, +) }
    guard total > 0 else { return }
    var cumulative = 0.0
    for (r, run) in runs.enumerated() {
      let now = run.predict(solution.numbers, coolingS: tau)
      let moved = run.predict(solution.numbers, coolingS: tau * PortableMath.exp(nudge))
      run.walk(tau) { k, _, columns in
        let block = min(Self.blocks - 1, Int(Double(Self.blocks) * cumulative / total))
        cumulative += loss[r][k]
        parts[block].add(
          unknowns(columns) + [(moved[k] - now[k]) / nudge], run.measured[k] - now[k])
      }
    }
    var whole = NormalEquations(order: order)
    for part in parts { whole.add(part, factor: 1) }
    var capacity: [Double] = []
    var cooling: [Double] = []
    var entropic: [[Double]] = []
    for part in parts {
      var rest = whole
      rest.add(part, factor: -1)
      let step = LeastSquares.solve(rest.steadied, part.vector.map { -$0 }, order: order)
      let inverse = isCapacityUnknown ? solution.numbers[0] + step[0] : solution.numbers[0]
      guard inverse > 0 else { return }
      capacity.append(-PortableMath.log(inverse))
      cooling.append(capacity[capacity.count - 1] - step[order - 1])
      guard asks.hasEntropicNodes else { continue }
      entropic.append((0..<asks.nodes).map { (solution.numbers[3 + $0] + step[2 + $0]) / inverse })
    }
    solution.capacityError = Self.jackknife(capacity)
    solution.coolingError = Self.jackknife(cooling)
    solution.entropicError =
      (0..<(entropic.first?.count ?? 0)).map { node in Self.jackknife(entropic.map { $0[node] }) }
      .max() ?? .infinity
  }

  /// Returns the standard error of a number from its values with one group left out each.
  private static func jackknife(_ values: [Double]) -> Double {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    return ((count - 1) / count * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
  }
}

/// Sums of products of a least squares.
private struct NormalEquations {
  let order: Int
  private(set) var matrix: [Double]
  private(set) var vector: [Double]

  init(order: Int) {
    self.order = order
    matrix = [Double](repeating: 0, count: order * order)
    vector = [Double](repeating: 0, count: order)
  }

  /// Adds a sample: what the unknowns multiply in it, and what is left.
  mutating func add(_ slopes: [Double], _ left: Double) {
    for (a, x) in slopes.enumerated() {
      vector[a] += x * left
      for (b, y) in slopes.enumerated() { matrix[a * order + b] += x * y }
    }
  }

  /// Adds the sums of other samples, or takes them away.
  mutating func add(_ other: NormalEquations, factor: Double) {
    for i in matrix.indices { matrix[i] += factor * other.matrix[i] }
    for i in vector.indices { vector[i] += factor * other.vector[i] }
  }

  /// The matrix with a little on its diagonal, so that directions without information stay solvable.
  var steadied: [Double] {
    var steadied = matrix
    for a in 0..<order { steadied[a * order + a] = matrix[a * order + a] * (1 + 1e-9) + 1e-12 }
    return steadied
  }
}
