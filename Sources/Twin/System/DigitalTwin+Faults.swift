internal import CTwinKernels

/// What sensors that are late or silent remember.
struct SensorMemory: Sendable, Equatable, Codable {
  /// Temperatures that a late sensor has come to; nil before the first step. [°C]
  var lateColdestC: Double?
  var lateHottestC: Double?
  /// Temperatures seen last before a gap; nil where there is none. [°C]
  var heldColdestC: Double?
  var heldHottestC: Double?
}

extension DigitalTwin {
  /// The temperatures and charges that control sees, with sensor faults.
  ///
  /// Inlined, as a reading that is given back through memory waits for its stores.
  @inline(__always)
  func controlView() -> DeratingPolicy.Reading {
    let view = DeratingPolicy.Reading(
      coldestC: pack.summary.coldest_c, hottestC: pack.summary.hottest_c,
      lowestSOC: pack.summary.lowest_soc, highestSOC: pack.summary.highest_soc,
      lowestV: pack.summary.lowest_v, highestV: pack.summary.highest_v)
    return control.constants.hasControlFaults ? faultyView(view) : view
  }

  @inline(never)
  private func faultyView(_ measured: DeratingPolicy.Reading) -> DeratingPolicy.Reading {
    var view = measured
    for fault in control.faults where fault.isActive(at: faultSeconds) {
      switch fault.kind {
      case .sensorBias(let kelvin):
        view.coldestC += kelvin
        view.hottestC += kelvin
      case .sensorStuck(let temperatureC):
        view.coldestC = temperatureC
        view.hottestC = temperatureC
      case .sensorLate:
        view.coldestC = sensor.lateColdestC ?? view.coldestC
        view.hottestC = sensor.lateHottestC ?? view.hottestC
      case .sensorGap:
        view.coldestC = sensor.heldColdestC ?? view.coldestC
        view.hottestC = sensor.heldHottestC ?? view.hottestC
      default: break
      }
    }
    return view
  }

  /// Area that faults expose to the sun. [m²]
  var doorM2: Double {
    guard control.constants.hasControlFaults else { return 0 }
    return control.faults.reduce(0) { sum, fault in
      guard case .sunOnDoor(let area) = fault.kind, fault.isActive(at: faultSeconds) else {
        return sum
      }
      return sum + area
    }
  }

  /// Notes at the start of a step what a sensor that falls silent has seen last.
  mutating func noteSensors() {
    let isSilent = control.faults.contains {
      $0.kind == .sensorGap && $0.isActive(at: faultSeconds)
    }
    guard isSilent else {
      sensor.heldColdestC = nil
      sensor.heldHottestC = nil
      return
    }
    guard sensor.heldHottestC == nil else { return }
    let view = controlView()
    sensor.heldColdestC = view.coldestC
    sensor.heldHottestC = view.hottestC
  }

  /// Moves late sensors towards the cells over a step that is done.
  mutating func followSensors(seconds: Double) {
    let summary = pack.summary
    var share = 1.0
    for fault in control.faults where fault.isActive(at: faultSeconds) {
      if case .sensorLate(let lag) = fault.kind {
        share = min(share, 1 - PortableMath.exp(-seconds / lag))
      }
    }
    let coldest = sensor.lateColdestC ?? summary.coldest_c
    let hottest = sensor.lateHottestC ?? summary.hottest_c
    sensor.lateColdestC = coldest + share * (summary.coldest_c - coldest)
    sensor.lateHottestC = hottest + share * (summary.hottest_c - hottest)
  }

  /// Moves the protection against heat to the start of a step.
  ///
  /// - Returns: Whether the circuit is open.
  mutating func updateCutOff() -> Bool {
    let hottestC = pack.summary.hottest_c
    let limitC = control.constants.cutOffC
    guard hottestC >= limitC || cutOff.isStopped else { return false }
    let wasStopped = cutOff.isStopped
    cutOff.update(
      isReached: hottestC >= limitC,
      isBack: hottestC <= limitC - LimitSpecification.cutOffReleaseK, release: StopRelease(),
      now: elapsedSeconds)
    if cutOff.isStopped, !wasStopped { ledger.cutOffs += 1 }
    return cutOff.isStopped
  }
}
