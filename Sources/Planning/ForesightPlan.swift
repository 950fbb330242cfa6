internal import Tariffs

/// Returns the best plan over a whole period that is known in full.
///
/// It is a bound on every planner in the same model: one plan over all slots, with every demand price
/// of every month in it. Memory grows with the number of slots; 35,040 slots take tens of milliseconds
/// per evaluation, and several demand prices take some tens of evaluations. The tie rule is switched off:
/// over a year its throughput price would add up.
///
/// - Parameter request: The period, with the truth as forecast and one demand price per month and window.
/// - Returns: The plan; `lowerBound` is the proven bound and `relativeGap` what is left open.
public func foresightPlan(_ request: PlanRequest) -> Plan {
  var whole = request
  whole.tieRule = .none
  var planner = ValueFunctionPlanner()
  return planner.plan(whole)
}
