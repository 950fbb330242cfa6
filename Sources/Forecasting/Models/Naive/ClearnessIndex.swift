/// Clear-sky indices at an issue time; in the dark the longer window stands in for the shorter.
struct ClearnessIndex {
  let hours3: Double
  let hours24: Double
  let days7: Double
  var long: Double { 0.5 * hours24 + 0.5 * days7 }

  init(known: Int, state: QuantityState) {
    let perDay = state.profile.slotsPerDay
    let cap = state.capKW(known: known)
    let hours = state.profile.stepHours
    func index(_ count: Int) -> Double? {
      state.envelope.clearness(count, before: known, capKW: cap, stepHours: hours)
    }
    days7 = index(7 * perDay) ?? 1
    hours24 = index(perDay) ?? days7
    hours3 = index(max(1, perDay / 8)) ?? (0.5 * hours24 + 0.5 * days7)
  }
}
