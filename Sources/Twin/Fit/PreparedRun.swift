internal import CTwinKernels

/// A run in the form of the regression.
struct PreparedRun {
  let seconds: [Double]
  let current: [Double]
  /// Current that the series resistance is taken to carry. [A]
  let seriesCurrent: [Double]
  let kelvin: [Double]
  let soc: [Double]
  let target: [Double]
  let weight: [Double]

  /// Prepares a run; with a lag the curves are read at the charge of the surface.
  init(
    _ run: TelemetryRun, settings: TelemetryFit.Settings, lag: SurfaceLag?,
    transfer: ChargeTransfer?
  ) {
    seconds = run.seconds
    current = run.currentA
    seriesCurrent = transfer?.linear(run, capacityAh: settings.capacityAh) ?? run.currentA
    kelvin = run.temperatureC.map { $0 + 273.15 }
    let mean = run.socFraction(capacityAh: settings.capacityAh)
    let soc = lag.map { $0.surface(of: run, mean: mean, settings: settings) } ?? mean
    self.soc = soc
    if let known = settings.knownOCV {
      let basis = HatBasis(known.socFraction)
      target = zip(run.voltageV, soc).map { $0 - basis.value(known.volt, at: $1) }
    } else {
      target = run.voltageV
    }
    weight = mean.map { settings.weightedSOC.contains($0) ? 1 : 0 }
  }

  var squareCurrent: Double {
    zip(current, weight).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
  }

  var targetSquares: Double {
    zip(target, weight).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
  }

  /// Calls a kernel with this run in its form.
  private func withRun<R>(
    settings: TelemetryFit.Settings, tau: [Double], activation: [Double],
    _ body: (UnsafePointer<twin_fit_run>) -> R
  ) -> R {
    let ocv = settings.knownOCV == nil ? settings.ocvNodes : []
    let nodes = settings.resistanceNodes
    return unsafe seconds.withUnsafeBufferPointer { seconds in
      unsafe current.withUnsafeBufferPointer { current in
        unsafe seriesCurrent.withUnsafeBufferPointer { series in
          unsafe kelvin.withUnsafeBufferPointer { kelvin in
            unsafe soc.withUnsafeBufferPointer { soc in
              unsafe target.withUnsafeBufferPointer { target in
                unsafe weight.withUnsafeBufferPointer { weight in
                  unsafe ocv.withUnsafeBufferPointer { ocvNodes in
                    unsafe nodes.withUnsafeBufferPointer { nodes in
                      unsafe tau.withUnsafeBufferPointer { tau in
                        unsafe activation.withUnsafeBufferPointer { activation in
                          var run = unsafe twin_fit_run(
                            samples: seconds.count, seconds: seconds.baseAddress,
                            current_a: current.baseAddress, kelvin: kelvin.baseAddress,
                            soc: soc.baseAddress, target_v: target.baseAddress,
                            weight: weight.baseAddress, series_a: series.baseAddress,
                            ocv_nodes: ocvNodes.count,
                            r_nodes: nodes.count, pairs: tau.count, ocv_soc: ocvNodes.baseAddress,
                            r_soc: nodes.baseAddress, tau_s: tau.baseAddress,
                            activation: activation.baseAddress)
                          return unsafe body(&run)
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func workCount(_ settings: TelemetryFit.Settings, pairs: Int) -> Int {
    (settings.knownOCV == nil ? settings.ocvNodes.count : 0)
      + settings.resistanceNodes.count * (1 + 2 * pairs)
  }

  /// Adds the run to the normal equations and returns the square sum of the target.
  func accumulate(
    _ matrix: inout [Double], _ vector: inout [Double], settings: TelemetryFit.Settings,
    tau: [Double], activation: [Double]
  ) -> Double {
    var work = [Double](repeating: 0, count: workCount(settings, pairs: tau.count))
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe vector.withUnsafeMutableBufferPointer { vector in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe withRun(settings: settings, tau: tau, activation: activation) { run in
            unsafe twin_fit_accumulate(
              run, matrix.baseAddress, vector.baseAddress, work.baseAddress)
          }
        }
      }
    }
  }

  /// Returns the voltages that a solution gives.
  func predict(
    _ solution: [Double], settings: TelemetryFit.Settings, tau: [Double], activation: [Double]
  ) -> [Double] {
    var work = [Double](repeating: 0, count: workCount(settings, pairs: tau.count))
    var volt = [Double](repeating: 0, count: seconds.count)
    unsafe solution.withUnsafeBufferPointer { solution in
      unsafe volt.withUnsafeMutableBufferPointer { volt in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe withRun(settings: settings, tau: tau, activation: activation) { run in
            unsafe twin_fit_predict(
              run, solution.baseAddress, volt.baseAddress, work.baseAddress)
          }
        }
      }
    }
    if let known = settings.knownOCV {
      let basis = HatBasis(known.socFraction)
      for k in volt.indices { volt[k] += basis.value(known.volt, at: soc[k]) }
    }
    return volt
  }
}
