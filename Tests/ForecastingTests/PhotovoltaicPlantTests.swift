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

  /// Days of a plant under Haurwitz' clear sky, from the published equations outside this project.
  ///
  /// Sun after J. J. Michalsky, Solar Energy 40 (1988) 227; split after Erbs; isotropic sky;
  /// cell temperature after King; losses, temperature and inverter of the PVWatts 5 manual.
  struct Day: Sendable {
    var start: Int
    var place: GeographicPosition
    var plant: PhotovoltaicPlant
    var ambientC: Double
    var windMS: Double
    var energyKWh: Double
  }

  @Test(
    "a day's energy is within 2 % of PVWatts' equations",
    arguments: [
      Day(
        start: 1_687_331_700,
        place: GeographicPosition(latitudeDeg: 39.74, longitudeDeg: -105.18),
        plant: PhotovoltaicPlant(moduleKW: 4, tiltDeg: 30, inverterKW: 3.6),
        ambientC: 25, windMS: 3, energyKWh: 24.338),
      Day(
        start: 1_703_142_900,
        place: GeographicPosition(latitudeDeg: 39.74, longitudeDeg: -105.18),
        plant: PhotovoltaicPlant(moduleKW: 4, tiltDeg: 40, inverterKW: 3.6),
        ambientC: 0, windMS: 3, energyKWh: 15.522),
      Day(
        start: 1_679_234_400,
        place: GeographicPosition(latitudeDeg: -33.9, longitudeDeg: 151.2),
        plant: PhotovoltaicPlant(moduleKW: 5, tiltDeg: 25, azimuthDeg: 0, inverterKW: 5),
        ambientC: 22, windMS: 4, energyKWh: 27.680),
      Day(
        start: 1_687_302_900, place: GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4),
        plant: PhotovoltaicPlant(moduleKW: 10, tiltDeg: 15, azimuthDeg: 270, inverterKW: 8),
        ambientC: 20, windMS: 2, energyKWh: 65.186),
    ])
  func dailyEnergy(_ day: Day) {
    var energy = 0.0
    for k in 0..<96 {
      let sun = SunPosition(at: day.start + k * 900 + 450, place: day.place)
      energy +=
        0.25
        * day.plant.power(
          horizontalWM2: sun.clearSkyWM2, ambientC: day.ambientC, windMS: day.windMS, sun: sun)
    }
    #expect(isClose(energy, day.energyKWh, relative: 0.02), "\(energy) kWh")
  }
}
