import Diagnostics

/// Builds the node tree from events, without recursion.
struct YAMLTreeBuilder {
  private let file: String
  private var findings = Findings()
  private var documents = 0
  private var finished: YAMLNode?
  private var open: [Frame] = []
  private var anchors: [String: (node: YAMLNode, count: Int)] = [:]
  private var unfoldedNodes = 0

  /// A collection whose end has not been seen.
  private struct Frame {
    var position: SourcePosition
    var anchor: String?
    var isMapping: Bool
    var items: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    var seen: [String: SourcePosition] = [:]
    var hasMerged = false
    /// The key whose value comes next; `key` is nil for one that was refused.
    var pendingKey: (key: String?, position: SourcePosition)?
    /// Where the nodes of this collection start in the count.
    var nodesBefore: Int
  }

  init(file: String) {
    self.file = file
  }

  /// Takes the next event.
  mutating func take(_ event: YAMLEvent) throws {
    let position = SourcePosition(file: file, line: event.line, column: event.column)
    switch event.kind {
    case .documentStart:
      documents += 1
      guard documents == 1 else {
        throw stopped("a file holds one document, found a second one", at: position)
      }
    case .alias(let name):
      guard let target = anchors[name] else {
        let open = open.contains { $0.anchor == name }
        throw stopped(
          open ? "alias '*\(name)' stands inside its own anchor" : "unknown alias '*\(name)'",
          at: position)
      }
      try count(target.count, at: position)
      try add(target.node, at: position)
    case .scalar(let scalar):
      try count(1, at: position)
      let node = YAMLNode(position: position, content: .scalar(scalar))
      if let anchor = event.anchor { anchors[anchor] = (node, 1) }
      try add(node, at: position)
    case .sequenceStart, .mappingStart:
      guard open.count < YAMLParser.maximumDepth else {
        throw stopped("nested deeper than \(YAMLParser.maximumDepth) levels", at: position)
      }
      var isMapping = false
      if case .mappingStart = event.kind { isMapping = true }
      open.append(
        Frame(
          position: position, anchor: event.anchor, isMapping: isMapping,
          nodesBefore: unfoldedNodes))
      if let anchor = event.anchor { anchors[anchor] = nil }
      try count(1, at: position)
    case .end:
      guard let frame = open.popLast() else { return }
      let node = YAMLNode(
        position: frame.position,
        content: frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items))
      if let anchor = frame.anchor { anchors[anchor] = (node, unfoldedNodes - frame.nodesBefore) }
      try add(node, at: frame.position)
    case .other:
      break
    }
  }

  /// The finished tree.
  func root() throws -> YAMLNode {
    try findings.throwIfErrors()
    guard let finished else {
      throw InputError(
        "the document is empty", at: SourcePosition(file: file, line: 1, column: 1))
    }
    return finished
  }

  private mutating func count(_ nodes: Int, at position: SourcePosition) throws {
    unfoldedNodes += nodes
    guard unfoldedNodes <= YAMLParser.maximumNodes else {
      throw stopped(
        "more than \(YAMLParser.maximumNodes) values once aliases are unfolded", at: position)
    }
  }

  private func stopped(_ message: String, at position: SourcePosition) -> InputError {
    InputError(findings.all + [.error(message, at: position)])
  }

  private mutating func add(_ node: YAMLNode, at position: SourcePosition) throws {
    guard var frame = open.popLast() else {
      finished = node
      return
    }
    defer { open.append(frame) }
    guard frame.isMapping else {
      frame.items.append(node)
      return
    }
    guard let pending = frame.pendingKey else {
      frame.pendingKey = (acceptedKey(node, at: position, seen: &frame.seen), position)
      return
    }
    frame.pendingKey = nil
    guard let key = pending.key else { return }
    if key == "<<" {
      merge(node, into: &frame, at: position)
    } else {
      if frame.hasMerged { frame.entries.removeAll { $0.key == key } }  // an explicit key wins
      frame.entries.append(YAMLEntry(key: key, keyPosition: pending.position, value: node))
    }
  }

  private mutating func acceptedKey(
    _ node: YAMLNode, at position: SourcePosition, seen: inout [String: SourcePosition]
  ) -> String? {
    guard let key = node.scalar?.text else {
      findings.error("a key must be text, found \(node.found)", at: position)
      return nil
    }
    if let first = seen[key] {
      findings.error(
        "duplicate key '\(key)'", at: position,
        notes: ["first given at line \(first.line), column \(first.column)"])
      return nil
    }
    seen[key] = position
    return key
  }

  /// Takes over the entries of a merge key that are not there yet.
  private mutating func merge(
    _ node: YAMLNode, into frame: inout Frame, at position: SourcePosition
  ) {
    let sources = node.items ?? [node]
    frame.hasMerged = true
    for source in sources {
      guard let entries = source.entries else {
        findings.error("'<<' must name a section to merge, found \(source.found)", at: position)
        continue
      }
      var present = Set(frame.entries.map(\.key))
      for entry in entries where present.insert(entry.key).inserted {
        frame.entries.append(entry)
      }
    }
  }
}
