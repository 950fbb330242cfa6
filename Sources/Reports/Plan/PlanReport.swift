package import Documents
import Planning
package import Replay
import Tariffs
package import TimeSeries

/// One plan as a table and as JSON.
package struct PlanReport {
  private let snapshot: PlanSnapshot
  private let zone: Zone
  private let why: [SlotExplanation]

  /// Prepares the report of a plan in the time of a zone.
  package init(_ snapshot: PlanSnapshot, zone: Zone) {
    self.snapshot = snapshot
    self.zone = zone
    why = snapshot.plan.explanation(of: snapshot.request)
  }

  /// The plan in the form of `wattif.plan/1`.
  package var json: JSONValue {
    let plan = snapshot.plan
    let request = snapshot.request
    let slots: [JSONValue] = plan.grid.indices.map { t in
      let slot: JSONValue = [
        "start": .string(Instant.utcText(plan.grid.instant(t))),
        "load_kw": .number(request.loadKW[t]), "pv_kw": .number(request.pvKW[t]),
        "import_kw": .number(plan.importKW[t]), "export_kw": .number(plan.exportKW[t]),
        "charge_kw": .number(plan.chargeKW[t]), "discharge_kw": .number(plan.dischargeKW[t]),
        "curtail_kw": .number(plan.curtailKW[t]), "energy_kwh": .number(plan.energyKWh[t]),
        "buy_per_kwh": .number(plan.buyPerKWh[t]), "sell_per_kwh": .number(plan.sellPerKWh[t]),
        "energy_value_per_kwh": .number(plan.energyValuePerKWh[t]),
        "limits": .array(why[t].limits.map { .string($0.rawValue) }),
      ]
      var whole = slot
      if !plan.batteries.isEmpty {
        let batteries = zip(snapshot.batteryNames, plan.batteries).map { name, own in
          (
            name,
            [
              "battery_kw": .number(own.batteryKW(t)), "energy_kwh": .number(own.energyKWh[t]),
              "energy_value_per_kwh": .number(own.energyValuePerKWh[t]),
            ] as JSONValue
          )
        }
        whole = whole.adding(
          "batteries", .object(Dictionary(uniqueKeysWithValues: batteries)))
      }
      guard !plan.waitingKW.isEmpty else { return whole }
      let loads = zip(request.waitingLoads, plan.waitingKW).map {
        ($0.name, JSONValue.number($1[t]))
      }
      return whole.adding("loads_kw", .object(Dictionary(uniqueKeysWithValues: loads)))
    }
    let peaks: [JSONValue] = request.prices.demands.enumerated().map { k, demand in
      [
        "rule": .string(demand.label), "price_per_kw": .number(demand.pricePerKW),
        "incurred_kw": .number(demand.incurredKW), "target_kw": .number(plan.peakTargetKW[k]),
      ]
    }
    return [
      "schema": "wattif.plan/1", "issued_at": .string(Instant.utcText(plan.grid.start)),
      "version": .string(snapshot.version), "objective": .number(plan.objective),
      "status": .string(plan.status.rawValue), "solver": .string(plan.solver),
      "start_energy_kwh": .number(
        request.others.reduce(request.initialEnergyKWh) { $0 + $1.initialEnergyKWh }),
      "slots": .array(slots),
      "peaks": .array(peaks),
      "slack": .array(
        plan.slack.map {
          [
            "rule": .string($0.rule), "amount": .number($0.amount), "cost": .number($0.cost),
          ]
        }),
      "inverted_slots": .integer(plan.invertedSlots),
      "repaired_slots": .integer(plan.repairedSlots),
    ]
  }

  /// The plan for a terminal.
  package func text(currency: String) -> String {
    let plan = snapshot.plan
    var table = TextTable(
      [
        ("slot", .left), ("load", .right), ("PV", .right), ("grid", .right), ("battery", .right),
        ("energy", .right),
      ] + (plan.batteries.isEmpty ? [] : snapshot.batteryNames.map { ($0, .right) })
        + snapshot.request.waitingLoads.map { ($0.name, .right) } + [
          ("buy", .right), ("sell", .right), ("worth", .right), ("limits", .left),
        ])
    for t in plan.grid.indices {
      table.add(
        [
          Instant.localText(plan.grid.instant(t), zone: zone),
          NumberText.fixed(snapshot.request.loadKW[t], decimals: 2),
          NumberText.fixed(snapshot.request.pvKW[t], decimals: 2),
          NumberText.fixed(plan.gridKW(t), decimals: 2),
          NumberText.fixed(plan.batteryKW(t), decimals: 2),
          NumberText.fixed(plan.energyKWh[t], decimals: 2),
        ] + plan.batteries.map { NumberText.fixed($0.batteryKW(t), decimals: 2) }
          + plan.waitingKW.map { NumberText.fixed($0[t], decimals: 2) } + [
            NumberText.fixed(plan.buyPerKWh[t], decimals: 4),
            NumberText.fixed(plan.sellPerKWh[t], decimals: 4),
            NumberText.fixed(plan.energyValuePerKWh[t], decimals: 4),
            why[t].limits.map(\.rawValue).joined(separator: " "),
          ])
    }
    var lines = [
      "Plan of \(Instant.localText(plan.grid.start, zone: zone)) by '\(snapshot.version)', "
        + "\(plan.status.rawValue), solved by \(plan.solver): "
        + "\(NumberText.fixed(plan.objective, decimals: 2)) \(currency).",
      "kW, kWh and \(currency) per kWh; battery power is positive when discharging, grid power when "
        + "importing; 'worth' is the value of one more stored kWh.",
    ]
    for (k, demand) in snapshot.request.prices.demands.enumerated() {
      lines.append(
        "Peak '\(demand.label)': \(NumberText.fixed(demand.incurredKW, decimals: 2)) kW so far, "
          + "target \(NumberText.fixed(plan.peakTargetKW[k], decimals: 2)) kW at "
          + "\(NumberText.fixed(demand.pricePerKW, decimals: 2)) \(currency) per kW.")
    }
    for slack in plan.slack {
      lines.append(
        "Limit '\(slack.rule)' gave way by \(NumberText.fixed(slack.amount, decimals: 3)) kWh, "
          + "penalty \(NumberText.fixed(slack.cost, decimals: 2)) \(currency).")
    }
    return table.text + lines.map { $0 + "\n" }.joined()
  }
}
