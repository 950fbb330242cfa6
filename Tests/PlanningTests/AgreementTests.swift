import Numerics
import Planning
import TestSupport
import Testing

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
