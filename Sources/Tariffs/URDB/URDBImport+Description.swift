import Diagnostics
import TimeSeries

extension URDBImport {
  /// Fields that describe a record without changing its bill.
  private static let descriptions: Set<String> = [
    "label", "uri", "name", "utility", "eiaid", "sector", "description", "source",
    "basicinformationcomments", "energycomments", "demandcomments", "approved", "is_default",
    "revisions", "supersedes", "supercedes", "country", "phasewiring", "voltagecategory",
    "voltageminimum", "voltagemaximum", "demandunits", "sectors", "sourceparent",
    "peakkwcapacityhistory", "peakkwhusagehistory",
  ]

  /// Reads who may take a rate, and when it holds.
  mutating func applicability() -> Applicability {
    var limits = Applicability()
    limits.fromDay = date("startdate")
    limits.throughDay = date("enddate")
    limits.leastPeakKW = limit("peakkwcapacitymin")
    limits.highestPeakKW = limit("peakkwcapacitymax")
    limits.leastMonthKWh = limit("peakkwhusagemin")
    limits.highestMonthKWh = limit("peakkwhusagemax")
    return limits
  }

  private mutating func date(_ field: String) -> Int? {
    guard let value = record[field] else { return nil }
    guard let day = value.day else {
      note(field, .description, "not understood as a date: \(value.summary)")
      warn("'\(value.path)' is not understood as a date, found '\(value.summary)'", at: value)
      return nil
    }
    note(field, .description, "\(dateText(day)); a bill outside of it is warned about")
    return day
  }

  private mutating func limit(_ field: String) -> Double? {
    guard let value = record[field] else { return nil }
    guard let number = value.number, number >= 0 else {
      note(field, .description, "not understood as a limit: \(value.summary)")
      warn("'\(value.path)' is not understood as a limit, found '\(value.summary)'", at: value)
      return nil
    }
    note(
      field, .description, "applicability, \(value.summary): a bill outside of it is warned about")
    return number
  }

  /// Warns about records that are only a part of a bill.
  mutating func describeService() {
    guard let value = record["servicetype"] else { return }
    let service = value.summary
    if service.lowercased() == "bundled" {
      note("servicetype", .description, service)
    } else {
      note("servicetype", .notBilled, "'\(service)' only: other parts of the bill are missing")
      warn("the record covers '\(service)' only and is not a full bill", at: value)
    }
  }

  /// Accounts for every field that nothing has taken up.
  mutating func describeTheRest() {
    let taken = Set(fields.map(\.field))
    for (field, value) in record.fields.sorted(by: { $0.key < $1.key })
    where !taken.contains(field) {
      let name = URDBRecord.apiName(field)
      if value.isEmpty {
        note(field, .description, "empty, as if it were not there")
      } else if URDBImport.descriptions.contains(name) || name.hasSuffix("labels") {
        note(field, .description, value.summary)
      } else if name.hasSuffix("attrs") || name.hasSuffix("keyvals") {
        note(
          field, .notBilled,
          "free text, \(value.summary): discounts and adders in words are not billed")
        warn("'\(field)' holds adjustments in words that are not billed", at: value)
      } else if URDBImport.units.contains(name) {
        note(field, .description, "\(value.summary); the record has no charge in this unit")
      } else if !isSound {
        note(field, .description, "not read: the record is refused")
      } else {
        note(field, .notBilled, "not a field of the rate record that is known here")
        warn("'\(field)' is not known and not billed", at: value)
      }
    }
    fields.sort { ($0.field, $0.text) < ($1.field, $1.text) }
  }

  private static let units: Set<String> = [
    "demandrateunit", "flatdemandunit", "coincidentrateunit", "flatdemandmonths",
    "demandweekdayschedule", "demandweekendschedule", "coincidentrateschedule",
  ]
}
