import Documents

/// Leaves of a document by their paths, such as `battery.capacity_kwh` or `versions[ridge].cost`.
enum Leaves {
  /// Keys that tell the elements of a list apart, the most telling first.
  private static let names = [
    "version", "name", "battery", "month", "policy", "fault", "weather", "battery_kwh",
    "battery_kw", "planner", "a", "b", "measure", "quantity", "cause", "kind", "file", "start",
  ]

  /// Returns the leaves of a YAML document in its order, as they are written.
  static func of(_ node: YAMLNode) -> [(path: String, value: String)] {
    var leaves: [(path: String, value: String)] = []
    func visit(_ node: YAMLNode, _ path: String) {
      switch node.content {
      case .scalar(let scalar): leaves.append((path, scalar.text))
      case .mapping(let entries):
        if entries.isEmpty { leaves.append((path, "{}")) }
        for entry in entries { visit(entry.value, joined(path, entry.key)) }
      case .sequence(let items):
        if items.isEmpty { leaves.append((path, "[]")) }
        let labels = labels(
          items.map { item in
            { key in item.entries?.first { $0.key == key }?.value.scalar?.text }
          })
        for (item, label) in zip(items, labels) { visit(item, "\(path)[\(label)]") }
      }
    }
    visit(node, "")
    return leaves
  }

  /// Returns the numbers of a result in its order.
  static func numbers(of node: JSONNode) -> [(path: String, value: Double)] {
    var leaves: [(path: String, value: Double)] = []
    func visit(_ node: JSONNode, _ path: String) {
      switch node.content {
      case .number(let number): leaves.append((path, number))
      case .null, .boolean, .text: break
      case .members(let members):
        for member in members { visit(member.value, joined(path, member.name)) }
      case .list(let items):
        let labels = labels(
          items.map { item in
            { key in
              item.members == nil
                ? nil : item[key]?.text ?? item[key]?.number.map { NumberText.shortest($0) }
            }
          })
        for (item, label) in zip(items, labels) { visit(item, "\(path)[\(label)]") }
      }
    }
    visit(node, "")
    return leaves
  }

  private static func joined(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  /// What each element of a list is called: by its names where these tell all apart, else by its place.
  private static func labels(_ elements: [(String) -> String?]) -> [String] {
    let named = elements.map { value in names.compactMap(value).joined(separator: ", ") }
    guard Set(named).count == named.count, !named.contains("") else {
      return elements.indices.map { "\($0 + 1)" }
    }
    return named
  }
}
