public import Diagnostics

extension TwinSpecification {
  /// Returns the same system with other parts of the pack named, or not like new.
  ///
  /// - Parameter modules: The parts.
  /// - Returns: The system.
  /// - Throws: `InputError` with everything that makes the parts impossible.
  public func with(modules: [ModuleCondition]) throws(InputError) -> TwinSpecification {
    try TwinSpecification(
      cell: cell, series: series, parallel: parallel, strings: strings, linkOhm: linkOhm,
      spread: spread, modules: modules, cooling: cooling, enclosure: enclosure,
      converter: converter, limits: limits, derating: derating, balancing: balancing,
      ageing: ageing, faults: faults, substepSeconds: substepSeconds,
      temperatureLimitC: temperatureLimitC)
  }
}
