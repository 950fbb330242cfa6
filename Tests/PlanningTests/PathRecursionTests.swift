import Numerics
import TestSupport
import Testing
import TimeSeries

@testable import Planning

@Suite("Mean cost to go over paths", .tags(.solver)) struct PathRecursionTests {
  /// Cost to go of one path by the recursion of a single plan, without wasting energy.
  private static func alone(_ model: PlanningModel, targets: [Double]) -> ValueFunction {
    var model = model
    // Inverted prices are planned as they are, so there is nothing to keep from wasting.
    if model.invertedSlots > 0 { return value(model, targets: targets) }
    for t in 0..<model.count where model.buy[t] < -model.batterySlot(t).simultaneousThreshold {
      model.dischargeKW[t] = 0
    }
    return value(model, targets: targets)
  }

  private static func value(_ model: PlanningModel, targets: [Double]) -> ValueFunction {
    var recursion = ValueRecursion()
    recursion.open(model)
    recursion.keepsShape = model.invertedSlots > 0
    recursion.run(model, targets: targets)
    return recursion.takeValue()
  }

  /// Difference of the cost to go between two energies. [currency]
  private static func difference(
    _ value: ValueFunction, state: Int, from: Double, to: Double
  ) -> Double {
    var sum = 0.0
    var at = value.leftEnd[state]
    for k in value.offset[state]..<value.offset[state] + value.pieces[state] {
      let end = at + value.width[k]
      sum += value.slope[k] * max(0, min(end, to) - max(at, from))
      at = end
    }
    return sum
  }

  /// Up to 4 h all paths keep the shape of inverted prices, beyond that only without such prices.
  @Test(
    "lanes give the mean of the paths' own functions", arguments: [1, 4, 5, 12], [false, true])
  func mean(paths count: Int, inverts: Bool) throws {
    var instances = RandomInstances(seed: UInt64(400 + count))
    var generator = SeededGenerator(seed: 3)
    var compared = 0
    for k in 0..<(longTests ? 2000 : 120) {
      var request = instances.request()
      if inverts {
        while request.grid.count * request.grid.stepSeconds > 4 * 3600 {
          request = instances.request()
        }
        request.prices.sellPerKWh[1] = request.prices.buyPerKWh[1] + 0.1
      } else {
        // Paying to feed in makes a single plan burn energy instead, which no path may.
        for t in request.grid.indices {
          request.prices.sellPerKWh[t] = min(
            request.prices.buyPerKWh[t], max(0, request.prices.sellPerKWh[t]))
        }
      }
      let model = try #require(PlanningModel(request))
      let targets = request.prices.demands.map { _ in
        generator.uniform() < 0.3 ? Double.infinity : generator.uniform(0, 6)
      }
      let paths = (0..<count).map { _ in
        ForecastPath(
          loadKW: request.loadKW.map { $0 * generator.uniform(-0.5, 2) },
          pvKW: request.pvKW.map { $0 * generator.uniform(0, 1.5) },
          weight: generator.uniform(0.5, 1))
      }
      let total = paths.reduce(0) { $0 + $1.weight }
      var recursion = PathRecursion()
      let mean = recursion.costToGo(model, paths: paths, targets: targets, states: model.count)
      let own = try paths.map { path in
        var one = request
        one.loadKW = path.loadKW
        one.pvKW = path.pvKW
        return Self.alone(try #require(PlanningModel(one)), targets: targets)
      }
      for state in [1, 2, model.count / 2, model.count] {
        let range = mean.energyRange(after: state - 1)
        let low = own.map { $0.energyRange(after: state - 1).lowerBound }.max() ?? .nan
        let high = own.map { $0.energyRange(after: state - 1).upperBound }.min() ?? .nan
        #expect(isClose(range.lowerBound, low, absolute: 1e-9), "instance \(k) state \(state)")
        #expect(isClose(range.upperBound, max(low, high), absolute: 1e-8), "instance \(k)")
        guard high > low else { continue }
        for _ in 0..<4 {
          let a = generator.uniform(low, high)
          let b = generator.uniform(a, high)
          var expected = 0.0
          for (one, path) in zip(own, paths) {
            expected += path.weight / total * Self.difference(one, state: state, from: a, to: b)
          }
          let found = Self.difference(mean, state: state, from: a, to: b)
          compared += 1
          #expect(
            isClose(found, expected, absolute: 1e-8, relative: 1e-9),
            "instance \(k) state \(state): \(found) and \(expected)")
        }
      }
    }
    #expect(compared > 500)
  }

  @Test("the mean over what can be reached is that over everything, there")
  func reached() throws {
    var instances = RandomInstances(seed: 700)
    var generator = SeededGenerator(seed: 6)
    var compared = 0
    for k in 0..<120 {
      let request = instances.request()
      let model = try #require(PlanningModel(request))
      let targets = request.prices.demands.map { _ in generator.uniform(0, 6) }
      let paths = (0..<5).map { _ in
        ForecastPath(
          loadKW: request.loadKW.map { $0 * generator.uniform(-0.5, 2) },
          pvKW: request.pvKW.map { $0 * generator.uniform(0, 1.5) })
      }
      var recursion = PathRecursion()
      let states = min(4, model.count)
      let whole = recursion.costToGo(model, paths: paths, targets: targets, states: states)
      let part = recursion.costToGo(
        model, paths: paths, targets: targets, states: states,
        reached: model.reachedKWh(slots: states))
      var (low, high) = (model.start, model.start)
      for state in 1...states {
        let moved = model.batterySlot(state - 1)
        low =
          low * model.retention - moved.dischargeKW * model.stepHours / model.dischargeEfficiency
        high += moved.chargeKW * model.stepHours * model.chargeEfficiency
        let all = whole.energyRange(after: state - 1)
        let known = part.energyRange(after: state - 1)
        let (from, to) = (max(low, all.lowerBound), min(high, all.upperBound))
        guard from < to else { continue }
        #expect(
          known.lowerBound <= from + 1e-9 && known.upperBound >= to - 1e-9, "instance \(k)")
        for _ in 0..<4 {
          let a = generator.uniform(from, to)
          let b = generator.uniform(a, to)
          compared += 1
          #expect(
            isClose(
              Self.difference(part, state: state, from: a, to: b),
              Self.difference(whole, state: state, from: a, to: b), absolute: 1e-9, relative: 1e-9),
            "instance \(k) state \(state)")
        }
      }
    }
    #expect(compared > 500)
  }

  @Test("every vector width gives the same bits", arguments: [1, 7, 12, 21])
  func widths(paths count: Int) throws {
    var instances = RandomInstances(seed: UInt64(800 + count))
    var generator = SeededGenerator(seed: 5)
    var pieces = 0
    for _ in 0..<60 {
      let request = instances.request()
      let model = try #require(PlanningModel(request))
      let targets = request.prices.demands.map { _ in generator.uniform(0, 6) }
      let paths = (0..<count).map { _ in
        ForecastPath(
          loadKW: request.loadKW.map { $0 * generator.uniform(-0.5, 2) },
          pvKW: request.pvKW.map { $0 * generator.uniform(0, 1.5) })
      }
      var widest = PathRecursion()
      var portable = PathRecursion(isPortable: true)
      let one = widest.costToGo(model, paths: paths, targets: targets, states: model.count)
      let other = portable.costToGo(model, paths: paths, targets: targets, states: model.count)
      #expect(one.slope == other.slope)
      #expect(one.width == other.width)
      #expect(one.leftEnd == other.leftEnd)
      pieces += one.slope.count
    }
    #expect(pieces > 1000)
  }

  @Test("a hedge that looks at the decided slots alone decides the same there")
  func decidedSlots() {
    let request = HedgeTests.request()
    let paths = HedgeTests.paths(request, spread: 0.7)
    var all = HedgedPlanner(.expectedValue, seed: 1)
    let whole = all.plan(request, paths: paths)
    var some = HedgedPlanner(.expectedValue, seed: 1)
    var short = request
    short.decidedSlots = 6
    let plan = some.plan(short, paths: paths)
    #expect(plan.valueFunction?.slotCount == 6)
    #expect(brokenLaw(plan, request) == nil)
    for t in 0..<6 { #expect(isClose(plan.energyKWh[t], whole.energyKWh[t], absolute: 1e-9)) }
  }
}
