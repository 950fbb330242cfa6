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

  @Test("plans on two threads: no leak, no crash, no drift of the warm start")
  func soak() {
    let total = longTests ? 1_000_000 : 4_000
    var instances = RandomInstances(seed: 9)
    let requests = (0..<40).map { _ in instances.request(allowsDemand: false) }
    let wrong = Atomic<Int>(0)
    let failed = Atomic<Int>(0)
    func work(_ count: Int) {
      DispatchQueue.concurrentPerform(iterations: 2) { thread in
        var value = ValueFunctionPlanner()
        var glpk = GLPKPlanner()
        glpk.attachesValueFunction = false
        var k = thread
        for _ in 0..<(count / 2) {
          let request = requests[k % requests.count]
          k += 1
          let plan = value.plan(request)
          // GLPK takes every tenth plan, warm from the last of another shape or the same.
          guard k % 10 == 0 else { continue }
          let other = glpk.plan(request)
          let gap = abs(plan.objective - other.objective) / max(1, abs(plan.objective))
          if gap > 1e-7 { wrong.add(1, ordering: .relaxed) }
        }
        failed.add(glpk.counts.failed + value.counts.failed, ordering: .relaxed)
      }
    }
    work(total / 10)
    let before = Self.residentBytes()
    work(total)
    let grown = Self.residentBytes() - before
    #expect(wrong.load(ordering: .relaxed) == 0)
    #expect(failed.load(ordering: .relaxed) == 0)
    #expect(grown < 30_000_000, "memory grew by \(grown) bytes")
  }
}
