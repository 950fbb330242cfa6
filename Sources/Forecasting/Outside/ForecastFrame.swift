package import TimeSeries

/// What a wide frame of forecasts does not say itself.
package struct ForecastFrameNotes: Sendable {
  /// Name of the version, where no column has one; that of the file when absent.
  package var version: String?
  /// What is forecast, where neither a column nor the series' name says it.
  package var quantity: Quantity?
  /// When the forecast was issued, where no column says it. [UTC epoch s]
  package var issuedAt: Int?
  /// Clock of stamps without offset; without one they are an error.
  package var zone: Zone?
  /// Unit of the values; that of the quantity when absent.
  package var unit: String?
  /// What columns are, by their headers: `version`, `quantity`, `issued_at`, `valid_at`, `valid_to`, `value`, or a
  /// level such as `0.1`.
  package var roles: [String: String]

  /// Notes nothing.
  package init(
    version: String? = nil, quantity: Quantity? = nil, issuedAt: Int? = nil, zone: Zone? = nil,
    unit: String? = nil, roles: [String: String] = [:]
  ) {
    self.version = version
    self.quantity = quantity
    self.issuedAt = issuedAt
    self.zone = zone
    self.unit = unit
    self.roles = roles
  }
}

/// The columns of a wide frame: one row per slot, one column per level.
///
/// Known are the frames of Chronos and its kin (`item_id, timestamp, target_name, predictions, 0.1 … 0.9`), of
/// Nixtla (`unique_id, ds, cutoff, MODEL, MODEL-lo-80, MODEL-hi-80`) and of Solcast (`PeriodEnd, PvEstimate,
/// PvEstimate10, PvEstimate90`); others are mapped.
struct ForecastFrame {
  /// A column with values.
  struct Value {
    let column: Int
    /// Level, or nothing for the point forecast.
    let level: Double?
    /// Version that the column's name says.
    let model: String?
  }

  /// Name of the kind of frame, for people.
  var name = "a frame with a map"
  var item: Int?
  var target: Int?
  var version: Int?
  var issued: Int?
  /// True where the issue column holds the last slot that was known, as Nixtla's `cutoff` does.
  var issueIsLastKnown = false
  var valid: Int
  /// True where stamps name the end of a slot.
  var labelsEnd = false
  var values: [Value] = []
  /// Quantity that the layout is about.
  var quantity: Quantity?
  /// Headers of columns that are not read.
  var unread: [String] = []

  private static let validNames = [
    "timestamp", "ds", "valid_at", "valid_time", "target_time", "target_timestamp", "datetime",
    "period_end", "periodend", "period_start", "periodstart", "forecast_timestamp", "time",
  ]
  private static let issueNames = [
    "cutoff", "issue_time", "issued_at", "issue_date", "forecast_date", "origin", "origin_time",
    "reference_time", "init_time", "run_time", "base_time", "issued", "forecast_creation_time",
  ]
  private static let itemNames = ["item_id", "unique_id", "id", "series_id", "series"]
  private static let targetNames = ["target_name", "target", "variable", "quantity"]
  private static let versionNames = ["version", "model", "model_name", "model_id"]
  private static let pointNames = [
    "predictions", "prediction", "mean", "value", "yhat", "forecast", "point", "pv_estimate",
    "pvestimate",
  ]
  private static let knownNames = ["y", "actual", "period", "index", "", "cutoff_id"]

  /// Recognises a frame by its header; nothing when it is none.
  ///
  /// - Parameters:
  ///   - names: Headers.
  ///   - roles: What the user says of columns.
  init?(_ names: [String], roles: [String: String]) {
    let lower = names.map { $0.lowercased() }
    func find(_ role: String, _ known: [String]) -> Int? {
      names.firstIndex { roles[$0] == role }
        ?? known.lazy.compactMap { name in
          lower.indices.first { lower[$0] == name && roles[names[$0]] == nil }
        }.first
    }
    let end = names.firstIndex { roles[$0] == "valid_to" }
    guard let valid = end ?? find("valid_at", ForecastFrame.validNames) else { return nil }
    self.valid = valid
    labelsEnd = end != nil || lower[valid].hasPrefix("period_end") || lower[valid] == "periodend"
    issued = find("issued_at", ForecastFrame.issueNames)
    issueIsLastKnown = issued.map { lower[$0] == "cutoff" } ?? false
    version = find("version", ForecastFrame.versionNames)
    target = find("quantity", ForecastFrame.targetNames)
    item = find("item", ForecastFrame.itemNames)
    var taken = Set([valid, issued, version, target, item].compactMap { $0 })
    for (k, name) in names.enumerated() where !taken.contains(k) {
      if let role = roles[name] {
        if role == "value" {
          values.append(Value(column: k, level: nil, model: nil))
        } else if let level = Double(role), level > 0, level < 1 {
          values.append(Value(column: k, level: level, model: nil))
        }
        taken.insert(k)
      } else if ForecastFrame.pointNames.contains(lower[k]) {
        values.append(Value(column: k, level: nil, model: nil))
        taken.insert(k)
      } else if let (level, model) = ForecastFrame.level(of: name) {
        values.append(Value(column: k, level: level, model: model))
        taken.insert(k)
      }
    }
    let models = Set(values.compactMap(\.model))
    let isNixtla = lower[valid] == "ds"
    for (k, name) in names.enumerated() where !taken.contains(k) {
      // A column named as its own intervals is a model, and so is every other one of Nixtla's frames.
      if models.contains(name) || isNixtla && !ForecastFrame.knownNames.contains(lower[k]) {
        values.append(Value(column: k, level: nil, model: name))
      } else if !ForecastFrame.knownNames.contains(lower[k]) {
        unread.append(name)
      }
    }
    guard !values.isEmpty else { return nil }
    if isNixtla {
      self.name = "Nixtla"
    } else if lower.contains("pvestimate") || lower.contains("pv_estimate") {
      (self.name, quantity) = ("Solcast", .pv)
    } else if roles.isEmpty {
      self.name = "Chronos"
    }
  }

  /// Reads `0.1`, `q10`, `p90`, `quantile_0.5`, `PvEstimate10`, `MODEL-lo-80`, `MODEL-ql0.1` or `MODEL-median`.
  private static func level(of name: String) -> (level: Double, model: String?)? {
    func share(_ text: some StringProtocol) -> Double? {
      guard let number = Double(text), number > 0 else { return nil }
      if number < 1 { return number }
      return number < 100 && !text.contains(".") ? number / 100 : nil
    }
    if name.contains("."), let level = Double(name), level > 0, level < 1 { return (level, nil) }
    let lower = name.lowercased()
    for prefix in ["quantile_", "quantile", "pv_estimate", "pvestimate", "q_", "q", "p_", "p"]
    where lower.hasPrefix(prefix) {
      if let level = share(lower.dropFirst(prefix.count)) { return (level, nil) }
    }
    if name.hasSuffix("-median") { return (0.5, String(name.dropLast(7))) }
    for (mark, side) in [("-lo-", -0.5), ("-hi-", 0.5)] {
      guard let at = name.lastRange(of: mark), let width = Double(name[at.upperBound...]),
        width > 0, width < 100
      else { continue }
      // The central interval of 80 % lies between the levels 0.1 and 0.9, to the last digit.
      let level = ((0.5 + side * width / 100) * 1e9).rounded() / 1e9
      return (level, String(name[..<at.lowerBound]))
    }
    if let at = name.lastRange(of: "-ql"), let level = share(name[at.upperBound...]) {
      return (level, String(name[..<at.lowerBound]))
    }
    return nil
  }
}

extension String {
  /// Where a text occurs last.
  fileprivate func lastRange(of text: String) -> Range<String.Index>? {
    var start = index(endIndex, offsetBy: -text.count, limitedBy: startIndex)
    while let at = start {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      start = at > startIndex ? index(before: at) : nil
    }
    return nil
  }
}
