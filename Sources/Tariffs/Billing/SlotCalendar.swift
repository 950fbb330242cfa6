import TimeSeries

/// The local calendar of a grid together with the tariff's kinds of day.
struct SlotCalendar {
  let slots: LocalSlots
  let zone: Zone
  let months: [BillingMonth]
  let dayTypes: [DayTypes]
  let kinds: KindCalendar

  init(grid: TimeGrid, zone: Zone, holidays: HolidayCalendar, kinds: [DayKind]) {
    slots = LocalSlots(grid: grid, zone: zone)
    self.zone = zone
    months = BillingMonth.all(of: slots, zone: zone)
    dayTypes = Tariffs.dayTypes(of: slots, holidays: holidays)
    self.kinds = KindCalendar(kinds, slots: slots, zone: zone)
  }
}
