@testable import Twin

/// Ageing by windows of a given series, as BLAST-Lite does it, for comparison with it.
struct AgeingReplay: Sendable {
  /// The model.
  let model: AgeingModel
  /// The state after the windows so far.
  private(set) var state: AgeingState

  /// Starts a new cell.
  init(_ model: AgeingModel) {
    self.model = model
    state = AgeingState(model)
  }

  /// Adds one window of samples, both ends included.
  ///
  /// Throughput, depth and rate are those of the window, scaled by the capacity before it; growth takes
  /// the slope at its start.
  ///
  /// - Parameters:
  ///   - timeS: Times of the samples, rising. [s]
  ///   - socFraction: State of charge, one per sample.
  ///   - temperatureC: Temperature, one per sample. [°C]
  mutating func addWindow(timeS: [Double], socFraction: [Double], temperatureC: [Double]) {
    precondition(timeS.count == socFraction.count && timeS.count == temperatureC.count)
    guard timeS.count > 1, let first = timeS.first, let last = timeS.last, last > first else {
      return
    }
    let q = state.capacityFactor(model)
    var averages = SIMD8<Double>()
    var squares = 0.0
    var travel = 0.0
    var rate = 0.0
    var previousRate: Double?
    var previous = SIMD8<Double>()
    for i in timeS.indices {
      let now = model.rates(kelvin: temperatureC[i] + 273.15, socFraction: socFraction[i])
      squares += now[2]
      if i > 0 {
        let length = timeS[i] - timeS[i - 1]
        averages += (now + previous) * (0.5 * length)
        let move = abs(socFraction[i] - socFraction[i - 1])
        travel += move
        var speed = move / (length / 3600)
        if speed < 0.01 { speed = 0 }
        if let previousRate { rate += 0.5 * (speed + previousRate) * length }
        previousRate = speed
      }
      previous = now
    }
    averages /= (last - first)
    // The root mean square of the voltage counts samples, not time.
    if model == .nmcSchmalstieg2 { averages[2] = squares / Double(timeS.count) }
    if model == .nmcKokam75 {
      averages[3] = socFraction.reduce(0, +) / Double(socFraction.count)
    }
    let days = (last - first) / 86400
    let depth = (socFraction.max() ?? 0) - (socFraction.min() ?? 0)
    let efc = 0.5 * travel * q
    state.addTime(model, days: days, averages: averages, continuation: .explicit)
    state.addCycles(
      model,
      CycleStress(
        equivalentFullCycles: efc, depth: depth, cRate: rate / (last - first) * q,
        perDay: efc / days), averages: averages, continuation: .explicit)
  }
}

/// Ageing of an LFP 26650 cell sample by sample, cycles counted by half cycles, as SimSES does it.
struct HalfCycleAgeing: Sendable {
  /// The state after the samples so far.
  private(set) var state = AgeingState(.lfpNaumann3)
  private var lastSOC: Double
  private var direction = 0.0
  private var swing = 0.0
  private var elapsedS = 0.0

  /// Starts at a state of charge.
  init(socFraction: Double) { lastSOC = socFraction }

  /// Adds a sample and the time that led to it.
  ///
  /// - Parameters:
  ///   - socFraction: State of charge at the end of the time.
  ///   - temperatureC: Temperature. [°C]
  ///   - seconds: Time since the sample before. [s]
  mutating func add(socFraction: Double, temperatureC: Double, seconds: Double) {
    let averages = AgeingModel.lfpNaumann3.rates(
      kelvin: temperatureC + 273.15, socFraction: socFraction)
    state.addTime(
      .lfpNaumann3, days: seconds / 86400, averages: averages, continuation: .exact)
    let move = socFraction - lastSOC
    lastSOC = socFraction
    guard move != 0 else { return }
    if move * direction < 0 {
      state.addCycles(
        .lfpNaumann3,
        CycleStress(
          equivalentFullCycles: swing / 2, depth: swing, cRate: swing / (elapsedS / 3600)),
        averages: averages, continuation: .exact)
      swing = 0
      elapsedS = 0
    }
    direction = move
    swing += abs(move)
    elapsedS += seconds
  }
}
