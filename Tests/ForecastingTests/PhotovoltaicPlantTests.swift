import Forecasting
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

  @Test("a flat plane sees the horizontal irradiance, a cell is warmer than the air")
  func flat() {
    let sun = SunPosition(
      at: 1_718_971_200, place: GeographicPosition(latitudeDeg: 45, longitudeDeg: 0))
    let flat = PhotovoltaicPlant(moduleKW: 1, tiltDeg: 0)
    let (beam, diffuse) = PhotovoltaicPlant.split(horizontalWM2: 800, sun: sun)
    let plane = flat.planeIrradiance(
      beamWM2: beam, diffuseWM2: diffuse, horizontalWM2: 800, sun: sun)
    #expect(isClose(plane, 800, relative: 1e-9))
    // 900·exp(−3.56 − 0.075·5) + 2.7 + 20 by hand: 17.594 + 22.7
    let cell = PhotovoltaicPlant.cellTemperature(planeWM2: 900, ambientC: 20, windMS: 5)
    #expect(isClose(cell, 40.29, absolute: 0.01))
  }
}
