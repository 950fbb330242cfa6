import Diagnostics
import Foundation
import TestSupport
import Testing
import Twin

@testable import Scenarios

@Suite("The catalogue of batteries") struct CatalogueTests {
  private static let folder = KeyReference.package.appendingPathComponent("batteries").path

  static let paths = ProductCatalogue(folder: folder, environment: [:]).paths.map(\.path)

  @Test("it has homes, cabinets and containers") func size() {
    #expect(Self.paths.count >= 40)
  }

  @Test("each twin does what its datasheet says", arguments: paths) func sheet(_ path: String)
    throws
  {
    let product = try BatteryProduct(path: path)
    #expect(!product.sources.isEmpty)
    if let usable = product.datasheet.usable {
      let cycle = try DatasheetCycle(product.system, side: usable.side, powerKW: nil)
      #expect(abs(cycle.dischargedKWh / usable.energyKWh - 1) < 0.005)
    }
    for promise in product.datasheet.roundTrips {
      let cycle = try DatasheetCycle(product.system, side: promise.side, powerKW: promise.powerKW)
      #expect(abs(cycle.efficiency - promise.efficiency) < 0.002)
    }
    if let standbyW = product.standbyW {
      var twin = DigitalTwin(
        try product.system.twin(), seed: 1, socFraction: 0.5, temperatureC: 20)
      let step = try twin.step(requestKW: 0, ambientC: 20, seconds: 900)
      #expect(abs(step.auxiliaryKW * 1000 - standbyW) < 0.01 * standbyW)
    }
  }

  /// Total energies that the sheets print beside the usable one, which decided the cells. [kWh]
  @Test(
    "cells that let out the usable energy hold the total one",
    arguments: [
      ("sigenergy-sigenstor-bat-8", 8.06), ("conssin-cps-80", 83.2), ("lg-resu6.5", 6.5),
      ("lg-resu10", 9.8), ("lg-resu12", 13.1), ("alpha-ess-smile-g3-s5", 10.1),
      ("goodwe-lynx-home-u-10.8", 10.8),
    ]) func total(name: String, totalKWh: Double) throws
  {
    let product = try BatteryProduct(path: "\(Self.folder)/\(name).yaml")
    #expect(abs(product.system.nominalKWh / totalKWh - 1) < 0.03)
  }

  /// Path efficiencies and battery efficiency measured by the laboratories of HTW Berlin's PerMod data,
  /// multiplied: conversion × battery × conversion at full, half and a quarter of the power.
  @Test(
    "round trips at other powers than the datasheet's are those that were measured",
    arguments: [
      ("siemens-junelight-9.9", 3.507, 0.864), ("siemens-junelight-9.9", 1.754, 0.886),
      ("siemens-junelight-9.9", 0.877, 0.861), ("fronius-gen24-10-byd", 9.823, 0.910),
      ("fronius-gen24-10-byd", 4.912, 0.920), ("fronius-gen24-10-byd", 2.456, 0.910),
    ]) func measured(name: String, powerKW: Double, efficiency: Double) throws
  {
    let product = try BatteryProduct(path: "\(Self.folder)/\(name).yaml")
    let cycle = try DatasheetCycle(product.system, side: .ac, powerKW: powerKW)
    #expect(abs(cycle.efficiency - efficiency) < 0.02, "\(cycle.efficiency)")
  }
}

@Suite("Batteries named in a scenario") struct NamedProductTests {
  private static let rest = """
    site: {time_zone: Europe/Berlin, latitude_deg: 48.4, longitude_deg: 10}
    period: {from: 2024-06-03, to: 2024-06-05}
    history: {source: synthetic, load: {kind: home, annual_kwh: 5000}}
    forecasts: {versions: [naive_day]}
    tariff: {name: t, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.3}], export: {price_per_kwh: 0.08}}

    """
  private static let environment = [
    "WATTIF_BATTERIES": KeyReference.package.appendingPathComponent("batteries").path
  ]

  private func scenario(_ text: String) throws -> Scenario {
    try Scenario.read(
      Array((Self.rest + text).utf8), path: "/nowhere/site.yaml", environment: Self.environment)
  }

  private func message(_ text: String) -> String {
    do {
      _ = try scenario(text)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("a name brings battery and inverter, and its file counts as read") func named() throws {
    let scenario = try scenario("battery: byd-hvs-10.2\n")
    #expect(scenario.product == "byd-hvs-10.2")
    // 25 A of 128 cells in series; 10.2 kW by the sheet.
    #expect(scenario.battery.arrangement.series == 128)
    #expect(scenario.battery.converter.ratedKW == 10.2)
    #expect(scenario.files.contains { $0.hasSuffix("byd-hvs-10.2.yaml") })
    #expect(scenario.datasheetMatch?.resistanceFactor != nil)
  }

  @Test("own keys replace those of the product, and words that say the same with them")
  func overrides() throws {
    let scenario = try scenario(
      """
      battery: {product: byd-hvs-10.2, capacity_kwh: 20, max_charge_c: 0.3, warranty: {years: 12}}
      inverter: {power_kw: 8, standby_w: 25}

      """)
    #expect(scenario.battery.nominalKWh == 20)
    #expect(scenario.battery.limits.maximumChargeC == 0.3)
    #expect(scenario.battery.converter.ratedKW == 8)
    #expect(scenario.battery.converter.standbyKW == 0.025)
    #expect(scenario.warranty?.years == 12)
    // What was not replaced is still the product's.
    #expect(scenario.battery.arrangement.series == 128)
  }

  @Test("a name that the catalogue does not have is told with the nearest one") func unknown() {
    #expect(
      message("battery: byd-hvs-10.3\n").hasPrefix(
        "/nowhere/site.yaml:6:10: error: no battery of the catalogue is named 'byd-hvs-10.3'; did you "
          + "mean 'byd-hvs-10.2'?"))
  }

  @Test("words that contradict each other are refused") func contradictions() {
    let inverter = "inverter: {power_kw: 5}\n"
    #expect(
      message("battery: {usable_kwh: 9, capacity_kwh: 10}\n" + inverter).contains(
        "6:40: error: 'usable_kwh' decides how much the cells hold; leave 'capacity_kwh' out"))
    #expect(
      message("battery: {capacity_kwh: 10, max_charge_kw: 4, max_charge_a: 80}\n" + inverter)
        .contains("'max_charge_kw' and 'max_charge_a' state one limit; give one of them"))
    #expect(
      message("battery: {capacity_kwh: 10, round_trip_efficiency: 0.9}\n" + inverter)
        .contains("an efficiency without its side is none, found '0.9'"))
    #expect(
      message(
        "battery: {capacity_kwh: 10, round_trip_efficiency: {fraction: 0.8, side: ac}}\n"
          + "inverter: {power_kw: 5, class: ideal}\n"
      ).contains("no scaling of the losses of the inverter gives a round trip of 0.8"))
    #expect(
      message("battery: {capacity_kwh: 10}\ninverter: {power_kw: 5, standby_w: 9, standby_kw: 1}\n")
        .contains("'standby_w' and 'standby_kw' say the same; give one of them"))
  }
}
