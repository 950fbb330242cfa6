import Numerics
import TimeSeries

/// Weather: clouds, temperature, irradiance and wind.
///
/// Each local day is clear, mixed or overcast by a Markov chain; within the day the clearness wanders
/// with a memory of minutes (mixed) to hours (overcast). Temperature is season + time of day + weather
/// that lasts days, warmer under clouds in winter and cooler in summer. The wind has a memory of a day
/// and a half and is stronger in winter.
package struct SyntheticClimate: Sendable, Hashable {
  /// Mean temperature of the year. [°C]
  package var meanC: Double
  /// Half the difference between the warmest and the coldest month. [K]
  package var seasonalK: Double
  /// Half the difference between the warmest and the coldest hour of a clear day. [K]
  package var diurnalK: Double
  /// Standard deviation of weather around season and hour. [K]
  package var weatherK: Double
  /// Share of overcast over clear days, 0…1.
  package var cloudiness: Double
  /// Mean wind speed. [m/s]
  package var windMS: Double

  /// Creates a climate; the defaults are those of central Europe.
  package init(
    meanC: Double = 10.5, seasonalK: Double = 9.5, diurnalK: Double = 5, weatherK: Double = 3.2,
    cloudiness: Double = 0.6, windMS: Double = 4.2
  ) {
    self.meanC = meanC
    self.seasonalK = seasonalK
    self.diurnalK = diurnalK
    self.weatherK = weatherK
    self.cloudiness = cloudiness
    self.windMS = windMS
  }
}

/// The weather of one year, one value per slot of its block.
struct Weather {
  var ambientC: [Double]
  var irradianceWM2: [Double]
  var clearSkyWM2: [Double]
  var cloudFraction: [Double]
  var windMS: [Double]
  var sunElevationDeg: [Double]
  var sunAzimuthDeg: [Double]
  /// Irradiance above the atmosphere on a plane facing the sun. [W/m²]
  var extraterrestrialWM2: [Double]
  /// Clearness of the day over the whole region, 0…1, one per slot.
  var regionalClearness: [Double]
  /// −1 in midwinter to 1 in midsummer.
  var season: [Double]
}

extension SyntheticClimate {
  private enum DayType: Int { case clear, mixed, overcast }

  func weather(_ block: YearBlock, place: GeographicPosition) -> Weather {
    let count = block.grid.count
    let zeros = [Double](repeating: 0, count: count)
    var weather = Weather(
      ambientC: zeros, irradianceWM2: zeros, clearSkyWM2: zeros, cloudFraction: zeros,
      windMS: zeros, sunElevationDeg: zeros, sunAzimuthDeg: zeros, extraterrestrialWM2: zeros,
      regionalClearness: zeros, season: zeros)
    let days = dayTypes(block, southern: place.latitudeDeg < 0)
    var cloud = block.stream("cloud")
    var air = block.stream("air")
    var wind = block.stream("wind")
    let hours = block.stepHours
    var quick = Wandering(stepHours: hours, memoryHours: 0.4, generator: &cloud)
    var slow = Wandering(stepHours: hours, memoryHours: 3, generator: &cloud)
    var anomaly = Wandering(stepHours: hours, memoryHours: 60, generator: &air)
    var breeze = Wandering(stepHours: hours, memoryHours: 36, generator: &wind)
    var gust = Wandering(stepHours: hours, memoryHours: 1.5, generator: &wind)
    // The sky overhead mixes within the hour, the air follows the sky within hours.
    let skyShare = 1 - exponential(-hours / 0.75)
    let airShare = 1 - exponential(-hours / 4)
    var sky = cloudiness
    var skyOfAir = cloudiness
    let half = block.grid.stepSeconds / 2
    for i in 0..<count {
      let instant = block.grid.instant(i) + half
      let sun = SunPosition(at: instant, place: place)
      // The coldest day comes about three weeks after the winter solstice (day 355).
      let phase = Double(block.slots.dayOfYear[i] - 15) / 365.25
      let season = (place.latitudeDeg < 0 ? 1 : -1) * cosineOfTurns(phase)
      let clearness = clearnessIndex(
        days[block.day(i)], quick: quick.next(&cloud), slow: slow.next(&cloud))
      let hour = Double(block.slots.minuteOfDay[i]) / 60
      sky += skyShare * (limited((1 - clearness) / 0.8, 0, 1) - sky)
      skyOfAir += airShare * (sky - skyOfAir)
      weather.sunElevationDeg[i] = sun.elevationDeg
      weather.sunAzimuthDeg[i] = sun.azimuthDeg
      weather.clearSkyWM2[i] = sun.clearSkyWM2
      weather.extraterrestrialWM2[i] = sun.extraterrestrialWM2
      weather.irradianceWM2[i] = sun.clearSkyWM2 * clearness
      weather.cloudFraction[i] = sky
      weather.season[i] = season
      weather.regionalClearness[i] = 0.55 * days[block.day(i)].clearness + 0.45 * clearness
      let daily = hump(hour: hour, at: 15, width: 4.5) * 2 - 0.85
      let clouds = -1.5 * season * (skyOfAir - 0.5) * 2
      weather.ambientC[i] =
        meanC + seasonalK * season + diurnalK * daily * (1.15 - 0.7 * skyOfAir) + clouds
        + weatherK * anomaly.next(&air)
      let level = breeze.next(&wind) - 0.45 * season
      weather.windMS[i] =
        windMS * exponential(0.5 * level - 0.125) * (1 + 0.12 * gust.next(&wind)).magnitude
    }
    return weather
  }

  /// Clear-sky index: share of the cloudless irradiance that arrives.
  private func clearnessIndex(_ day: Day, quick: Double, slow: Double) -> Double {
    switch day.type {
    case .clear: return limited(0.98 + 0.03 * slow - 0.02 * quick.magnitude, 0.7, 1.05)
    case .mixed:
      // Two states, cloud in front of the sun or not, with a soft edge; edges brighten the sky.
      let open = 1 / (1 + exponential(-3.5 * (quick + 0.4 * slow + 0.25)))
      return 0.3 + 0.73 * open + 0.04 * open * (1 - open) * 4
    case .overcast: return limited(0.26 + 0.1 * slow + 0.04 * quick, 0.06, 0.7)
    }
  }

  private struct Day {
    var type: DayType
    var clearness: Double { [0.98, 0.7, 0.26][type.rawValue] }
  }

  /// The chain of day types; days tend to be like the day before, and winter is cloudier.
  private func dayTypes(_ block: YearBlock, southern: Bool) -> [Day] {
    var generator = block.stream("day")
    var current = DayType.mixed
    return (0..<block.dayCount).map { day in
      let phase = Double(day - 14) / 365.25
      let summer = (southern ? 1 : -1) * cosineOfTurns(phase)
      let grey = limited(cloudiness - 0.18 * summer, 0.03, 0.97)
      let target = [(1 - grey) * 0.6, 0.4, grey * 0.6]
      let stay = 0.45
      var draw = generator.uniform()
      if draw >= stay {
        draw = generator.uniform()
        var chosen = DayType.overcast
        var sum = 0.0
        for type in [DayType.clear, .mixed, .overcast] {
          sum += target[type.rawValue]
          if draw < sum {
            chosen = type
            break
          }
        }
        current = chosen
      }
      return Day(type: current)
    }
  }
}
