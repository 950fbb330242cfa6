package import Diagnostics
package import Documents
import Replay
package import Studies
import TimeSeries

/// What a shadow knows from day to day: the months it replayed and since when it recommends what it does.
package struct ShadowState: Sendable, Equatable {
  /// What the versions would have cost.
  package var ledger: ShadowLedger
  /// Versions that were told what nobody could know.
  package var labelled: Set<String> = []
  /// The version that should plan.
  package var recommended: String?
  /// The day from which that is so, such as `2024-03-31`.
  package var since: String?

  /// Starts without anything.
  package init() { ledger = ShadowLedger() }

  /// Reads a state back.
  ///
  /// - Throws: `InputError` when the document is no such state.
  package init(_ document: TextFile) throws(InputError) {
    let root = try JSONReader(file: document.path).read(document.bytes)
    guard root["schema"]?.text == Self.schema, let months = root["months"]?.list else {
      throw InputError(
        "must be a state of 'wattif shadow', with 'schema' of '\(Self.schema)' and 'months'",
        at: SourcePosition(file: document.path))
    }
    ledger = ShadowLedger(
      months: try months.map { (node) throws(InputError) in try Self.month(node, document.path) })
    labelled = Set(root["labelled"]?.list?.compactMap(\.text) ?? [])
    recommended = root["recommended"]?.text
    since = root["since"]?.text
  }

  /// Name and version of the form.
  static let schema = "wattif.shadow/1"

  private static func month(
    _ node: JSONNode, _ file: String
  ) throws(InputError) -> ShadowLedger.Month {
    func refusal() -> InputError {
      InputError("a month of the state cannot be read", at: SourcePosition(file: file))
    }
    guard let label = node["month"]?.text, let first = node["from"]?.text.flatMap(day),
      let last = node["to"]?.text.flatMap(day), let versions = node["versions"]?.members
    else { throw refusal() }
    var costs: [String: MonthCosts] = [:]
    for (name, version) in versions {
      guard let energy = version["energy_by_day"]?.list.map({ $0.compactMap(\.number) }),
        let wear = version["wear_by_day"]?.list.map({ $0.compactMap(\.number) }),
        let demand = version["demand"]?.number, let peak = version["peak_kw"]?.number,
        let isWhole = version["is_whole"]?.boolean, let month = Int(label.suffix(2)),
        energy.count == last - first + 1
      else { throw refusal() }
      costs[name] = MonthCosts(
        label: label, month: month, isWhole: isWhole, energyByDay: energy, wearByDay: wear,
        demand: demand, overMonths: version["over_months"]?.number ?? 0, peakKW: peak,
        peakStart: version["peak_start"]?.text.flatMap(instant))
    }
    return ShadowLedger.Month(label: label, firstDay: first, lastDay: last, costs: costs)
  }

  private static func day(_ text: String) -> Int? {
    guard case .time(let time) = CivilText.date(text) else { return nil }
    return time.dayNumber
  }

  private static func instant(_ text: String) -> Int? {
    var scanner = StampScanner(zone: .utc)
    return scanner.instant(text)
  }

  /// The months as they are read back.
  var months: JSONValue {
    .array(
      ledger.months.map { month in
        [
          "month": .string(month.label), "from": .string(dayText(month.firstDay)),
          "to": .string(dayText(month.lastDay)),
          "versions": .object(
            month.costs.mapValues { costs in
              [
                "energy_by_day": .numbers(costs.energyByDay),
                "wear_by_day": .numbers(costs.wearByDay), "demand": .number(costs.demand),
                "over_months": .number(costs.overMonths), "peak_kw": .number(costs.peakKW),
                "peak_start": costs.peakStart.map { .string(Instant.utcText($0)) } ?? .null,
                "is_whole": .boolean(costs.isWhole),
              ]
            }),
        ]
      })
  }
}

/// Returns a day, in days since 1970-01-01, as `2024-03-31`.
package func dayText(_ day: Int) -> String { CivilTime(localSeconds: day * 86_400).dateText }
