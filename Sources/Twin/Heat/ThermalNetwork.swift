import Numerics

/// A linear network of heat: nodes with a heat capacity, conductances between them and to boundaries.
///
/// `C·dT/dt = heat + Σ G·(T_other − T)` with constant heat and boundary temperatures over a step has
/// the exact end `T + Ψ·rate`, so dividing a step changes nothing.
public struct ThermalNetwork: Sendable, Equatable {
  /// A conductance between two nodes, or a node and a boundary.
  public struct Link: Sendable, Equatable {
    /// Index of the node.
    public var node: Int
    /// Index of the other node or of the boundary.
    public var other: Int
    /// Conductance. [W/K]
    public var wattPerKelvin: Double

    /// Creates a conductance.
    public init(node: Int, other: Int, wattPerKelvin: Double) {
      self.node = node
      self.other = other
      self.wattPerKelvin = wattPerKelvin
    }
  }

  /// Heat capacities; the cells come first. [J/K]
  public var capacityJPerK: [Double]
  /// Conductances between nodes.
  public var links: [Link]
  /// Conductances from nodes to boundaries of given temperature.
  public var boundaryLinks: [Link]
  /// Number of boundaries.
  public var boundaryCount: Int

  /// Creates a network.
  public init(capacityJPerK: [Double], links: [Link], boundaryLinks: [Link], boundaryCount: Int) {
    self.capacityJPerK = capacityJPerK
    self.links = links
    self.boundaryLinks = boundaryLinks
    self.boundaryCount = boundaryCount
  }

  /// The matrix of the network without boundaries' temperatures, stored by columns. [1/s]
  var rateMatrix: [Double] {
    let order = capacityJPerK.count
    var matrix = [Double](repeating: 0, count: order * order)
    for link in links {
      let (a, b, g) = (link.node, link.other, link.wattPerKelvin)
      matrix[a * order + a] -= g / capacityJPerK[a]
      matrix[b * order + a] += g / capacityJPerK[a]
      matrix[b * order + b] -= g / capacityJPerK[b]
      matrix[a * order + b] += g / capacityJPerK[b]
    }
    for link in boundaryLinks {
      matrix[link.node * order + link.node] -= link.wattPerKelvin / capacityJPerK[link.node]
    }
    return matrix
  }

  /// Fills the rates of temperature at the start of a step. [K/s]
  func fillRates(
    _ rates: inout [Double], temperatureC: [Double], heatW: [Double], boundaryC: [Double]
  ) {
    for i in rates.indices { rates[i] = heatW[i] }
    for link in links {
      let flow = link.wattPerKelvin * (temperatureC[link.other] - temperatureC[link.node])
      rates[link.node] += flow
      rates[link.other] -= flow
    }
    for link in boundaryLinks {
      rates[link.node] += link.wattPerKelvin * (boundaryC[link.other] - temperatureC[link.node])
    }
    for i in rates.indices { rates[i] /= capacityJPerK[i] }
  }
}
