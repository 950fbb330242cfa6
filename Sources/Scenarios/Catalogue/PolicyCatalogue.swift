import Diagnostics
import Documents
package import Twin

/// The folders in which derating policies are found by name.
///
/// A name stands for a policy of the program, for `policies/NAME.yaml` in the folder of the scenario or in one above
/// it, or for `NAME.yaml` in the folder that the variable `WATTIF_POLICIES` names.
package struct PolicyCatalogue: Sendable {
  /// The variable that names a folder of policies.
  package static let variable = "WATTIF_POLICIES"

  /// The folders, the first one first.
  package var folders: [String]

  /// Finds the folders.
  ///
  /// - Parameters:
  ///   - folder: Folder of a scenario; empty for the working directory, in which `scenarios/policies` counts as well.
  ///   - environment: Variables.
  package init(folder: String, environment: [String: String]) {
    folders = []
    let start = folder.isEmpty ? "." : folder
    for place in [start, "\(start)/scenarios"] {
      if let found = DocumentFolder.nearest(to: place, named: "policies") {
        if !folders.contains(found) { folders.append(found) }
      }
    }
    if let named = environment[PolicyCatalogue.variable], !named.isEmpty { folders.append(named) }
  }

  /// Returns the folder of the policies that come with the program, in a folder or in the nearest one above it.
  package static func folder(above start: String) -> String? {
    DocumentFolder.nearest(to: start, named: "scenarios/policies")
  }

  /// Paths of all documents by name; of two with one name the first folder's counts.
  package var paths: [(name: String, path: String)] { DocumentFolder.documents(in: folders) }

  /// Reads a policy by its name or the path of its document.
  ///
  /// - Parameters:
  ///   - text: Name or path.
  ///   - folders: Folders that names are looked for from, the first one before the others; empty for the working
  ///     directory, from which paths start.
  ///   - environment: Variables.
  /// - Returns: The policy and the document it stands in; no document for one of the program.
  /// - Throws: `InputError` with every mistake in the document, or when there is none of the name.
  package static func policy(
    _ text: String, folders: [String] = [""], environment: [String: String]
  ) throws -> (policy: DeratingPolicy, path: String?) {
    let holds = folders.first { folder in
      PolicyCatalogue(folder: folder, environment: environment).paths.contains { $0.name == text }
    }
    let context = DecodingContext(folder: holds ?? "", environment: environment)
    let node = YAMLNode(
      position: SourcePosition(file: text), content: .scalar(YAMLScalar(text: text, isPlain: false))
    )
    let policy = context.deratingPolicy(node, named: "policy")
    try context.throwIfErrors()
    guard let policy else { throw InputError("the policy '\(text)' could not be read") }
    return (policy, context.files.first)
  }
}

extension DecodingContext {
  /// Reads the name of a policy, or the path of a document with one.
  func deratingPolicy(_ node: YAMLNode, named key: String) -> DeratingPolicy? {
    guard let text = node.scalar?.text, !node.isNull else {
      error("'\(key)' must be a policy, found \(node.found)", at: node.position)
      return nil
    }
    if text.hasSuffix(".yaml") || text.hasSuffix(".yml") {
      guard let path = path(node, named: key) else { return nil }
      return policyDocument(path, at: node)
    }
    if let own = DeratingPolicy.library.first(where: { $0.name == text }) { return own }
    let catalogue = PolicyCatalogue(folder: folder, environment: environment)
    let paths = catalogue.paths
    if let found = paths.first(where: { $0.name == text }) {
      return policyDocument(found.path, at: node)
    }
    let names = DeratingPolicy.library.map(\.name) + paths.map(\.name)
    let near = suggestion(for: text, among: names).map { "; did you mean '\($0)'?" }
    error(
      "'\(key)' must be \(listed(names.map { "'\($0)'" }, "or")) or the path of a document, "
        + "found '\(text)'\(near ?? "")", at: node.position)
    return nil
  }

  /// Reads a policy's document; one that states no name has that of its file.
  private func policyDocument(_ path: String, at node: YAMLNode) -> DeratingPolicy? {
    attempt(at: node) {
      try document(path, as: "battery.derating") { reader in
        DeratingPolicy(reader, name: DocumentFolder.name(of: path))
      }
    }
  }
}
