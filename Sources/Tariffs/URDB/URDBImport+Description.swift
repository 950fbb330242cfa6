import Diagnostics

extension URDBImport {
  /// Fields that describe a record without changing its bill.
  private static let descriptions: Set<String> = [
    "label", "uri", "name", "utility", "eiaid", "sector", "description", "source", "sourceparent",
    "basicinformationcomments", "energycomments", "demandcomments", "approved", "is_default",
    "revisions", "supersedes", "supercedes", "country", "phasewiring", "voltagecategory",
    "voltageminimum", "voltagemaximum", "startdate", "enddate", "demandunits", "sectors",
  ]

  /// Limits on who may take a rate.
  private static let applicability: Set<String> = [
    "peakkwcapacitymin", "peakkwcapacitymax", "peakkwcapacityhistory", "peakkwhusagemin",
    "peakkwhusagemax", "peakkwhusagehistory",
  ]

  /// Warns about records that are only a part of a bill.
  mutating func describeService() {
    guard let service = record["servicetype"]?.text else { return }
    if service.lowercased() == "bundled" {
      note("servicetype", .description, service)
    } else {
      note("servicetype", .notBilled, "'\(service)' only: other parts of the bill are missing")
      warn("the record covers '\(service)' only and is not a full bill")
    }
  }

  /// Accounts for every field that nothing has taken up.
  mutating func describeTheRest() {
    let taken = Set(fields.map(\.field))
    for field in record.fields.keys.sorted() where !taken.contains(field) {
      let value = record.fields[field] ?? .null
      let name = field.lowercased()
      if URDBImport.descriptions.contains(name) {
        note(field, .description, value.summary)
      } else if URDBImport.applicability.contains(name) {
        note(
          field, .description, "applicability, \(value.summary): check the site's peak after sizing"
        )
      } else if name.hasSuffix("attrs") {
        note(
          field, .notBilled,
          "free text, \(value.summary): discounts and adders in words are not billed")
        warn("'\(field)' holds adjustments in words that are not billed")
      } else if URDBImport.units.contains(name) {
        note(field, .description, "\(value.summary); the record has no charge in this unit")
      } else if !isSound {
        note(field, .description, "not read: the record is refused")
      } else {
        note(field, .notBilled, "not a field of the rate record that is known here")
        warn("'\(field)' is not known and not billed")
      }
    }
    fields.sort { ($0.field, $0.text) < ($1.field, $1.text) }
  }

  private static let units: Set<String> = [
    "demandrateunit", "flatdemandunit", "coincidentrateunit", "flatdemandmonths",
    "demandweekdayschedule", "demandweekendschedule", "coincidentrateschedule",
  ]
}
