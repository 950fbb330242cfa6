import Forecasting
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@Suite("Sun on the enclosure in a replay", .tags(.physics)) struct SunReplayTests {
  let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 6, day: 10).dayNumber)
  let days = 2

  /// A home that discharges in the evening, in still air of 30 °C.
  private func replay(
    aperture: Double, at place: Bool = true, _ columns: [Quantity: Double] = [:],
    ambientC: Double = 30, heat: HeatForesight = .envelope
  ) throws -> ReplayCase {
    var history = SmallSite.history(
      from: from, days: days, load: { _, hour in hour > 18 ? 4 : 0.3 },
      pv: { _, hour in abs(hour - 12) < 4 ? 3 : 0 }, ambientC: ambientC)
    for (quantity, value) in columns {
      history[quantity] = [Double](repeating: value, count: history.grid.count)
    }
    var battery = BatterySystemSpecification(
      arrangement: .capacity(kWh: 10), converter: ConverterSpecification(ratedKW: 5))
    battery.enclosureChanges.solarApertureM2 = aperture
    return try ReplayCase(
      history: history,
      site: SiteContext(
        zone: history.zone, latitudeDeg: place ? 52.5 : nil, longitudeDeg: place ? 13.4 : nil),
      from: from, to: from + days * 86_400, battery: try battery.twin(),
      tariff: try Tariff(
        name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)]),
      settings: ReplaySettings(twinStepSeconds: 900, heat: heat))
  }

  @Test("a door that stands open in the sun lets it in, however the case comes to the battery")
  func door() throws {
    let shut = try replay(aperture: 0)
    #expect(shut.sun == nil)
    var faulty = BatterySystemSpecification(
      arrangement: .capacity(kWh: 10), converter: ConverterSpecification(ratedKW: 5))
    faulty.enclosureChanges.solarApertureM2 = 0
    let open = try faulty.twin(faults: [FaultSpecification(.sunOnDoor(apertureM2: 0.2))])
    #expect(shut.with(battery: open).sun != nil)
    #expect(shut.with(battery: open).with(battery: shut.battery).sun == nil)
  }

  @Test("its source is counted, and no aperture asks for none")
  func counts() throws {
    let slots = days * 96
    #expect(try replay(aperture: 0, [.irradiance: 500]).sunSlots == [:])
    #expect(try replay(aperture: 1, [.irradiance: 500]).sunSlots == [.measured: slots])
    #expect(try replay(aperture: 1, [.cloudCover: 0.4]).sunSlots == [.cloudCover: slots])
    #expect(try replay(aperture: 1).sunSlots == [.clearSky: slots])
    #expect(try replay(aperture: 1, at: false).sunSlots == [.unknown: slots])
  }

  @Test("it warms the battery, and darkness changes nothing")
  func warming() throws {
    func hottest(_ replay: ReplayCase) throws -> Double {
      let outcome = try Replayer(replay).run(.selfConsumption)
      return outcome.trace.hottestCellC.max() ?? .nan
    }
    let shaded = try hottest(try replay(aperture: 0))
    #expect(try hottest(try replay(aperture: 2, [.irradiance: 0])) == shaded)
    #expect(try hottest(try replay(aperture: 2, at: false)) == shaded)
    // The steady rise of air in a cabinet of 10 kWh: 2·300 W / 29.47 W/K · 14/10 · 20/38 = 15 K.
    let sunny = try hottest(try replay(aperture: 2, [.irradiance: 300]))
    #expect(sunny - shaded > 12 && sunny - shaded < 18)
    let clear = try hottest(try replay(aperture: 2))
    let overcast = try hottest(try replay(aperture: 2, [.cloudCover: 1]))
    #expect(clear > overcast && overcast > shaded)
  }

  /// 840 W warm the air of this cabinet by 0.526·840 / (29.47·10/14) = 21 K: to plans and battery that is
  /// air of 51 °C, in which a plan that knew nothing of it keeps its energy for the last hours of the
  /// evening and then has not the power to bring it out.
  @Test(
    "plans foresee it as the warmth that it makes",
    arguments: [HeatForesight.envelope, .iterated, .inPlan])
  func plans(_ heat: HeatForesight) throws {
    func run(_ replay: ReplayCase) throws -> (asked: Double, given: Double) {
      let trace = try Replayer(replay).run(.planned(SmallSite.version(.naiveDay))).trace
      return (
        trace.requestedKW.reduce(0) { $0 + abs($1) }, trace.batteryKW.reduce(0) { $0 + abs($1) }
      )
    }
    let sunny = try run(try replay(aperture: 1.2, [.irradiance: 700], heat: heat))
    let warm = try run(try replay(aperture: 0, ambientC: 51, heat: heat))
    let shaded = try run(try replay(aperture: 0, heat: heat))
    #expect(isClose(sunny.asked, warm.asked, relative: 0.05))
    #expect(isClose(sunny.given, warm.given, relative: 0.05))
    #expect(sunny.given < 0.9 * shaded.given)
    let blind = try run(try replay(aperture: 1.2, [.irradiance: 700], heat: .blind))
    #expect(blind.given < 0.9 * sunny.given)
  }
}
