import Documents
import Tariffs

extension MappingReader {
  /// Reads `tariff`: the path of a tariff document, or the document itself as a section.
  func tariff(_ key: String) -> Tariff? {
    // A file that is not there is a mistake of the line that names it.
    if has(key), let node = node(key), node.scalar != nil, existingPath(key).isEmpty { return nil }
    return TariffDocument.tariff(key: key, in: self)
  }
}
