/// What a log says of the cells of a battery: how far apart they are, and which stand out.
package struct CellReport: Sendable {
  /// One cell against the mean of all.
  package struct Cell: Sendable {
    /// Name of the signal.
    package let name: String
    /// Mean of its value less the mean of all cells, over the steps that have all. [unit of the signals]
    package let meanDeviation: Double
    /// Share of these steps in which it is the lowest, 0…1.
    package let lowestShare: Double
    /// Share of these steps in which it is the highest, 0…1.
    package let highestShare: Double
  }

  /// An extreme of a step: the value, whose it is and when.
  package struct Extreme: Sendable {
    /// The value. [unit of the signals]
    package let value: Double
    /// Name of the signal; nothing for a spread.
    package let name: String?
    /// First instant of the step. [UTC epoch s]
    package let instant: Int
  }

  /// `V` or `°C`.
  package let unit: String
  /// The cells in the order of the log.
  package let cells: [Cell]
  /// Steps that have a value of every cell.
  package let steps: Int
  /// Mean of the highest less the lowest cell. [unit of the signals]
  package let meanSpread: Double
  /// Largest distance of the highest and the lowest cell.
  package let largestSpread: Extreme
  /// Lowest value of any cell.
  package let lowest: Extreme
  /// Highest value of any cell.
  package let highest: Extreme

  /// Reads the cells of a log; nothing where fewer than two are there, or where no step has all.
  ///
  /// - Parameters:
  ///   - log: The log.
  ///   - names: Names of their signals, at least two.
  package init?(_ log: SignalLog, names: [String]) {
    let signals = names.compactMap { log[$0] }
    guard signals.count > 1, let unit = signals.first?.unit else { return nil }
    var deviations = [Double](repeating: 0, count: signals.count)
    var lowestCounts = [Int](repeating: 0, count: signals.count)
    var highestCounts = lowestCounts
    var (steps, spreadSum) = (0, 0.0)
    var spread = Extreme(value: -1, name: nil, instant: 0)
    var low = Extreme(value: .infinity, name: nil, instant: 0)
    var high = Extreme(value: -.infinity, name: nil, instant: 0)
    for k in log.instants.indices {
      let values = signals.map { $0.mean[k] }
      guard values.allSatisfy(\.isFinite),
        let least = values.indices.min(by: { values[$0] < values[$1] }),
        let most = values.indices.max(by: { values[$0] < values[$1] })
      else { continue }
      steps += 1
      let mean = values.reduce(0, +) / Double(values.count)
      for cell in values.indices { deviations[cell] += values[cell] - mean }
      let distance = values[most] - values[least]
      // Cells that are all alike have no lowest and no highest.
      if distance > 0 {
        lowestCounts[least] += 1
        highestCounts[most] += 1
      }
      spreadSum += distance
      let instant = log.instants[k]
      if distance > spread.value { spread = Extreme(value: distance, name: nil, instant: instant) }
      if values[least] < low.value {
        low = Extreme(value: values[least], name: signals[least].name, instant: instant)
      }
      if values[most] > high.value {
        high = Extreme(value: values[most], name: signals[most].name, instant: instant)
      }
    }
    guard steps > 0 else { return nil }
    self.unit = unit
    self.steps = steps
    meanSpread = spreadSum / Double(steps)
    largestSpread = spread
    lowest = low
    highest = high
    cells = signals.indices.map { cell in
      Cell(
        name: signals[cell].name, meanDeviation: deviations[cell] / Double(steps),
        lowestShare: Double(lowestCounts[cell]) / Double(steps),
        highestShare: Double(highestCounts[cell]) / Double(steps))
    }
  }

  /// The cell that is farthest below the others on average.
  package var weakest: Cell? { cells.min { $0.meanDeviation < $1.meanDeviation } }
  /// The cell that is farthest above the others on average.
  package var strongest: Cell? { cells.max { $0.meanDeviation < $1.meanDeviation } }
}

extension SignalLog {
  /// Names of the signals that are voltages of cells: in volt, `cell` and a number in the name.
  package var cellVoltages: [String] { cells(in: "V") }

  /// Names of the signals that are temperatures of cells: in degrees, `cell` and a number in the name.
  package var cellTemperatures: [String] { cells(in: "°C") }

  private func cells(in unit: String) -> [String] {
    signals.filter { signal in
      guard signal.unit == unit, let mark = signal.name.firstRange(of: "cell") else { return false }
      return signal.name[mark.upperBound...].contains { $0.isNumber }
    }.map(\.name)
  }
}
