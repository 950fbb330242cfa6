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

  /// Reads a record: alone, in a list or an answer of the API, of a line or of the CSV of all rates.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - file: Its name.
  ///   - name: Label or name of the record, where the file has several.
  ///
  /// - Throws: `InputError` when the bytes are no JSON or hold no single rate record.
  init(_ bytes: [UInt8], file: String, named name: String? = nil) throws(InputError) {
    let record = try URDBRecord.single(bytes, file: file, named: name)
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

  /// Returns the one record of a download, or the one with a label or name.
  private static func single(
    _ bytes: [UInt8], file: String, named name: String?
  ) throws(InputError) -> (fields: [String: URDBValue], position: SourcePosition) {
    let found = try URDBDownload.records(bytes, file: file, named: name)
    var records: [(fields: [String: URDBValue], position: SourcePosition)] = []
    for value in found.records {
      guard let fields = value.object else {
        throw InputError(
          "a rate record must be a JSON object, found \(value.summary)", at: value.position)
      }
      if let inner = fields["urdb_response"], let fields = inner.object {
        records.append((fields, inner.position))
      } else {
        records.append((fields, value.position))
      }
    }
    func words(_ fields: [String: URDBValue]) -> [String] {
      let names = ["label", "_id", "name", "ratename"]
      return names.compactMap { name in
        fields.first { $0.key.lowercased() == name }?.value.text
      }
    }
    if let name, found.holder != "a record" || records.count > 1 {
      records = records.filter {
        words($0.fields).contains { $0.lowercased() == name.lowercased() }
      }
      guard !records.isEmpty else {
        throw InputError("no rate record has the label or name '\(name)'", at: found.place)
      }
    }
    guard records.count == 1 else {
      let listed = records.prefix(8).map { words($0.fields).prefix(2).joined(separator: ", ") }
        .filter { !$0.isEmpty }
      throw InputError([
        .error(
          "\(found.holder) must hold one rate record, found \(records.count)"
            + (records.count > 1 ? "; choose one by its label with '--record'" : ""),
          at: found.place, notes: listed)
      ])
    }
    return records[0]
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
