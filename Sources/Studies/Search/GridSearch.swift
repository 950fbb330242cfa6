/// Finds the best cell of a grid without trying them all.
///
/// Rows and columns are the sizes to choose from. Every k-th of each is tried first, the first and last ones among
/// them; then, with half the distance at each round, the neighbours of the best cells so far, until no neighbour of
/// the best cell is better at distance one. A value that is not concave may hide its best cell from that, so several
/// cells are followed at once, and a hint, such as a continuous optimum, is tried as well.
package struct GridSearch: Sendable {
  /// A cell by the positions of its sizes.
  package struct Cell: Sendable, Hashable {
    /// Position among the rows.
    package var row: Int
    /// Position among the columns.
    package var column: Int

    /// Names a cell.
    package init(_ row: Int, _ column: Int) {
      self.row = row
      self.column = column
    }
  }

  private let rows: Int
  private let columns: Int
  /// Cells followed at once.
  private let width: Int

  /// Prepares to search a grid.
  package init(rows: Int, columns: Int, width: Int = 6) {
    self.rows = rows
    self.columns = columns
    self.width = width
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - hints: Cells to try with the first ones.
  ///   - values: Values of cells, in their order; asked for each cell once.
  /// - Returns: Every cell that was tried, in the order of trial, with its value.
  /// - Throws: What `values` throws.
  package func run(
    hints: [Cell] = [], values: ([Cell]) throws -> [Double]
  ) rethrows -> [(cell: Cell, value: Double)] {
    var tried: [(cell: Cell, value: Double)] = []
    var known: Set<Cell> = []
    func attempt(_ cells: [Cell]) throws {
      var fresh: [Cell] = []
      for cell in cells
      where (0..<rows).contains(cell.row) && (0..<columns).contains(cell.column)
        && known.insert(cell).inserted
      {
        fresh.append(cell)
      }
      if fresh.isEmpty { return }
      tried += try zip(fresh, values(fresh)).map { (cell: $0, value: $1) }
    }
    var stride = (row: Self.stride(rows), column: Self.stride(columns))
    try attempt(
      Self.every(stride.row, of: rows).flatMap { row in
        Self.every(stride.column, of: columns).map { Cell(row, $0) }
      } + hints)
    while true {
      let leaders = best(tried)
      let before = known.count
      stride = (max(1, stride.row / 2), max(1, stride.column / 2))
      try attempt(
        leaders.flatMap { cell in
          [-1, 0, 1].flatMap { i in
            [-1, 0, 1].map { Cell(cell.row + i * stride.row, cell.column + $0 * stride.column) }
          }
        })
      if stride == (1, 1), known.count == before { return tried }
    }
  }

  /// The best cells, the first tried of equals first.
  private func best(_ tried: [(cell: Cell, value: Double)]) -> [Cell] {
    tried.enumerated().sorted {
      ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
    }.prefix(width).map(\.element.cell)
  }

  /// Distance of the first cells: eight to sixteen of them on a side, a power of two apart.
  private static func stride(_ count: Int) -> Int {
    var stride = 1
    while stride * 16 <= count { stride *= 2 }
    return stride
  }

  private static func every(_ stride: Int, of count: Int) -> [Int] {
    let places = Array(Swift.stride(from: 0, to: count, by: stride))
    return places.last == count - 1 ? places : places + [count - 1]
  }
}
