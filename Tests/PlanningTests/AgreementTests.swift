import Numerics
import TestSupport
import Testing

@testable import Planning

@Suite("Agreement of both solvers", .tags(.solver)) struct AgreementTests {
  @Test("equal costs and equal plans on random instances")
  func random() {
    let count = longTests ? 10_000 : 600
    var instances = RandomInstances(seed: 20_240_501)
    var byValue = ValueFunctionPlanner()
    var approximate = 0
    for k in 0..<count {
      let request = instances.request()
      var byGLPK = GLPKPlanner()
      byGLPK.attachesValueFunction = false
      let a = byValue.plan(request)
      let b = byGLPK.plan(request)
      // With a peak and costs that are not convex GLPK keeps the directions, not the peak, of the other.
      if a.status == .approximate {
        approximate += 1
        #expect(b.objective <= a.objective + 1e-7, "instance \(k)")
        #expect(brokenLaw(b, request) == nil, "instance \(k)")
        continue
      }
      #expect(b.solver == "glpk", "instance \(k)")
      let gap = abs(a.objective - b.objective) / max(1, abs(a.objective))
      #expect(
        gap <= 1e-7,
        "instance \(k): \(a.objective) and \(b.objective)"
      )
      let capacity = max(1e-3, request.envelope.energyMaxKWh.max() ?? 0)
      let apart = zip(a.energyKWh, b.energyKWh).map { abs($0 - $1) }.max() ?? 0
      #expect(
        apart <= 1e-5 * capacity, "instance \(k): plans \(apart / capacity) of capacity apart")
      #expect(brokenLaw(a, request) == nil, "instance \(k): \(brokenLaw(a, request) ?? "")")
      #expect(brokenLaw(b, request) == nil, "instance \(k): \(brokenLaw(b, request) ?? "")")
    }
    #expect(approximate < count / 10)
  }

  /// Simplex that begins at the other solver's plan finds nothing left to do, or little.
  @Test("GLPK finds the same optimum from the plan to be checked in a fifth of the steps")
  func nearby() {
    var instances = RandomInstances(seed: 31)
    var byValue = ValueFunctionPlanner()
    var near = GLPKPlanner()
    near.attachesValueFunction = false
    var cold = near
    for k in 0..<300 {
      let request = instances.request(allowsDemand: false, allowsNegative: false)
      let plan = byValue.plan(request)
      guard plan.status == .optimal, plan.invertedSlots == 0 else { continue }
      let found = near.plan(request, near: plan)
      cold.forget()
      let expected = cold.plan(request)
      #expect(found.solver == "glpk", "instance \(k)")
      #expect(
        isClose(found.objective, expected.objective, absolute: 1e-7, relative: 1e-7),
        "instance \(k)")
    }
    #expect(
      5 * near.counts.iterations < cold.counts.iterations,
      "\(near.counts.iterations) of \(cold.counts.iterations)")
    #expect(near.counts.fallbacks == 0)
  }

  /// A plan that is not the best is no guess to stay at.
  @Test("a wrong plan is found out from wherever the search begins") func wrongPlan() {
    var instances = RandomInstances(seed: 32)
    var byValue = ValueFunctionPlanner()
    var near = GLPKPlanner()
    var found = 0
    for k in 0..<100 {
      let request = instances.request(allowsDemand: false, allowsNegative: false)
      let best = byValue.plan(request)
      guard best.status == .optimal, best.invertedSlots == 0 else { continue }
      var idle = request
      idle.envelope.chargeKW = request.envelope.chargeKW.map { 0.2 * $0 }
      idle.envelope.dischargeKW = request.envelope.dischargeKW.map { 0.2 * $0 }
      let wrong = byValue.plan(idle)
      let right = near.plan(request, near: wrong)
      found += wrong.objective > best.objective + 0.01 ? 1 : 0
      #expect(
        isClose(right.objective, best.objective, absolute: 1e-7, relative: 1e-7), "instance \(k)")
    }
    #expect(found > 40)
  }

  @Test("the optimum of GLPK holds in rational arithmetic, with its duals")
  func exactArithmetic() {
    var instances = RandomInstances(seed: 77)
    let count = longTests ? 200 : 25
    var checked = 0
    while checked < count {
      var planner = GLPKPlanner()
      planner.attachesValueFunction = false
      planner.checksExactly = true
      let request = instances.request()
      // Rational arithmetic grows with the horizon.
      guard request.grid.count <= 30 else { continue }
      _ = planner.plan(request)
      checked += 1
      #expect(planner.exactChecks > 0)
      #expect(planner.largestExactGap <= 1e-7)
      let certificate = planner.certificate ?? (1, 1, 1)
      #expect(certificate.primal <= 1e-7)
      #expect(certificate.dual <= 1e-7)
      #expect(certificate.gap <= 1e-7)
    }
  }

  @Test("segments and the general form agree")
  func segments() {
    var instances = RandomInstances(seed: 5)
    for k in 0..<150 {
      let request = instances.request(allowsDemand: false)
      var general = GLPKPlanner()
      var segments = SegmentPlanner()
      let a = general.plan(request)
      let b = segments.plan(request)
      #expect(isClose(a.objective, b.objective, absolute: 1e-7, relative: 1e-7), "instance \(k)")
      #expect(brokenLaw(b, request) == nil)
    }
  }
}
