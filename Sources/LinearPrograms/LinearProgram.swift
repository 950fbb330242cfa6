/// A linear program to be minimised: named columns, named rows and the terms that join them.
///
/// The value holds plain arrays and knows no solver. Bounds and costs may be moved in place between
/// solves; `LinearProgramSolver` then passes on only what a solver needs to start from its last basis.
///
///     var program = LinearProgram(name: "diet")
///     let bread = program.addColumn("bread", cost: 2)
///     let milk = program.addColumn("milk", cost: 3)
///     program.addRow("energy", lower: 10, terms: [(bread, 4), (milk, 2)])
package struct LinearProgram: Sendable {
  /// A variable of one program.
  package struct Column: Sendable, Hashable {
    /// Position among the columns, from 0.
    package let index: Int

    /// Names a column by its position.
    package init(index: Int) { self.index = index }
  }

  /// A constraint of one program.
  package struct Row: Sendable, Hashable {
    /// Position among the rows, from 0.
    package let index: Int

    /// Names a row by its position.
    package init(index: Int) { self.index = index }
  }

  /// Title written to exported files.
  package var name: String
  /// Lowest value of each column; `-infinity` when free below.
  package internal(set) var columnLower: [Double] = []
  /// Highest value of each column; `infinity` when free above.
  package internal(set) var columnUpper: [Double] = []
  /// Columns that take whole numbers only, where the method heeds it: one for such a column, else zero.
  package private(set) var isInteger: [UInt8] = []
  /// Cost of one unit of each column.
  package internal(set) var cost: [Double] = []
  /// Lowest value of each row.
  package internal(set) var rowLower: [Double] = []
  /// Highest value of each row.
  package internal(set) var rowUpper: [Double] = []
  /// Names of the columns.
  package private(set) var columnNames: [String] = []
  /// Names of the rows.
  package private(set) var rowNames: [String] = []

  // Triplets in the order of the rows, counted from 1 because that is what GLPK reads.
  package private(set) var entryRow: [CInt] = []
  package private(set) var entryColumn: [CInt] = []
  package private(set) var entryValue: [Double] = []
  package private(set) var matrixVersion: UInt = 1

  /// Begins a program without columns and rows.
  package init(name: String = "program") {
    self.name = name
  }

  /// Number of variables.
  package var columnCount: Int { cost.count }
  /// Number of constraints.
  package var rowCount: Int { rowLower.count }
  /// Number of coefficients.
  package var entryCount: Int { entryValue.count }
}

// MARK: - Building

extension LinearProgram {
  /// Adds a variable and returns it.
  ///
  /// Numbers are checked by `defects()` when the program is solved, not here.
  @discardableResult
  package mutating func addColumn(
    _ name: String, lower: Double = 0, upper: Double = .infinity, cost: Double = 0,
    isInteger: Bool = false
  ) -> Column {
    self.isInteger.append(isInteger ? 1 : 0)
    columnNames.append(name)
    columnLower.append(lower)
    columnUpper.append(upper)
    self.cost.append(cost)
    matrixVersion += 1
    return Column(index: self.cost.count - 1)
  }

  /// Adds a constraint on a weighted sum of columns and returns it.
  @discardableResult
  package mutating func addRow(
    _ name: String, lower: Double = -.infinity, upper: Double = .infinity,
    terms: [(column: Column, coefficient: Double)]
  ) -> Row {
    rowNames.append(name)
    rowLower.append(lower)
    rowUpper.append(upper)
    for term in terms {
      entryRow.append(CInt(rowLower.count))
      entryColumn.append(CInt(term.column.index + 1))
      entryValue.append(term.coefficient)
    }
    matrixVersion += 1
    return Row(index: rowLower.count - 1)
  }
}

// MARK: - Moving numbers in place

extension LinearProgram {
  /// Sets the bounds of a column; equal bounds fix it.
  package mutating func setBounds(_ column: Column, lower: Double, upper: Double) {
    columnLower[column.index] = lower
    columnUpper[column.index] = upper
  }

  /// Sets the cost of a column.
  package mutating func setCost(_ column: Column, _ value: Double) {
    cost[column.index] = value
  }

  /// Sets the bounds of a row; both infinite switches it off.
  package mutating func setBounds(_ row: Row, lower: Double, upper: Double) {
    rowLower[row.index] = lower
    rowUpper[row.index] = upper
  }

  /// Replaces the coefficient of an entry, counted over all rows in the order of adding.
  ///
  /// The matrix is loaded anew at the next solve only when a value differs.
  package mutating func setCoefficient(entry: Int, _ value: Double) {
    guard entryValue[entry] != value else { return }
    entryValue[entry] = value
    matrixVersion += 1
  }
}

// MARK: - Checks

extension LinearProgram {
  /// Something in a program that a solver must never see.
  package enum Defect: Sendable, Hashable {
    /// A cost, bound or coefficient is not a usable number.
    case number(where: String)
    /// A lower bound lies above its upper bound.
    case invertedBounds(where: String)
    /// A term names a column that does not exist.
    case index(row: String)
    /// A column occurs twice in one row.
    case duplicate(row: String, column: String)
  }

  /// Largest magnitude accepted for a number; beyond it a tolerance of 1e-9 has no meaning.
  package static let largestNumber = 1e12

  /// Returns what a solver would choke on: GLPK solves a NaN cost as "optimal" and aborts on others.
  ///
  /// Returns at most the first defect of each kind. Linear in the size of the program.
  package func defects() -> [Defect] {
    var found: [Defect] = []
    if let j = cost.firstIndex(where: { !($0.magnitude <= Self.largestNumber) }) {
      found.append(.number(where: "cost of \(columnNames[j])"))
    }
    if let problem = Self.boundDefect(columnLower, columnUpper, columnNames) {
      found.append(problem)
    }
    if let problem = Self.boundDefect(rowLower, rowUpper, rowNames) {
      found.append(problem)
    }
    found += matrixDefects()
    return found
  }

  private static func boundDefect(
    _ lower: [Double], _ upper: [Double], _ names: [String]
  ) -> Defect? {
    for i in lower.indices {
      let a = lower[i]
      let b = upper[i]
      guard a.magnitude <= largestNumber || a == -.infinity,
        b.magnitude <= largestNumber || b == .infinity
      else { return .number(where: "bounds of \(names[i])") }
      guard a <= b else { return .invertedBounds(where: names[i]) }
    }
    return nil
  }

  package func matrixDefects() -> [Defect] {
    var lastRow = [CInt](repeating: 0, count: columnCount)
    for k in entryValue.indices {
      let row = entryRow[k]
      let column = Int(entryColumn[k]) - 1
      let rowName = rowNames[Int(row) - 1]
      guard column >= 0, column < columnCount else { return [.index(row: rowName)] }
      guard entryValue[k].magnitude <= Self.largestNumber else {
        return [.number(where: "row \(rowName)")]
      }
      guard lastRow[column] != row else {
        return [.duplicate(row: rowName, column: columnNames[column])]
      }
      lastRow[column] = row
    }
    return []
  }
}
