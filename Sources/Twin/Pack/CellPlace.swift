/// Where a cell sits in a pack.
public struct CellPlace: Sendable, Equatable, CustomStringConvertible {
  /// Number of the cell in the pack, from 0.
  public var cell: Int
  /// String, counted from 1.
  public var string: Int
  /// Group of the string, counted from 1.
  public var group: Int
  /// Name of the module that it belongs to, where the battery names them.
  public var module: String?
  /// What of it tells cells of this pack apart.
  private let namesString: Bool
  private let namesGroup: Bool

  init(cell: Int, series: Int, parallel: Int, strings: Int, module: String?) {
    self.cell = cell
    self.module = module
    string = cell / (series * parallel) + 1
    group = cell / parallel % series + 1
    namesString = strings > 1
    namesGroup = strings > 1 || parallel > 1 || module != nil
  }

  /// The place in words: `cell 37 (string 2, module rack2/m1, group 5)`.
  public var description: String {
    let parts = [
      namesString ? "string \(string)" : nil, module.map { "module \($0)" },
      namesGroup ? "group \(group)" : nil,
    ].compactMap(\.self)
    return "cell \(cell)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
  }
}

extension TwinSpecification {
  /// Returns where a cell sits. [0…]
  public func place(ofCell cell: Int) -> CellPlace {
    CellPlace(
      cell: cell, series: series, parallel: parallel, strings: strings,
      module: starts.module(ofCell: cell).map { modules[$0].name })
  }
}
