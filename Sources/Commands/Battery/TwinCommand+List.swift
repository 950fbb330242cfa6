import CommandLine
import Diagnostics
import Reports
import Scenarios

extension TwinCommand {
  /// `wattif twin list`: the batteries of the catalogue, or one of them in full.
  func runList(_ context: CommandContext) throws -> ExitCode {
    let catalogue = ProductCatalogue(folder: "", environment: context.environment)
    let paths = catalogue.paths
    guard !paths.isEmpty else {
      throw InputError(
        "no batteries found; \(ProductCatalogue.variable) names their folder when there is no "
          + "folder 'batteries' here or above")
    }
    if inputs.count == 2 {
      guard let found = paths.first(where: { $0.name == inputs[1] }) else {
        let near = suggestion(for: inputs[1], among: paths.map(\.name))
        throw InputError(
          "no battery of the catalogue is named '\(inputs[1])'"
            + (near.map { "; did you mean '\($0)'?" } ?? ""))
      }
      let product = try ProductFigures(BatteryProduct(path: found.path))
      common.isJSON
        ? context.print(ProductFigures.json([product])) : context.print(try product.text())
      return .done
    }
    let products = try paths.map { try ProductFigures(BatteryProduct(path: $0.path)) }
    common.isJSON
      ? context.print(ProductFigures.json(products)) : context.print(ProductFigures.table(products))
    return .done
  }
}

extension ProductFigures {
  fileprivate init(_ product: BatteryProduct) throws {
    try self.init(
      name: product.name, title: product.title, sources: product.sources,
      retrieved: product.retrieved, assumptions: product.assumptions, system: product.system,
      match: product.match, datasheet: product.datasheet, warranty: product.warranty,
      standbyW: product.standbyW)
  }
}
