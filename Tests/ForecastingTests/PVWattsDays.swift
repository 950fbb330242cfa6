import Forecasting
import TimeSeries

/// A day as PVWatts 5 computed it: hourly means, the sun taken at the middle of the hour.
struct PVWattsDay: Sendable, CustomStringConvertible {
  var description: String
  var start: Int
  var place: GeographicPosition
  var plant: PhotovoltaicPlant
  var horizontalWM2: [Double]
  var ambientC: [Double]
  var windMS: [Double]
  /// Energy for a beam and a diffuse part that Erbs' split makes of the global irradiance. [kWh]
  var energyKWh: Double
  /// Energy for the beam and diffuse irradiance of the weather data. [kWh]
  var measured: (beamWM2: [Double], diffuseWM2: [Double], energyKWh: Double)?

  /// Days computed with PySAM 7.1.1 (module Pvwattsv5 of NREL's SAM), pvlib 0.16.1 for the split.
  ///
  /// Days 21
  /// and 24 of March, June, September and December in turn, the sites and a list of plants taken in
  /// turn too; one day on which the inverter clips, one clear day in the south and the third darkest
  /// day of a June and of an October. Open rack, standard modules, 14 % losses. Weather: Tucson
  /// (NSRDB TMY), Dresden (PVGIS TMY), Devon (MERRA-2), a simplified Solis sky for Sydney.
  static let all: [PVWattsDay] = [
    PVWattsDay(
      description: "tucson 2009-03-21", start: 1237618800,
      place: GeographicPosition(latitudeDeg: 32.13, longitudeDeg: -110.94),
      plant: PhotovoltaicPlant(
        moduleKW: 4, tiltDeg: 30, azimuthDeg: 180, inverterKW: 3.636364),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 0, 179, 408, 620, 785, 887, 924, 890, 787, 623, 375, 151, 0, 0, 0,
        0, 0, 0,
      ],
      ambientC: [
        10, 10, 10, 10, 10, 11, 12, 16, 19, 22, 25, 26, 27, 28, 28, 27, 25, 21, 18, 16, 15,
        14, 13, 13,
      ],
      windMS: [
        1.1, 1, 1, 1.1, 1.2, 1.2, 1.8, 3, 3.9, 4.3, 4.5, 4.6, 4.7, 4.7, 4.9, 5.1, 4.8, 3.4,
        2.2, 1.9, 1.5, 1.1, 1, 1,
      ],
      energyKWh: 23.3775,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 0, 538, 757, 868, 917, 929, 935, 933, 908, 857, 624, 340, 0, 0, 0,
          0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 0, 0, 61, 86, 98, 109, 123, 127, 121, 115, 103, 106, 74, 0, 0, 0, 0,
          0, 0,
        ],
        energyKWh: 23.3205
      )),
    PVWattsDay(
      description: "dresden 2019-03-24", start: 1553384400,
      place: GeographicPosition(latitudeDeg: 51.05, longitudeDeg: 13.74),
      plant: PhotovoltaicPlant(
        moduleKW: 10, tiltDeg: 15, azimuthDeg: 270, inverterKW: 9.090909),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 83, 138, 143, 125, 223, 493, 475, 420, 430, 301, 150, 0, 0, 0, 0,
        0, 0, 0,
      ],
      ambientC: [
        2.4, 2.3, 1.9, 1.7, 1.4, 1.2, 1.5, 2.1, 2.5, 3.8, 5.3, 6.1, 6.8, 7, 7, 7.1, 6.7,
        6.1, 4.9, 5.7, 2.7, 2, 1.8, 2.2,
      ],
      windMS: [
        1.9, 1.9, 1.9, 1.9, 1.9, 1.7, 2.4, 1.9, 2.6, 2.5, 2.6, 2.8, 3, 3, 2.8, 2.9, 2.6,
        1.7, 1, 0.6, 1.6, 1.7, 1.9, 2,
      ],
      energyKWh: 28.7966,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 59, 21, 0, 0, 3, 268, 264, 254, 599, 593, 497, 0, 0, 0, 0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 0, 72, 131, 143, 125, 221, 318, 308, 275, 148, 99, 56, 0, 0, 0, 0, 0,
          0, 0,
        ],
        energyKWh: 28.6417
      )),
    PVWattsDay(
      description: "devon 2018-06-21", start: 1529539200,
      place: GeographicPosition(latitudeDeg: 50.33, longitudeDeg: -4.03),
      plant: PhotovoltaicPlant(
        moduleKW: 5, tiltDeg: 20, azimuthDeg: 180, inverterKW: 4.0),
      horizontalWM2: [
        0, 0, 0, 0, 20, 116, 298, 470, 629, 739, 816, 894, 926, 905, 828, 712, 538, 349,
        199, 81, 5, 0, 0, 0,
      ],
      ambientC: [
        11.2, 11.1, 10.9, 10.9, 10.7, 10.8, 11.4, 12.1, 12.8, 13.4, 14, 14.5, 15.1, 15.4,
        15.5, 15.5, 15.3, 15, 14.4, 13.7, 12.5, 11.5, 11, 10.7,
      ],
      windMS: [
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
      ],
      energyKWh: 34.5322),
    PVWattsDay(
      description: "tucson 2001-06-24", start: 993366000,
      place: GeographicPosition(latitudeDeg: 32.13, longitudeDeg: -110.94),
      plant: PhotovoltaicPlant(
        moduleKW: 8, tiltDeg: 40, azimuthDeg: 180, inverterKW: 7.272727),
      horizontalWM2: [
        0, 0, 0, 0, 0, 12, 171, 382, 595, 779, 921, 1009, 932, 834, 722, 696, 479, 298, 135,
        0, 0, 0, 0, 0,
      ],
      ambientC: [
        22, 21, 21, 21, 21, 23, 26, 29, 32, 34, 35, 35, 36, 35, 34, 33, 32, 31, 28, 26, 25,
        24, 24, 23,
      ],
      windMS: [
        1.1, 1, 1, 0.9, 0.8, 0.7, 1, 1.3, 1.6, 2.1, 2.4, 2.3, 1.7, 1.2, 1.5, 2.3, 3, 2.9, 2,
        1.2, 0.8, 0.6, 1.1, 1.6,
      ],
      energyKWh: 36.8288,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 62, 507, 706, 822, 877, 907, 926, 492, 415, 387, 656, 470, 419, 411,
          0, 0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 11, 57, 82, 93, 104, 113, 115, 445, 436, 382, 203, 202, 130, 53, 0,
          0, 0, 0, 0,
        ],
        energyKWh: 36.2480
      )),
    PVWattsDay(
      description: "dresden 2019-09-21", start: 1569022800,
      place: GeographicPosition(latitudeDeg: 51.05, longitudeDeg: 13.74),
      plant: PhotovoltaicPlant(
        moduleKW: 3, tiltDeg: 0, azimuthDeg: 180, inverterKW: 3.0),
      horizontalWM2: [
        0, 0, 0, 0, 0, 7, 131, 277, 363, 508, 600, 440, 573, 266, 322, 66, 19, 0, 0, 0, 0,
        0, 0, 0,
      ],
      ambientC: [
        18.7, 18.4, 18.1, 17.8, 17.7, 17.7, 18.5, 20.4, 22.6, 24.5, 26.1, 27.5, 28.6, 29.2,
        28.8, 27.5, 26.2, 24, 19.7, 15.6, 13.9, 13.4, 13.3, 13.3,
      ],
      windMS: [
        2.6, 2.6, 2.7, 2.8, 3, 3.2, 3.5, 3.3, 3.9, 4.3, 4.8, 4.8, 4.8, 5, 5.2, 4.6, 5, 5.7,
        5.2, 4.9, 3.7, 3.9, 3.9, 3.9,
      ],
      energyKWh: 8.1729,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 230, 415, 337, 571, 728, 212, 693, 52, 338, 0, 0, 0, 0, 0, 0, 0,
          0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 7, 83, 129, 201, 181, 144, 305, 152, 238, 177, 66, 19, 0, 0, 0, 0, 0,
          0, 0,
        ],
        energyKWh: 8.1567
      )),
    PVWattsDay(
      description: "devon 2018-09-24", start: 1537747200,
      place: GeographicPosition(latitudeDeg: 50.33, longitudeDeg: -4.03),
      plant: PhotovoltaicPlant(
        moduleKW: 6, tiltDeg: 30, azimuthDeg: 90, inverterKW: 5.454545),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 22, 152, 310, 444, 552, 617, 623, 536, 482, 388, 241, 89, 2, 0, 0,
        0, 0, 0,
      ],
      ambientC: [
        8.7, 8.3, 8, 8.3, 8.3, 7.7, 7.6, 8.3, 10.7, 12.2, 13, 13.5, 14.1, 14.4, 14.5, 14.4,
        14.2, 13.5, 11.8, 10.4, 9.9, 9.6, 9.2, 8.9,
      ],
      windMS: [
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
      ],
      energyKWh: 19.4136),
    PVWattsDay(
      description: "tucson 2002-12-21", start: 1040454000,
      place: GeographicPosition(latitudeDeg: 32.13, longitudeDeg: -110.94),
      plant: PhotovoltaicPlant(
        moduleKW: 50, tiltDeg: 10, azimuthDeg: 225, inverterKW: 41.666667),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 0, 0, 97, 139, 387, 486, 460, 479, 349, 199, 64, 0, 0, 0, 0, 0, 0,
        0,
      ],
      ambientC: [
        3, 2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 9, 8, 6, 4, 4, 3, 3, 3, 3, 3,
      ],
      windMS: [
        1.1, 1, 0.8, 0.5, 0.5, 0.7, 0.9, 0.9, 1.4, 1.9, 2.3, 2.8, 3.2, 3.3, 3.2, 2.4, 1.3,
        0.9, 0.5, 0.4, 0.7, 0.9, 1, 1,
      ],
      energyKWh: 125.3002,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 0, 0, 97, 16, 446, 578, 400, 607, 395, 220, 48, 0, 0, 0, 0, 0, 0,
          0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 0, 0, 0, 77, 133, 175, 171, 234, 156, 172, 129, 56, 0, 0, 0, 0, 0, 0,
          0,
        ],
        energyKWh: 126.0477
      )),
    PVWattsDay(
      description: "dresden 2019-12-24", start: 1577144400,
      place: GeographicPosition(latitudeDeg: 51.05, longitudeDeg: 13.74),
      plant: PhotovoltaicPlant(
        moduleKW: 4, tiltDeg: 60, azimuthDeg: 180, inverterKW: 3.636364),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 0, 0, 47, 96, 197, 201, 192, 120, 34, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      ],
      ambientC: [
        5.2, 5.4, 5.4, 5.3, 5.2, 5.1, 5, 5, 5, 5.3, 5.8, 6.4, 6.8, 6.8, 6.7, 6.1, 5.4, 4.3,
        3.8, 4.5, 5.4, 6.4, 6.6, 6.4,
      ],
      windMS: [
        4.3, 4.3, 4.4, 4.5, 4.1, 3.9, 3.8, 3.4, 3.4, 3.4, 2.8, 3.3, 3.3, 2.4, 2.1, 2.4, 3,
        3.4, 3.6, 3.2, 3.9, 5, 4.9, 4.7,
      ],
      energyKWh: 7.1733,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 0, 0, 55, 61, 389, 333, 410, 241, 46, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 0, 0, 0, 41, 84, 99, 112, 92, 76, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ],
        energyKWh: 7.7233
      )),
    PVWattsDay(
      description: "tucson 2001-06-21", start: 993106800,
      place: GeographicPosition(latitudeDeg: 32.13, longitudeDeg: -110.94),
      plant: PhotovoltaicPlant(
        moduleKW: 4, tiltDeg: 30, azimuthDeg: 180, inverterKW: 2.5),
      horizontalWM2: [
        0, 0, 0, 0, 0, 12, 164, 367, 574, 754, 894, 982, 1009, 973, 878, 731, 495, 262, 48,
        0, 0, 0, 0, 0,
      ],
      ambientC: [
        22, 22, 21, 21, 21, 22, 24, 27, 30, 32, 33, 34, 35, 36, 35, 34, 33, 32, 29, 27, 26,
        25, 24, 23,
      ],
      windMS: [
        0.9, 0.8, 0.8, 0.8, 0.8, 1.2, 1.6, 1.3, 1.1, 1.2, 1.4, 1.7, 2.2, 2.7, 3, 3.2, 3.3,
        3, 2.1, 1.3, 1.2, 1.7, 2.4, 2.5,
      ],
      energyKWh: 20.4383,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 42, 442, 638, 761, 820, 856, 878, 883, 874, 851, 813, 540, 275, 0, 0,
          0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 11, 63, 94, 107, 121, 130, 134, 136, 135, 131, 121, 177, 152, 48, 0,
          0, 0, 0, 0,
        ],
        energyKWh: 20.2503
      )),
    PVWattsDay(
      description: "sydney 2019-12-21", start: 1576850400,
      place: GeographicPosition(latitudeDeg: -33.87, longitudeDeg: 151.21),
      plant: PhotovoltaicPlant(
        moduleKW: 5, tiltDeg: 25, azimuthDeg: 0, inverterKW: 5.0),
      horizontalWM2: [
        0, 0, 0, 0, 0, 101, 306, 525, 730, 899, 1019, 1077, 1069, 995, 863, 684, 473, 255,
        60, 0, 0, 0, 0, 0,
      ],
      ambientC: [
        19.2, 18.5, 18.1, 18, 18.1, 18.5, 19.2, 20, 21, 22, 23, 24, 24.8, 25.5, 25.9, 26,
        25.9, 25.5, 24.8, 24, 23, 22, 21, 20,
      ],
      windMS: [
        4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
      ],
      energyKWh: 31.6395,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 425, 678, 807, 885, 933, 961, 973, 972, 956, 924, 870, 783, 634, 322,
          0, 0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 0, 0, 49, 80, 100, 115, 124, 130, 133, 133, 129, 122, 112, 96, 74, 39, 0,
          0, 0, 0, 0,
        ],
        energyKWh: 31.5297
      )),
    PVWattsDay(
      description: "dresden 2019-06-21", start: 1561074000,
      place: GeographicPosition(latitudeDeg: 51.05, longitudeDeg: 13.74),
      plant: PhotovoltaicPlant(
        moduleKW: 10, tiltDeg: 15, azimuthDeg: 270, inverterKW: 9.090909),
      horizontalWM2: [
        0, 0, 0, 1, 10, 39, 83, 205, 144, 152, 188, 159, 416, 265, 407, 303, 205, 239, 97,
        0, 0, 0, 0, 0,
      ],
      ambientC: [
        14.7, 13.9, 13.5, 13.4, 13.2, 14.3, 15.8, 17.2, 16.9, 16.6, 16.3, 16.5, 16.5, 17.1,
        17.6, 18.9, 18.8, 18.3, 17.8, 17, 17.3, 15.5, 13.5, 12.6,
      ],
      windMS: [
        1.3, 1.4, 1.4, 1.2, 1.2, 0.8, 0.8, 0.9, 1.4, 1.7, 1.7, 1.4, 1.5, 1.9, 2.3, 3.5, 3,
        2.3, 1.6, 1.2, 0.3, 1.2, 1.8, 2,
      ],
      energyKWh: 25.5690,
      measured: (
        beamWM2: [
          0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 37, 1, 101, 66, 45, 505, 307, 0, 0, 0, 0, 0,
        ],
        diffuseWM2: [
          0, 0, 0, 1, 10, 39, 83, 203, 144, 152, 188, 159, 384, 264, 335, 264, 185, 88, 51, 0,
          0, 0, 0, 0,
        ],
        energyKWh: 25.7897
      )),
    PVWattsDay(
      description: "devon 2018-10-15", start: 1539561600,
      place: GeographicPosition(latitudeDeg: 50.33, longitudeDeg: -4.03),
      plant: PhotovoltaicPlant(
        moduleKW: 8, tiltDeg: 40, azimuthDeg: 180, inverterKW: 7.272727),
      horizontalWM2: [
        0, 0, 0, 0, 0, 0, 0, 20, 73, 132, 189, 259, 261, 207, 156, 112, 61, 8, 0, 0, 0, 0,
        0, 0,
      ],
      ambientC: [
        9.5, 9.3, 9.3, 9.3, 9.4, 9.4, 9.4, 9.4, 9.6, 10.1, 10.6, 11.3, 12, 12.5, 12.8, 12.8,
        12.7, 12.3, 11.6, 11.3, 11.2, 11.2, 11.3, 11.5,
      ],
      windMS: [
        3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
      ],
      energyKWh: 10.6468),
  ]
}
