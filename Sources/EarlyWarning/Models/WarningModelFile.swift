package import Diagnostics
package import Documents
import Forecasting
import Numerics

/// A fitted model with all that is needed to use it again, as JSON.
package struct WarningModelFile: Sendable {
  /// Form of the document.
  static let schema = "wattif.thermal-model/1"

  /// The model.
  package let model: WarningModel
  /// Signals that it needs, by their parts.
  package let columns: WarningColumns
  /// Usual distance of the steps that it was fitted on. [s]
  package let typicalSeconds: Int
  /// Chance from which on it alarms; none where no threshold was worth it.
  package let threshold: Double?
  /// What it was fitted on, in words: files, rows, runs, split.
  package let provenance: [String: JSONValue]

  /// Puts a file together.
  package init(
    model: WarningModel, columns: WarningColumns, typicalSeconds: Int, threshold: Double?,
    provenance: [String: JSONValue]
  ) {
    self.model = model
    self.columns = columns
    self.typicalSeconds = typicalSeconds
    self.threshold = threshold
    self.provenance = provenance
  }

  /// The document.
  package var json: JSONValue {
    var members = numbers
    members["fingerprint"] = .string(fingerprint)
    members["trained"] = .object(provenance)
    return .object(members)
  }

  /// Tells its numbers from those of every other model, whatever it was fitted on.
  package var fingerprint: String {
    Fingerprint(JSONValue.object(numbers).text(isPretty: false)).text
  }

  /// All that predictions follow from.
  private var numbers: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "schema": .string(Self.schema), "kind": .string(model.kind.rawValue),
      "lead_s": .integer(model.task.leadSeconds), "limit_c": .number(model.task.limitC),
      "window_s": .integer(model.task.windowSeconds), "knows_plan": .boolean(model.task.knowsPlan),
      "typical_s": .integer(typicalSeconds), "spread_k": .number(model.spreadK),
      "threshold": .optional(threshold),
      "features": .array(model.featureKeys.map { .string($0) }),
      "columns": [
        "temperature": .string(columns.temperature), "current": .optional(columns.current),
        "planned_current": .optional(columns.plannedCurrent),
        "voltage": .optional(columns.voltage), "surroundings": .optional(columns.surroundings),
        "other_temperatures": .array(columns.otherTemperatures.map { .string($0) }),
        "cell_voltages": .array(columns.cellVoltages.map { .string($0) }),
        "features": .array(columns.extras.map { .string($0) }),
      ],
    ]
    if let linear = model.linear {
      members["linear"] = [
        "mean": .numbers(linear.standardisation.mean),
        "spread": .numbers(linear.standardisation.spread), "weights": .numbers(linear.weights),
        "intercept": .number(linear.intercept),
      ]
    }
    if let trees = model.changeTrees { members["change_trees"] = trees.json }
    if let trees = model.oddsTrees { members["odds_trees"] = trees.json }
    if let twin = model.twin {
      members["twin"] = [
        "cooling_s": .number(twin.coolingS), "k_per_s_a2": .number(twin.perSquare),
        "k_per_s_a": .number(twin.perAmpere), "offset_k": .number(twin.offsetK),
      ]
    }
    return members
  }
}

extension WarningModelFile {
  /// Reads a document that ``json`` wrote.
  ///
  /// - Throws: `InputError` that names the member that is missing or of another kind.
  package init(_ document: TextFile) throws(InputError) {
    let root = try JSONReader(file: document.path).read(document.bytes)
    let reader = Reader(root: root, lines: LineIndex(document.bytes, file: document.path))
    guard root["schema"]?.text == Self.schema else {
      throw InputError(
        "a model of 'wattif thermal train' was expected: 'schema' must be '\(Self.schema)'",
        at: SourcePosition(file: document.path))
    }
    let name = try reader.text(root, "kind")
    guard let kind = WarningModel.Kind(rawValue: name) else {
      throw reader.mistake(root, "kind", "a known kind")
    }
    let task = WarningTask(
      leadSeconds: try reader.whole(root, "lead_s"), limitC: try reader.number(root, "limit_c"),
      windowSeconds: try reader.whole(root, "window_s"),
      knowsPlan: root["knows_plan"]?.boolean ?? false)
    let keys = try reader.texts(root, "features")
    var model = WarningModel(kind: kind, task: task, featureKeys: keys)
    model.spreadK = try reader.number(root, "spread_k")
    if let linear = root["linear"] {
      let weights = try reader.numbers(linear, "weights", count: keys.count)
      model.linear = LinearWarning(
        standardisation: Standardisation(
          mean: try reader.numbers(linear, "mean", count: keys.count),
          spread: try reader.numbers(linear, "spread", count: keys.count)),
        weights: weights, intercept: try reader.number(linear, "intercept"))
    }
    if let trees = root["change_trees"] {
      model.changeTrees = try TreeEnsemble(trees, featureCount: keys.count)
    }
    if let trees = root["odds_trees"] {
      model.oddsTrees = try TreeEnsemble(trees, featureCount: keys.count)
    }
    if let twin = root["twin"] {
      model.twin = OneNodeTwin(
        coolingS: try reader.number(twin, "cooling_s"),
        perSquare: try reader.number(twin, "k_per_s_a2"),
        perAmpere: try reader.number(twin, "k_per_s_a"),
        offsetK: try reader.number(twin, "offset_k"))
    }
    let isWhole =
      switch kind {
      case .hotNow, .noChange, .trend: true
      case .ridge, .logistic: model.linear != nil
      case .boosting: model.changeTrees != nil
      case .twin: model.twin != nil
      }
    guard isWhole else { throw reader.mistake(root, "kind", "a kind whose numbers are there") }
    guard let parts = root["columns"] else {
      throw reader.mistake(root, "columns", "an object")
    }
    var columns = WarningColumns(temperature: try reader.text(parts, "temperature"))
    columns.current = parts["current"]?.text
    columns.plannedCurrent = parts["planned_current"]?.text
    columns.voltage = parts["voltage"]?.text
    columns.surroundings = parts["surroundings"]?.text
    columns.otherTemperatures = try reader.texts(parts, "other_temperatures")
    columns.cellVoltages = try reader.texts(parts, "cell_voltages")
    columns.extras = try reader.texts(parts, "features")
    self.init(
      model: model, columns: columns, typicalSeconds: try reader.whole(root, "typical_s"),
      threshold: root["threshold"]?.number, provenance: [:])
    let kept = try reader.text(root, "fingerprint")
    guard kept == fingerprint else {
      throw InputError(
        "the model was changed after it was fitted: its numbers have the fingerprint \(fingerprint), "
          + "it says \(kept)", at: reader.lines.position(root["fingerprint"]?.offset ?? root.offset)
      )
    }
  }

  /// Reads members with their places.
  private struct Reader {
    let root: JSONNode
    let lines: LineIndex

    func mistake(_ node: JSONNode, _ name: String, _ expected: String) -> InputError {
      InputError(
        "'\(name)' must be \(expected), found \(node[name]?.found ?? "nothing")",
        at: lines.position(node[name]?.offset ?? node.offset))
    }

    func text(_ node: JSONNode, _ name: String) throws(InputError) -> String {
      guard let text = node[name]?.text else { throw mistake(node, name, "a text") }
      return text
    }

    func number(_ node: JSONNode, _ name: String) throws(InputError) -> Double {
      guard let number = node[name]?.number else { throw mistake(node, name, "a number") }
      return number
    }

    func whole(_ node: JSONNode, _ name: String) throws(InputError) -> Int {
      guard let number = Int(exactly: try number(node, name)), number > 0 else {
        throw mistake(node, name, "a positive whole number")
      }
      return number
    }

    func texts(_ node: JSONNode, _ name: String) throws(InputError) -> [String] {
      guard let list = node[name]?.list else { throw mistake(node, name, "a list of texts") }
      var texts: [String] = []
      for item in list {
        guard let text = item.text else { throw mistake(node, name, "a list of texts") }
        texts.append(text)
      }
      return texts
    }

    func numbers(
      _ node: JSONNode, _ name: String, count: Int
    ) throws(InputError) -> [Double] {
      let numbers = node[name]?.list?.compactMap(\.number) ?? []
      guard numbers.count == count, node[name]?.list?.count == count else {
        throw mistake(node, name, "a list of \(count) numbers")
      }
      return numbers
    }
  }
}
