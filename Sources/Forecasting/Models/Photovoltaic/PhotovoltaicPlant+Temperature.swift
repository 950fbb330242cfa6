import Numerics

extension PhotovoltaicPlant {
  /// Temperature of the cells of an open rack, 5 m above the ground, in the steady state. [°C]
  ///
  /// A module of 0.5 m loses heat to the wind, to the sky and to the ground; installed nominal operating
  /// temperature 45 °C. The lag of the module, some minutes, is left out; over a day it is worth less
  /// than 0.1 % of the energy. Within 0.02 K of five rounds of its fixed point.
  ///
  /// Source: M. K. Fuentes, "A Simplified Thermal Model for Flat-Plate Photovoltaic Arrays",
  /// SAND85-0330, 1987, with the constants of PVWatts 5.
  ///
  /// - Parameters:
  ///   - planeWM2: All light on the modules. [W/m²]
  ///   - ambientC: Air temperature. [°C]
  ///   - windMS: Wind speed at 9.1 m. [m/s]
  /// - Returns: Temperature of the cells. [°C]
  package static func cellTemperature(
    planeWM2: Double, ambientC: Double, windMS: Double
  ) -> Double {
    let air = ambientC + 273.15
    let wind = max(0, windMS) * raise(5 / 9.144, to: 0.2) + 1e-4
    let sky = 0.68 * 0.0552 * raise(air, to: 1.5) + 0.32 * air
    var cell = air + 0.03 * planeWM2
    for _ in 0..<5 {
      let toAir = 1.868_569_67 * convection(cell, air: air, windMS: wind)
      let toSky = radiation(cell, sky)
      let ground = air + 0.146_452_65 * (cell - air)
      let toGround = radiation(cell, ground)
      let gains = toAir * air + toSky * sky + toGround * ground + 0.83 * planeWM2
      cell = gains / (toAir + toSky + toGround)
    }
    return cell - 273.15
  }

  /// Heat transfer by radiation between grey surfaces. [W/(m²·K)]
  private static func radiation(_ cell: Double, _ other: Double) -> Double {
    0.84 * 5.669e-8 * (cell * cell + other * other) * (cell + other)
  }

  /// Heat transfer to the air from one side, forced and free together. [W/(m²·K)]
  private static func convection(_ cell: Double, air: Double, windMS: Double) -> Double {
    let prandtl = 0.71
    let film = (cell + air) / 2
    let density = 0.003484 * 101_325 / film
    let viscosity = 2.4237e-7 * raise(film, to: 0.76) / density
    let conductivity = 2.1695e-4 * raise(film, to: 0.84)
    let length = 0.5
    let reynolds = windMS * length / viscosity
    let flow = density * windMS * 1007
    let forced =
      reynolds > 1.2e5
      ? 0.0282 * raise(reynolds, to: -0.2) * flow / raise(prandtl, to: 0.4)
      : 0.86 * raise(reynolds, to: -0.5) * flow / raise(prandtl, to: 0.67)
    let buoyancy = 9.8 / film * abs(cell - air) * length * length * length
    let grashof = 0.5 * buoyancy / (viscosity * viscosity)
    let free = 0.21 * raise(prandtl * grashof, to: 0.32) * conductivity / length
    return raise(free * free * free + forced * forced * forced, to: 1.0 / 3)
  }
}
