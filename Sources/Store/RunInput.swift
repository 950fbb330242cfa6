package import Numerics

/// Something that a run read: a file, a column of the history, or forecasts made elsewhere.
package struct RunInput: Sendable, Hashable {
  /// What kind of thing it is.
  package enum Kind: String, Sendable, CaseIterable {
    case file, history, forecasts
  }

  /// What kind of thing it is.
  package var kind: Kind
  /// Path of a file, name of a quantity, or version and quantity of forecasts.
  package var name: String
  /// Tells contents apart.
  package var fingerprint: Fingerprint
  /// Bytes of a file, slots of a history, rows of forecasts.
  package var count: Int
  /// Slots without a value; nothing for a file.
  package var missing: Int?
  /// Mean of the values, in the unit of the quantity; nothing for a file or where there is none.
  package var mean: Double?

  /// Describes what was read.
  package init(
    kind: Kind, name: String, fingerprint: Fingerprint, count: Int, missing: Int? = nil,
    mean: Double? = nil
  ) {
    self.kind = kind
    self.name = name
    self.fingerprint = fingerprint
    self.count = count
    self.missing = missing
    self.mean = mean
  }

  /// Describes values; NaN is missing.
  ///
  /// - Parameters:
  ///   - kind: What kind of thing it is.
  ///   - name: Its name.
  ///   - values: The values in their order.
  ///   - start: What else tells it apart.
  package init(
    kind: Kind, name: String, values: [Double], startingWith start: Fingerprint = Fingerprint()
  ) {
    var print = start
    var sum = 0.0
    var found = 0
    for value in values {
      // One bit pattern stands for every missing value.
      print.combine(value.isNaN ? .nan : value)
      if value.isNaN { continue }
      sum += value
      found += 1
    }
    self.init(
      kind: kind, name: name, fingerprint: print, count: values.count,
      missing: values.count - found, mean: found > 0 ? sum / Double(found) : nil)
  }
}
