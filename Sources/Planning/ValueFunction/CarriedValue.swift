internal import TimeSeries

/// The value that the last plan gave to energy, for the end of the next one.
struct CarriedValue {
  private var previous: (value: ValueFunction, grid: TimeGrid, keepingPerKWh: Double)?

  /// Remembers a plan whose value the next one begins with.
  mutating func enter(_ plan: Plan, of request: PlanRequest, keepingPerKWh: Double) {
    guard case .nextDayShadowPrice = request.terminal, let value = plan.valueFunction else {
      return
    }
    previous = (value, request.grid, keepingPerKWh)
  }

  /// Returns the value at the hour of the request's end, a day before it.
  ///
  /// What keeping the energy until the end of the last plan was worth is taken off; handed on from plan
  /// to plan, it would grow without end.
  func pieces(for request: PlanRequest) -> [TerminalPiece]? {
    guard case .nextDayShadowPrice = request.terminal, let previous,
      let slot = previous.grid.index(containing: request.grid.end - 86_400 - 1)
    else { return nil }
    return previous.value.terminalPieces(
      after: slot, lessPerKWh: previous.keepingPerKWh * Double(previous.grid.count - slot))
  }
}
