import Documents
import TimeSeries

/// Panels of lines over one axis, each with its own unit.
///
/// On wide screens lines bear their names at their ends; where these have no room, and on narrow screens, the
/// names stand above the panel.
struct LineChart: PageChart {
  /// How the values of a line are drawn.
  enum Style: Sendable {
    case line
    /// A value holds until the next one.
    case steps
    /// A mark at each value.
    case marks
    /// A mark at each value, joined by lines.
    case markedLine
  }

  /// One course of values, one per place of the axis; not a number is a gap.
  struct Line: Sendable {
    var name: String
    var values: [Double]
    var style = Style.line
    /// Number of its colour; that of its place in the panel where nothing is given.
    var colour: Int?
    /// Whether it is dashed, as what was only expected; by its colour where nothing is given.
    var isDashed: Bool?
  }

  /// An area between two courses.
  struct Band: Sendable {
    var name: String
    var low: [Double]
    var high: [Double]
    var colour = 0
  }

  /// A horizontal line with a name, such as a limit.
  struct Level: Sendable {
    var name: String
    var value: Double
  }

  /// Lines that share a unit.
  struct Panel: Sendable {
    /// What it shows, with the unit.
    var title: String
    var lines: [Line]
    var bands: [Band] = []
    var levels: [Level] = []
    var includesZero = false
    /// Height of the plot. [px]
    var height = 210.0
    /// Decimals in the data.
    var decimals = 3
  }

  /// What the places on the axis are.
  enum Places: Sendable {
    /// Instants. [UTC epoch s]
    case times([Double], until: Double, zone: Zone)
    /// Names, such as months.
    case names([String], title: String)
    /// Numbers.
    case numbers([Double], title: String)
  }

  var title: String
  var note: String?
  var places: Places
  var panels: [Panel]

  var isEmpty: Bool {
    !panels.contains { $0.lines.contains { $0.values.contains { $0.isFinite } } }
  }

  /// Where each value stands on the axis.
  var x: [Double] {
    switch places {
    case .times(let instants, _, _): instants
    case .names(let names, _): names.indices.map { Double($0) + 0.5 }
    case .numbers(let numbers, _): numbers
    }
  }

  /// Returns the axis for a width of the plot.
  func axis(width: Double) -> ChartAxis {
    switch places {
    case .times(let instants, let until, let zone):
      ChartAxis(
        from: Int(instants.first ?? 0), to: Int(until), zone: zone, most: max(3, Int(width / 62)))
    case .names(let names, _): ChartAxis(names: names)
    case .numbers(let numbers, _):
      ChartAxis(covering: numbers, parts: max(3, Int(width / 110)))
    }
  }

  /// What the axis is called.
  var axisTitle: String {
    switch places {
    case .times(let instants, let until, let zone):
      ChartAxis.timeTitle(from: Int(instants.first ?? 0), to: Int(until), zone: zone)
    case .names(_, let title), .numbers(_, let title): title
    }
  }

  /// At most this many rows stand in the data; longer ones are thinned evenly and say so.
  private static let mostRows = 400

  var data: PageTable? {
    let lines = panels.flatMap { panel in
      panel.lines.map { (panel, $0.name, $0.values) }
        + panel.bands.flatMap {
          [(panel, "\($0.name), low", $0.low), (panel, "\($0.name), high", $0.high)]
        }
    }
    let places = x
    let every = max(1, (places.count + Self.mostRows - 1) / Self.mostRows)
    let rows = stride(from: 0, to: places.count, by: every).map { i in
      [placeText(i)]
        + lines.map { NumberText.fixed($0.2[i].isFinite ? $0.2[i] : nil, decimals: $0.0.decimals) }
    }
    let first = every > 1 ? "\(axisTitle), one in \(every)" : axisTitle
    var table = PageTable(
      [PageTable.Column(first, isWords: true)]
        + lines.map { panel, name, _ in
          PageTable.Column(panels.count > 1 ? "\(panel.title): \(name)" : name)
        }, rows: rows)
    let axis = axis(width: ChartWidth.wide)
    table.places = stride(from: 0, to: places.count, by: every).map { axis.share(places[$0]) }
    return table
  }

  /// Returns a value of a panel as the data write it.
  func valueText(_ value: Double, _ panel: Panel) -> String {
    NumberText.fixed(value, decimals: panel.decimals)
  }

  private func placeText(_ i: Int) -> String {
    switch places {
    case .times(let instants, _, let zone): Instant.localText(Int(instants[i]), zone: zone)
    case .names(let names, _): names[i]
    case .numbers(let numbers, _): NumberText.rounded(numbers[i], decimals: 4)
    }
  }
}
