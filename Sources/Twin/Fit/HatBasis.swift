/// Piecewise linear functions on rising nodes, constant beyond the ends.
struct HatBasis {
  let nodes: [Double]

  init(_ nodes: [Double]) { self.nodes = nodes }

  func place(_ x: Double) -> (Int, Double) {
    if x <= nodes[0] { return (0, 0) }
    if x >= nodes[nodes.count - 1] { return (nodes.count - 2, 1) }
    var low = 0
    var high = nodes.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if nodes[middle] <= x { low = middle } else { high = middle }
    }
    return (low, (x - nodes[low]) / (nodes[high] - nodes[low]))
  }

  func value(_ values: [Double], at x: Double) -> Double {
    let (low, share) = place(x)
    return values[low] + share * (values[low + 1] - values[low])
  }
}
