import Forecasting
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Photovoltaic plant", .tags(.physics)) struct PhotovoltaicPlantTests {
  @Test("direct current and inverter are PVWatts'")
  func pvwatts() {
    // pvlib's published cases: pvwatts_dc(900, 30, 100, −0.003) = 88.65, and
    // inverter.pvwatts([90, 50, 100], 100, 0.95) = [85.58556605, 47.60843624, 95].
    var plant = PhotovoltaicPlant(moduleKW: 100, inverterKW: 95)
    plant.temperatureCoefficient = -0.003
    plant.inverterEfficiency = 0.95
    #expect(isClose(plant.modulePower(planeWM2: 900, cellC: 30), 88.65, relative: 1e-12))
    #expect(isClose(plant.inverterPower(moduleKW: 90), 85.585_566_047_5, relative: 1e-10))
    #expect(isClose(plant.inverterPower(moduleKW: 50), 47.608_436_24, relative: 1e-9))
    #expect(plant.inverterPower(moduleKW: 100) == 95)
    #expect(plant.inverterPower(moduleKW: 0) == 0)
  }

  @Test("the split of global light is Erbs'")
  func erbs() {
    // pvlib's published case for 2019-01-01 at a zenith angle of 10°: GHI 1000 gives DNI 794,
    // DHI 218. A place where the sun stands so on that day: 13° S, near its noon. pvlib takes
    // 1366 W/m² for the sun, 0.4 % more than here, which shifts the clearness index as much.
    let noon = 1_546_344_000
    let place = GeographicPosition(latitudeDeg: -13.0, longitudeDeg: 0.9)
    let sun = SunPosition(at: noon, place: place)
    #expect(isClose(sun.elevationDeg, 80, absolute: 0.1))
    let (beam, diffuse) = PhotovoltaicPlant.split(horizontalWM2: 1000, sun: sun)
    #expect(isClose(beam, 794.2, absolute: 5))
    #expect(isClose(diffuse, 217.9, absolute: 5))
  }

  @Test("a flat plane sees the horizontal irradiance")
  func flat() {
    let sun = SunPosition(
      at: 1_718_971_200, place: GeographicPosition(latitudeDeg: 45, longitudeDeg: 0))
    let flat = PhotovoltaicPlant(moduleKW: 1, tiltDeg: 0)
    let (beam, diffuse) = PhotovoltaicPlant.split(horizontalWM2: 800, sun: sun)
    let plane = flat.planeIrradiance(
      beamWM2: beam, diffuseWM2: diffuse, horizontalWM2: 800, sun: sun)
    #expect(isClose(plane.totalWM2, 800, relative: 1e-9))
    #expect(plane.groundWM2 == 0)
    #expect(plane.transmittedWM2 < plane.totalWM2)
  }

  @Test("under 3° of sun all light is diffuse")
  func lowSun() {
    // 2018-10-30T16:50Z in Devon: the sun is about 1° high.
    let sun = SunPosition(
      at: 1_540_918_200, place: GeographicPosition(latitudeDeg: 50.33, longitudeDeg: -4.03))
    #expect(sun.elevationDeg > 0 && sun.elevationDeg < 2.9)
    #expect(PhotovoltaicPlant.split(horizontalWM2: 20, sun: sun) == (0, 20))
  }

  @Test(
    "a cover passes Fresnel's share of the beam",
    arguments: [
      // Computed outside this project from De Soto's equations, index 1.526.
      (30.0, 0.998353), (50, 0.981067), (60, 0.947628), (70, 0.861574), (80, 0.635687),
    ])
  func cover(degrees: Double, share: Double) {
    let passed = PhotovoltaicPlant.coverTransmission(
      incidenceCosine: cos(degrees * Double.pi / 180))
    #expect(isClose(passed, share, absolute: 2e-6))
  }

  @Test(
    "cells are as warm as Fuentes' model has them",
    arguments: [
      // Computed outside this project from the equations of SAND85-0330.
      (800.0, 20.0, 1.0, 45.641), (1000, 25, 1, 56.456), (1000, 25, 5, 44.757),
      (200, 0, 3, 3.661),
    ])
  func cell(planeWM2: Double, ambientC: Double, windMS: Double, cellC: Double) {
    let temperature = PhotovoltaicPlant.cellTemperature(
      planeWM2: planeWM2, ambientC: ambientC, windMS: windMS)
    #expect(isClose(temperature, cellC, absolute: 0.02))
  }

  @Test("a day's energy is within 2 % of PVWatts 5", arguments: PVWattsDay.all)
  func dailyEnergy(_ day: PVWattsDay) {
    var fromGlobal = 0.0
    var fromParts = 0.0
    for k in 0..<24 {
      let sun = SunPosition(at: day.start + k * 3600 + 1800, place: day.place)
      fromGlobal += day.plant.power(
        horizontalWM2: day.horizontalWM2[k], ambientC: day.ambientC[k], windMS: day.windMS[k],
        sun: sun)
      if let measured = day.measured {
        fromParts += day.plant.power(
          beamWM2: measured.beamWM2[k], diffuseWM2: measured.diffuseWM2[k],
          horizontalWM2: day.horizontalWM2[k], ambientC: day.ambientC[k], windMS: day.windMS[k],
          sun: sun)
      }
    }
    #expect(isClose(fromGlobal, day.energyKWh, relative: 0.02), "\(fromGlobal) kWh")
    if let measured = day.measured {
      #expect(isClose(fromParts, measured.energyKWh, relative: 0.02), "\(fromParts) kWh")
    }
  }
}
