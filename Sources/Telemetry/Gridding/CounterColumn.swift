import Diagnostics
import TimeSeries

/// The readings of one counter, from one file or from files that follow one another.
struct CounterColumn {
  /// One file's part: which input and which of its columns.
  struct Part {
    let input: Int
    let column: Int
  }

  let rule: CounterRule
  let mapping: ColumnMapping
  let parts: [Part]

  /// Puts the energy of the counter on a grid, noting what happened at the rows where it did.
  ///
  /// - Parameters:
  ///   - inputs: All files.
  ///   - rows: Rows of each file in order of time.
  ///   - intervals: Intervals of each file.
  ///   - grid: The slots.
  /// - Returns: Mean power per slot, and the number of restarts.
  func slots(
    _ inputs: inout [GridInput], rows: [[Int]], intervals: [RowIntervals], grid: TimeGrid
  ) -> (column: SlotColumn, resets: Int) {
    var readings: [CounterReading] = []
    var origins: [(part: Part, row: Int)] = []
    var gapSeconds = grid.stepSeconds
    for part in parts {
      let input = inputs[part.input]
      switch input.sampling {
      case .interval, .instant:
        gapSeconds = max(gapSeconds, intervals[part.input].coarsestSeconds * 3 / 2)
      case .held(let maxAge): gapSeconds = max(gapSeconds, maxAge)
      }
      let width = input.table.isPerInterval.count
      for row in rows[part.input] {
        // The rule looks at what the counter shows; the factor acts on its energy.
        let total = input.table.values[row * width + part.column] / mapping.factor
        guard !total.isNaN else { continue }
        let time = input.table.stamps[row] + rule.delaySeconds * 1000
        // Files that follow one another share the reading at their boundary.
        if let last = readings.last, time <= last.time { continue }
        if total < 0 || total >= TableGridder.overflow {
          inputs[part.input].table.note(
            .spike, "a counter cannot read \(total) kWh", row: row, column: part.column)
          continue
        }
        readings.append(CounterReading(time: time, totalKWh: total))
        origins.append((part, row))
      }
    }
    var rule = rule
    // A range of the power holds for a counter as well.
    if rule.maximumKW == nil { rule.maximumKW = mapping.maximum }
    let outcome = rule.slots(readings, grid: grid, gapSeconds: gapSeconds)
    func note(_ kind: FindingKind, _ position: Int, _ message: String) {
      let origin = origins[position]
      inputs[origin.part.input].table.note(
        kind, message, row: origin.row, column: origin.part.column)
    }
    let name = "the counter of '\(mapping.quantity.rawValue)'"
    for position in outcome.resets {
      note(.reset, position, "\(name) starts again at \(readings[position].totalKWh) kWh")
    }
    for position in outcome.exchanges {
      note(
        .reset, position,
        "\(name) goes on at \(readings[position].totalKWh) kWh, as another meter; that is no energy"
      )
    }
    for position in outcome.blips {
      note(
        .spike, position,
        "\(name) reads \(readings[position].totalKWh) kWh and comes back; the reading is left out")
    }
    for position in outcome.spikes {
      note(.spike, position, "\(name) grows faster than \(outcome.limitText)")
    }
    let slots = outcome.accumulator.totals()
    return (
      SlotColumn(values: slots.values.map { $0 * mapping.factor }, quality: slots.quality),
      outcome.resets.count + outcome.exchanges.count
    )
  }

  /// Counters of all files; those of files that follow one another become one.
  static func chains(_ inputs: [GridInput]) -> [CounterColumn] {
    struct Span {
      var column: CounterColumn
      var last: Int
    }
    var open: [Span] = []
    for (i, input) in inputs.enumerated() {
      for (k, mapping) in input.mappings.enumerated() {
        guard case .counter(let rule) = mapping.reading else { continue }
        let part = Part(input: i, column: k)
        let first = input.table.stamps.min() ?? 0
        let last = input.table.stamps.max() ?? 0
        let before = open.firstIndex { span in
          let own = span.column
          return own.mapping == mapping && mapping.combination != .sum && span.last <= first
            && own.parts.last.map { inputs[$0.input].source != input.source } == true
        }
        if let before {
          let own = open[before].column
          open[before] = Span(
            column: CounterColumn(rule: own.rule, mapping: own.mapping, parts: own.parts + [part]),
            last: last)
        } else {
          open.append(
            Span(column: CounterColumn(rule: rule, mapping: mapping, parts: [part]), last: last))
        }
      }
    }
    return open.map(\.column)
  }
}
