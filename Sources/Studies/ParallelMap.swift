import Dispatch
import Synchronization

/// Applies a function to every item on several threads and keeps the items' order.
///
/// Each call of `body` runs from beginning to end on one thread, which is what GLPK asks for.
/// The results do not depend on the number of threads.
///
/// - Parameters:
///   - items: What to work on.
///   - threads: Largest number of threads, at least one.
///   - body: The work on one item.
/// - Returns: One result per item.
/// - Throws: The error of the first item, in order, that failed.
func parallelMap<Item: Sendable, Result: Sendable, Failure: Error>(
  _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  let next = Atomic<Int>(0)
  let results = Mutex<[Swift.Result<Result, Failure>?]>(
    [Swift.Result<Result, Failure>?](repeating: nil, count: items.count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, items.count))) { _ in
    while true {
      let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if i >= items.count { return }
      let result = Swift.Result { () throws(Failure) in try body(items[i]) }
      results.withLock { $0[i] = result }
    }
  }
  return try results.withLock { $0 }.map { (result) throws(Failure) in
    guard let result else { preconditionFailure("every item was worked on") }
    return try result.get()
  }
}
