import CZlib
import Diagnostics

/// The parts of a zip archive in memory.
struct ZipArchive {
  private struct Entry {
    let method: Int
    let flags: Int
    let checksum: UInt32
    let packed: Int
    let size: Int
    /// Where its own header stands.
    let header: Int
  }

  private let bytes: [UInt8]
  private let path: String
  private var entries: [String: Entry] = [:]

  /// Larger parts are a mistake or an attack. [byte]
  private static let mostBytes = 1 << 30
  /// Bytes that deflate makes of one at most; a size beyond is a mistake or an attack, and takes no memory.
  ///
  /// Source: the technical details of zlib, 1032 to 1.
  private static let mostGrowth = 1032

  /// Reads the list of parts at the end of an archive.
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - path: The name to use in messages.
  /// - Throws: `InputError` when there is no list.
  init(_ bytes: [UInt8], path: String) throws(InputError) {
    self.bytes = bytes
    self.path = path
    // The record at the end has 22 bytes and a comment of at most 65,535.
    let last = bytes.count - 22
    var end = last
    while end >= max(0, last - 65_535), number(at: end, 4) != 0x0605_4B50 { end -= 1 }
    guard end >= max(0, last - 65_535), end >= 0 else {
      throw failure("it has no list of its parts; it may have been cut")
    }
    var at = number(at: end + 16, 4)
    for _ in 0..<number(at: end + 10, 2) {
      guard at + 46 <= bytes.count, number(at: at, 4) == 0x0201_4B50 else {
        throw failure("the list of its parts is damaged")
      }
      let nameLength = number(at: at + 28, 2)
      let after = at + 46 + nameLength + number(at: at + 30, 2) + number(at: at + 32, 2)
      guard at + 46 + nameLength <= bytes.count else {
        throw failure("the list of its parts is damaged")
      }
      let name = String(decoding: bytes[at + 46..<at + 46 + nameLength], as: UTF8.self)
      entries[name] = Entry(
        method: number(at: at + 10, 2), flags: number(at: at + 8, 2),
        checksum: UInt32(number(at: at + 16, 4)), packed: number(at: at + 20, 4),
        size: number(at: at + 24, 4), header: number(at: at + 42, 4))
      at = after
    }
  }

  /// Returns a part, or nothing when there is none of the name.
  ///
  /// - Throws: `InputError` when it is damaged, locked or too large.
  func part(_ name: String) throws(InputError) -> [UInt8]? {
    guard let entry = entries[name] else { return nil }
    guard entry.flags & 1 == 0 else { throw failure("it is locked by a password") }
    guard entry.size <= ZipArchive.mostBytes else {
      throw failure("its part '\(name)' has more than \(ZipArchive.mostBytes >> 30) GB")
    }
    guard entry.size <= ZipArchive.mostGrowth * max(64, entry.packed) else {
      throw failure("its part '\(name)' says that it has more than its bytes can hold")
    }
    let start =
      entry.header + 30 + number(at: entry.header + 26, 2) + number(at: entry.header + 28, 2)
    guard number(at: entry.header, 4) == 0x0403_4B50, start + entry.packed <= bytes.count else {
      throw failure("its part '\(name)' is cut")
    }
    let packed = bytes[start..<start + entry.packed]
    let contents: [UInt8]?
    switch entry.method {
    case 0: contents = Array(packed)
    case 8: contents = ZipArchive.inflated(Array(packed), size: entry.size)
    default: throw failure("its part '\(name)' is packed in an unknown way")
    }
    guard let contents, contents.count == entry.size,
      ZipArchive.checksum(contents) == entry.checksum
    else { throw failure("its part '\(name)' is damaged") }
    return contents
  }

  /// A number of some bytes, the lowest first; 0 beyond the end.
  private func number(at place: Int, _ count: Int) -> Int {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  private func failure(_ message: String) -> InputError {
    Workbook.failure(message, path: path)
  }

  /// Inflates a part; nothing when it is damaged or has another size.
  private static func inflated(_ packed: [UInt8], size: Int) -> [UInt8]? {
    var stream = unsafe z_stream()
    // The negative window asks for bytes without a header.
    guard
      unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { _ = unsafe inflateEnd(&stream) }
    // One byte more than there should be shows a part that is longer than it says.
    var result = [UInt8](repeating: 0, count: size + 1)
    let (status, made) = unsafe packed.withUnsafeBufferPointer { input in
      unsafe result.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe inflate(&stream, Z_FINISH)
        return unsafe (status, output.count - Int(stream.avail_out))
      }
    }
    guard status == Z_STREAM_END, made == size else { return nil }
    result.removeLast()
    return result
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe UInt32(truncatingIfNeeded: crc32(0, buffer.baseAddress, UInt32(buffer.count)))
    }
  }
}
