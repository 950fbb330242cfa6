internal import CTwinKernels

/// How the series resistance falls with the current, as charge transfer after Butler and Volmer does.
///
/// Its overvoltage belongs to the current `I₀·asinh(I/I₀)`, which is `I` for small currents; `I₀` grows
/// with the temperature.
public struct ChargeTransfer: Sendable, Equatable {
  /// Current from which the bend shows, at 25 °C. [1/h]
  public var cRate: Double
  /// Activation energy of that current. [J/mol]
  public var activationJPerMol: Double

  /// Creates a bend; the defaults are a start for a fit.
  public init(cRate: Double = 1, activationJPerMol: Double = 10_000) {
    self.cRate = cRate
    self.activationJPerMol = activationJPerMol
  }

  func linear(_ run: TelemetryRun, capacityAh: Double) -> [Double] {
    zip(run.currentA, run.temperatureC).map {
      linear(currentA: $0, kelvin: $1 + 273.15, capacityAh: capacityAh)
    }
  }

  /// Returns the current that a linear resistance would need for the same overvoltage. [A]
  func linear(currentA: Double, kelvin: Double, capacityAh: Double) -> Double {
    let scale =
      cRate * capacityAh
      / PhysicalConstant.arrhenius(activationJPerMol: activationJPerMol, kelvin: kelvin)
    let x = abs(currentA) / scale
    // asinh x = log(x + √(x² + 1)); its series keeps the digits of small currents.
    let size = x < 1e-4 ? x : PortableMath.log(x + (x * x + 1).squareRoot())
    return currentA < 0 ? -size * scale : size * scale
  }
}

extension SurfaceLag {
  /// Returns the charge of the surface at each sample of a run.
  func surface(
    of run: TelemetryRun, mean: [Double], settings: TelemetryFit.Settings
  ) -> [Double] {
    var lag = 0.0
    var lastDT = -1.0
    var decay = 1.0
    return zip(zip(run.seconds, run.currentA), zip(run.temperatureC, mean)).map { input, state in
      if input.0 != lastDT {
        decay = PortableMath.exp(-input.0 / timeConstantS)
        lastDT = input.0
      }
      let steady = hours(kelvin: state.0 + 273.15) * input.1 / settings.capacityAh
      lag = steady + (lag - steady) * decay
      return state.1 - lag
    }
  }
}

/// The few numbers of a fit in which the voltage is not linear.
struct FitDynamics {
  var timeConstantS: [Double]
  var activationJPerMol: [Double]
  var surfaceLag: SurfaceLag?
  var chargeTransfer: ChargeTransfer?

  var count: Int {
    timeConstantS.count + activationJPerMol.count + (surfaceLag == nil ? 0 : 3)
      + (chargeTransfer == nil ? 0 : 2)
  }

  /// Returns the numbers with one of them moved, or nil when it must stay or would leave its range.
  func moved(_ index: Int, by step: Double, settings: TelemetryFit.Settings) -> FitDynamics? {
    var next = self
    let pairs = timeConstantS.count
    let energies = activationJPerMol.count
    if index < pairs {
      next.timeConstantS[index] *= PortableMath.exp(step)
      let tau = next.timeConstantS
      guard settings.fitsTimeConstants, tau[index] > 0.5, tau[index] < 20_000, tau == tau.sorted()
      else { return nil }
    } else if index < pairs + energies {
      next.activationJPerMol[index - pairs] += step * 20_000
      let energy = next.activationJPerMol[index - pairs]
      guard settings.fitsActivation, energy >= 0, energy <= 90_000 else { return nil }
    } else if index < pairs + energies + 3, var lag = surfaceLag {
      switch index - pairs - energies {
      case 0:
        lag.timeConstantS *= PortableMath.exp(step)
        guard settings.fitsTimeConstants, lag.timeConstantS > 0.5, lag.timeConstantS < 20_000
        else { return nil }
      case 1:
        lag.socPerC *= PortableMath.exp(step)
        guard lag.socPerC < 0.5 else { return nil }
      default:
        lag.activationJPerMol += step * 20_000
        guard settings.fitsActivation, abs(lag.activationJPerMol) <= 90_000 else { return nil }
      }
      next.surfaceLag = lag
    } else if var transfer = chargeTransfer {
      if index == count - 2 {
        transfer.cRate *= PortableMath.exp(step)
        guard transfer.cRate > 0.02, transfer.cRate < 50 else { return nil }
      } else {
        transfer.activationJPerMol += step * 20_000
        let energy = transfer.activationJPerMol
        guard settings.fitsActivation, energy >= 0, energy <= 90_000 else { return nil }
      }
      next.chargeTransfer = transfer
    }
    return next
  }
}
