import Dispatch
import Foundation
import Planning
import Synchronization
import TestSupport
import Testing

@Suite("Soak", .tags(.solver, .slow)) struct SoakTests {
  /// Resident memory of this process. [bytes]
  static func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4096
  }

  /// Windows of a day and a half that roll on by an hour, as a replay asks for them.
  static func rolling(hours: Int, seed: UInt64) -> [PlanRequest] {
    let site = RecourseSite.home(days: hours / 24 + 2, seed: seed)
    return (0..<hours).map { hour in
      site.request(
        from: 4 * hour, count: 144, stored: Double((hour * 7) % 10), peak: [:],
        setting: RecourseSetting(), seed: seed)
    }.map {
      // A value carried from plan to plan would differ between a warm and a cold planner by intent.
      var request = $0
      request.terminal = .priceQuantile(0.25)
      return request
    }
  }

  private struct Findings {
    var disagreements = 0
    var drifted = 0
    var checked = 0
    var failed = 0
    var coldStarts = 0
    var fallbacks = 0
    var glpkPlans = 0
  }

  /// Plans so many times by value function; GLPK takes every tenth, and a cold one checks every 2,500th.
  private static func plan(_ count: Int, _ requests: [PlanRequest]) -> Findings {
    var value = ValueFunctionPlanner()
    var glpk = GLPKPlanner()
    glpk.attachesValueFunction = false
    var found = Findings()
    for k in 0..<count {
      let request = requests[k % requests.count]
      let plan = value.plan(request)
      if plan.status != .optimal { found.failed += 1 }
      // A tenth of the windows, each in its turn, so that GLPK rolls on as well.
      guard (k / requests.count) % 10 == 0 else { continue }
      let other = glpk.plan(request)
      if other.solver != "glpk" { found.failed += 1 }
      let capacity = request.envelope.energyMaxKWh[0]
      let apart = zip(plan.energyKWh, other.energyKWh).map { abs($0 - $1) }.max() ?? .infinity
      let gap = abs(plan.objective - other.objective) / max(1, abs(plan.objective))
      if gap > 1e-7 || apart > 1e-5 * capacity { found.disagreements += 1 }
      guard k % 250 == 0 else { continue }
      var cold = GLPKPlanner()
      cold.attachesValueFunction = false
      let fresh = cold.plan(request)
      var freshValue = ValueFunctionPlanner()
      let same = freshValue.plan(request)
      found.checked += 1
      let drift = zip(fresh.energyKWh, other.energyKWh).map { abs($0 - $1) }.max() ?? .infinity
      if drift > 1e-9 * capacity || same.energyKWh != plan.energyKWh { found.drifted += 1 }
    }
    found.coldStarts = glpk.counts.coldStarts
    found.fallbacks = glpk.counts.fallbacks
    found.glpkPlans = glpk.counts.glpk
    return found
  }

  @Test("plans on two threads: no leak, no crash, no drift of the warm start")
  func soak() {
    let total = longTests ? 1_000_000 : 4_000
    let results = Mutex<[Findings]>([])
    func work(_ count: Int) {
      DispatchQueue.concurrentPerform(iterations: 2) { thread in
        let requests = Self.rolling(hours: 100, seed: UInt64(thread) + 1)
        let found = Self.plan(count / 2, requests)
        results.withLock { $0.append(found) }
      }
    }
    work(total / 10)
    let before = Self.residentBytes()
    work(total)
    let after = Self.residentBytes()
    let found = results.withLock { $0 }
    if longTests {
      print("resident memory: \(before / 1_000_000) MB, then \(after / 1_000_000) MB")
      for one in found { print(one) }
    }
    #expect(found.count == 4)
    #expect(found.allSatisfy { $0.glpkPlans > 0 && $0.checked > 0 })
    #expect(found.allSatisfy { $0.disagreements == 0 })
    #expect(found.allSatisfy { $0.drifted == 0 })
    #expect(found.allSatisfy { $0.failed == 0 && $0.fallbacks == 0 && $0.coldStarts == 0 })
    #expect(after - before < 10_000_000, "memory grew by \(after - before) bytes")
  }
}
