import Diagnostics

/// A rate record of the Utility Rate Database as read from JSON.
///
/// Fields are found by the names of the API, whatever their capitals, and by those of the bulk download
/// and the CSV download. A field that holds `null`, an empty list or an empty text counts as absent,
/// because exporters write these for fields that a record does not have.
struct URDBRecord: Sendable {
  /// Fields by name as the record spells them.
  let fields: [String: URDBValue]
  /// Where the record stands.
  let position: SourcePosition
  /// Spelling of each field that the record has, by its name in the API.
  private let spelling: [String: String]

  /// Reads a record: alone, in a list of one, or as the only item of an API answer.
  ///
  /// - Throws: `InputError` when the bytes are no JSON or hold no single rate record.
  init(_ bytes: [UInt8], file: String) throws(InputError) {
    let root = try URDBValue(json: bytes, file: file)
    let record = try URDBRecord.single(root)
    fields = record.fields
    position = record.position
    var spelling: [String: String] = [:]
    for field in fields.keys.sorted() {
      let name = URDBRecord.apiName(field)
      if spelling[name] == nil || field.lowercased() == name { spelling[name] = field }
    }
    self.spelling = spelling
  }

  /// Returns a field by its name in the API; nothing where it is absent or empty.
  subscript(name: String) -> URDBValue? {
    guard let value = spelling[name].flatMap({ fields[$0] }), !value.isEmpty else { return nil }
    return value
  }

  /// Returns how the record spells a field, or its name in the API where the record does not have it.
  func spelled(_ name: String) -> String { spelling[name] ?? name }

  private static func single(
    _ root: URDBValue
  ) throws(InputError) -> (fields: [String: URDBValue], position: SourcePosition) {
    func only(_ items: [URDBValue], _ holder: String) throws(InputError) -> URDBValue {
      guard items.count == 1 else {
        throw InputError(
          "\(holder) must hold one rate record, found \(items.count)", at: root.position)
      }
      return items[0]
    }
    var top = root
    if let list = root.list { top = try only(list, "a list") }
    guard let fields = top.object else {
      throw InputError(
        "a rate record must be a JSON object, found \(top.summary)", at: top.position)
    }
    if let items = fields["items"]?.list {
      let item = try only(items, "'items'")
      guard let inner = item.object else {
        throw InputError("a rate record must be a JSON object", at: item.position)
      }
      return (inner, item.position)
    }
    if let inner = fields["urdb_response"], let fields = inner.object {
      return (fields, inner.position)
    }
    return (fields, top.position)
  }

  /// Returns the name in the API of a field: in small letters, and of other downloads translated.
  static func apiName(_ field: String) -> String {
    let name = field.lowercased()
    return otherNames[name] ?? name
  }

  /// Names of the bulk download and the CSV download, in small letters, with those of the API.
  private static let otherNames = [
    "ratename": "name", "utilityname": "utility", "_id": "label", "sourcereference": "source",
    "effectivedate": "startdate", "energyratestrux": "energyratestructure",
    "energyweekdaysched": "energyweekdayschedule", "energyweekendsched": "energyweekendschedule",
    "demandratestrux": "demandratestructure", "demandrateunits": "demandrateunit",
    "demandweekdaysched": "demandweekdayschedule", "demandweekendsched": "demandweekendschedule",
    "flatdemandstrux": "flatdemandstructure", "flatdemandunits": "flatdemandunit",
    "coincidentratestrux": "coincidentratestructure", "coincidentrateunits": "coincidentrateunit",
    "coincidentsched": "coincidentrateschedule", "coincidentschedule": "coincidentrateschedule",
    "demandratchetpct": "demandratchetpercentage",
    "demandreactivepowerchg": "demandreactivepowercharge", "demandmin": "peakkwcapacitymin",
    "demandmax": "peakkwcapacitymax", "demandhist": "peakkwcapacityhistory",
    "energymin": "peakkwhusagemin", "energymax": "peakkwhusagemax",
    "energyhist": "peakkwhusagehistory",
  ]
}
