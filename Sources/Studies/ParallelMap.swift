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
func parallelMap<Item: Sendable, Result: Sendable>(
  _ items: [Item], threads: Int, _ body: @escaping @Sendable (Item) throws -> Result
) throws -> [Result] {
  let next = Atomic<Int>(0)
  let results = Mutex<[Swift.Result<Result, any Error>?]>(
    [Swift.Result<Result, any Error>?](repeating: nil, count: items.count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, items.count))) { _ in
    while true {
      let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if i >= items.count { return }
      let result = Swift.Result { try body(items[i]) }
      results.withLock { $0[i] = result }
    }
  }
  return try results.withLock { finished in
    try finished.map { result in
      guard let result else { preconditionFailure("every item was worked on") }
      return try result.get()
    }
  }
}
