extension WaitingLoad {
  /// Returns the least that the load costs when every kWh it draws has a price, by an exact dynamic program.
  ///
  /// The cost to go is a convex function of the stored energy, held as falling worths over widths. A slot adds
  /// a piece for each way to fill the store, in the order of their prices (an infimal convolution).
  ///
  /// - Parameters:
  ///   - pricePerKWh: Price of each slot, which may be below zero. [currency/kWh]
  ///   - stepHours: Length of a slot. [h]
  /// - Returns: The cost, less the worth of what is left. [currency]
  func leastCost(at pricePerKWh: [Double], stepHours: Double) -> Double {
    guard let last = capacityKWh.last else { return 0 }
    var pieces: [(worth: Double, width: Double)] = [(endPerKWh, last)]
    // Cost to go of an empty store.
    var empty = 0.0
    func insert(_ worth: Double, _ width: Double) {
      guard width > 0 else { return }
      empty += worth * width
      let at = pieces.firstIndex { $0.worth < worth } ?? pieces.count
      pieces.insert((worth, width), at: at)
    }
    for t in stride(from: powerKW.count - 1, through: 0, by: -1) {
      let gain = stepHours * storedPerKWh[t]
      let draw = drawKWh[t]
      let optional = min(draw, optionalKWh[t])
      var added = draw
      insert(unmetPerKWh, draw - optional)
      insert(optionalPerKWh, optional)
      if gain > 0, powerKW[t] > 0 {
        insert(pricePerKWh[t] / storedPerKWh[t], powerKW[t] * gain)
        added += powerKW[t] * gain
      }
      // From the most that can be added to the draw alone.
      var cut = added - draw
      var first = 0
      while cut > 0, first < pieces.count {
        let part = min(cut, pieces[first].width)
        empty -= pieces[first].worth * part
        cut -= part
        pieces[first].width -= part
        if pieces[first].width <= 1e-12 { first += 1 }
      }
      pieces.removeFirst(first)
      var room = t > 0 ? capacityKWh[t - 1] : startKWh
      var kept = 0
      for k in pieces.indices {
        pieces[k].worth *= retentionPerStep
        pieces[k].width = min(room, pieces[k].width / max(1e-9, retentionPerStep))
        room -= pieces[k].width
        if pieces[k].width > 0 { kept = k + 1 }
      }
      pieces.removeLast(pieces.count - kept)
    }
    return empty - pieces.reduce(0) { $0 + $1.worth * $1.width }
  }
}
