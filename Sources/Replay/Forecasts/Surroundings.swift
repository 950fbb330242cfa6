/// Air and sun around a battery, one value per slot.
struct Surroundings {
  var ambientC: [Double]
  /// Sun on the enclosure. [W/m²]
  var irradianceWM2: [Double]
}
