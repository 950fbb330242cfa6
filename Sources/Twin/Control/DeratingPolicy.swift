package import Diagnostics
import Numerics

/// Which direction a limit is for.
public enum PowerDirection: String, Sendable, CaseIterable, Codable {
  case charge
  case discharge
}

/// Rules by which a battery gives less than its rating: data, not code.
///
/// The allowed current is the rated one times the smallest share of all tables of the direction.
public struct DeratingPolicy: Sendable, Equatable {
  /// Name that documents use.
  public var name: String
  /// Where its numbers come from.
  public var sources: [String] = []
  /// Tables of the charge direction.
  public var charge: [DeratingTable]
  /// Tables of the discharge direction.
  public var discharge: [DeratingTable]

  /// How power that heat took comes back in a direction without a rule of its own.
  public var recovery: DeratingRecovery
  /// How it comes back in a direction; as `recovery` says where nil.
  public var chargeRecovery: DeratingRecovery?
  public var dischargeRecovery: DeratingRecovery?
  /// Cell voltages that stop a direction; nil where none does.
  public var chargeStop: VoltageStop?
  public var dischargeStop: VoltageStop?
  /// What temperatures leave of the inverter.
  public var inverter = InverterDerating()
  /// What a foreseen temperature of the hottest cell takes of both directions.
  public var warning: DeratingWarning?
  /// A lower set-point of the thermostat before heat is expected.
  public var preCooling: PreCooling?

  /// Puts a policy together.
  public init(
    name: String, charge: [DeratingTable], discharge: [DeratingTable],
    recovery: DeratingRecovery = DeratingRecovery(), sources: [String] = []
  ) {
    self.name = name
    self.sources = sources
    self.charge = charge
    self.discharge = discharge
    self.recovery = recovery
  }

  /// Returns how power that heat took comes back in a direction.
  public func recovery(of direction: PowerDirection) -> DeratingRecovery {
    (direction == .charge ? chargeRecovery : dischargeRecovery) ?? recovery
  }

  /// Returns the cell voltages that stop a direction; nil where none does.
  public func stop(_ direction: PowerDirection) -> VoltageStop? {
    direction == .charge ? chargeStop : dischargeStop
  }

  /// No derating.
  public static var none: DeratingPolicy {
    DeratingPolicy(name: "none", charge: [], discharge: [])
  }

  /// Temperature tables of home batteries.
  ///
  /// Source: defaults of the driver mr-manuel/venus-os_dbus-serialbattery, which are those of common
  /// home packs.
  public static var residential: DeratingPolicy {
    DeratingPolicy(
      name: "residential",
      charge: [
        .temperature(
          LinearTable(
            x: [0, 2, 5, 10, 40, 45, 50, 55], y: [0, 0.25, 0.5, 1, 1, 0.5, 0.25, 0]))
      ],
      discharge: [
        .temperature(
          LinearTable(
            x: [-10, 0, 5, 10, 40, 45, 50, 55], y: [0, 0.25, 0.5, 1, 1, 0.5, 0.25, 0]))
      ],
      sources: [
        "defaults of the driver mr-manuel/venus-os_dbus-serialbattery, which are those of common home packs"
      ])
  }

  /// Cautious tables: like `residential`, but from 33 °C on, and tapered at both ends of the charge.
  public static var cautious: DeratingPolicy {
    DeratingPolicy(
      name: "cautious",
      charge: [
        .temperature(
          LinearTable(x: [0, 5, 10, 15, 33, 38, 43, 48], y: [0, 0.2, 0.5, 1, 1, 0.5, 0.2, 0])),
        .soc(LinearTable(x: [0.85, 0.90, 0.95, 0.98], y: [1, 0.5, 0.2, 0.1])),
      ],
      discharge: [
        .temperature(
          LinearTable(x: [-10, 0, 5, 10, 33, 38, 43, 48], y: [0, 0.25, 0.5, 1, 1, 0.5, 0.2, 0])),
        .soc(LinearTable(x: [0.05, 0.10, 0.15, 0.20], y: [0.1, 0.2, 0.5, 1])),
      ],
      sources: [
        "tables over the charge: those that the driver mr-manuel/venus-os_dbus-serialbattery has but leaves off; "
          + "temperatures: an assumption, 7 K before its own"
      ])
  }

  /// Late tables: full power to 50 °C, then off by 60 °C.
  public static var late: DeratingPolicy {
    DeratingPolicy(
      name: "late",
      charge: [.temperature(LinearTable(x: [-5, 0, 5, 50, 60], y: [0, 0.2, 1, 1, 0]))],
      discharge: [.temperature(LinearTable(x: [-20, -10, 0, 50, 60], y: [0, 0.5, 1, 1, 0]))],
      sources: ["an assumption: full power to 50 °C, none from 60 °C"])
  }

  /// Every policy that documents may name.
  public static var library: [DeratingPolicy] {
    [.none, .residential, .cautious, .late, .residentialLFP]
  }

  /// Tables of `residential` and the taper over cell voltage of iron phosphate packs.
  ///
  /// Source: defaults of the driver mr-manuel/venus-os_dbus-serialbattery.
  public static var residentialLFP: DeratingPolicy {
    var policy = residential
    policy.name = "residential_lfp"
    policy.charge.append(
      .voltage(
        LinearTable(x: [3.375, 3.400, 3.425, 3.450, 3.500], y: [1, 0.25, 0.05, 0.005, 0])))
    policy.discharge.append(
      .voltage(LinearTable(x: [2.80, 2.90, 3.00, 3.10, 3.19], y: [0, 0.005, 0.05, 0.25, 1])))
    return policy
  }

  /// The state of a pack as its control sees it.
  struct Reading {
    var coldestC: Double
    var hottestC: Double
    var lowestSOC: Double
    var highestSOC: Double
    /// At the end of the last step. [V]
    var lowestV = Double.nan
    var highestV = Double.nan
  }

  /// Returns the shares that temperature and SOC tables allow, and what decided the first.
  ///
  /// A temperature below the one at which a table first reaches its highest share is cold, every other
  /// is heat. A surface whose share no temperature would raise is a matter of the charge.
  func allowed(
    _ direction: PowerDirection, _ state: Reading
  ) -> (heat: Double, soc: Double, cause: ClipCause) {
    var heat = 1.0
    var soc = 1.0
    var cause = ClipCause.heat
    let charging = direction == .charge
    for table in charging ? charge : discharge {
      switch table {
      case .temperature(let table):
        let warm = table(state.hottestC)
        let cold = table(state.coldestC)
        guard min(warm, cold) < heat else { continue }
        heat = min(warm, cold)
        let celsius = cold < warm ? state.coldestC : state.hottestC
        cause = celsius < table.x[DeratingPolicy.firstHighest(table.y)] ? .cold : .heat
      // Its current is found together with the voltage.
      case .voltage: break
      case .soc(let table):
        soc = min(soc, table(charging ? state.highestSOC : state.lowestSOC))
      case .surface(let temperatureC, let socFraction, let fraction):
        for celsius in [state.coldestC, state.hottestC] {
          for z in [state.lowestSOC, state.highestSOC] {
            let share = DeratingPolicy.bilinear(
              x: celsius, y: z, xs: temperatureC, ys: socFraction, values: fraction)
            guard share < heat else { continue }
            heat = share
            let shares = temperatureC.map {
              DeratingPolicy.bilinear(
                x: $0, y: z, xs: temperatureC, ys: socFraction, values: fraction)
            }
            let best = DeratingPolicy.firstHighest(shares)
            cause =
              share >= shares[best] ? .derateSOC : celsius < temperatureC[best] ? .cold : .heat
          }
        }
      }
    }
    return (min(max(heat, 0), 1), min(max(soc, 0), 1), cause)
  }

  private static func firstHighest(_ shares: [Double]) -> Int {
    var best = 0
    for i in shares.indices where shares[i] > shares[best] { best = i }
    return best
  }

  private static func bilinear(
    x: Double, y: Double, xs: [Double], ys: [Double], values: [[Double]]
  ) -> Double {
    let (i, u) = place(x, in: xs)
    let (j, v) = place(y, in: ys)
    let i1 = min(i + 1, xs.count - 1)
    let j1 = min(j + 1, ys.count - 1)
    let low = values[i][j] + v * (values[i][j1] - values[i][j])
    let high = values[i1][j] + v * (values[i1][j1] - values[i1][j])
    return low + u * (high - low)
  }

  private static func place(_ x: Double, in nodes: [Double]) -> (Int, Double) {
    guard nodes.count > 1, x > nodes[0] else { return (0, 0) }
    guard x < nodes[nodes.count - 1] else { return (nodes.count - 1, 0) }
    var low = 0
    while low + 2 < nodes.count, nodes[low + 1] <= x { low += 1 }
    return (low, (x - nodes[low]) / (nodes[low + 1] - nodes[low]))
  }

  /// Returns why steps of a length cannot feed the policy's kept models; keys are those of its sections.
  ///
  /// - Parameters:
  ///   - stepSeconds: Length of a step. [s]
  ///   - key: The key that sets it; nil where none does.
  /// - Returns: What is wrong; nothing for a policy without models.
  package func problems(stepSeconds: Double, named key: String?) -> Findings {
    var found = Findings()
    for (section, model) in [
      ("warning", warning?.model), ("inverter.warning", inverter.warning?.model),
    ] {
      guard let model, stepSeconds > model.longestStepSeconds else { continue }
      let longest = plain(model.longestStepSeconds.rounded(.down))
      found.error(
        "policy '\(name)': its model was fitted on steps of \(plain(model.forecast.stepSeconds)) s, so steps of "
          + "\(plain(stepSeconds)) s are gaps to it"
          + (key.map { "; '\($0)' must be at most \(longest)" } ?? ""), key: "\(section).model")
    }
    return found
  }

  /// Returns everything that makes the policy impossible; keys are those of its tables.
  package func problems() -> Findings {
    var found = Findings()
    found.append("recovery", recovery.problems())
    for (direction, tables) in [(PowerDirection.charge, charge), (.discharge, discharge)] {
      for table in tables { found.append(direction.rawValue, table.problems(direction)) }
      let count = tables.count { if case .voltage = $0 { true } else { false } }
      if count > 1 { found.error("one table over voltage is enough", key: direction.rawValue) }
    }
    for direction in PowerDirection.allCases {
      let own = direction == .charge ? chargeRecovery : dischargeRecovery
      found.append("\(direction.rawValue).recovery", own?.problems() ?? Findings())
      found.append(direction.rawValue, stop(direction)?.problems(direction) ?? Findings())
    }
    // A battery whose directions wait for each other would be no battery for the rest of the period.
    if let charge = chargeStop, let discharge = dischargeStop, charge.release.needsReversal,
      discharge.release.needsReversal
    {
      found.error(
        "with 'latch_reset: reversal' in both directions one of them needs 'latch_s', as both may be "
          + "stopped at once", key: "discharge.latch_reset")
    }
    found.append("inverter", inverter.problems())
    found.append("warning", warning?.problems() ?? Findings())
    found.append("pre_cooling", preCooling?.problems() ?? Findings())
    return found
  }
}
