import CZlib
import Diagnostics

/// Files packed by gzip.
enum Gzip {
  /// Larger contents are a mistake or an attack. [byte]
  static let mostBytes = 4 << 30

  /// True when bytes begin as gzip begins a file.
  static func packs(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// Returns the contents of all members of a packed file, one after the other.
  ///
  /// - Throws: `InputError` when the file ends early or its checksum is wrong.
  static func unpacked(_ packed: [UInt8], path: String) throws(InputError) -> [UInt8] {
    var result: [UInt8] = []
    let status = unsafe packed.withUnsafeBufferPointer { input in
      unsafe inflated(input, into: &result)
    }
    switch status {
    case Z_STREAM_END: return result
    case Z_BUF_ERROR:
      throw InputError(
        "the file is packed by gzip and ends too early", at: SourcePosition(file: path))
    case Z_MEM_ERROR:
      throw InputError(
        "the file is packed by gzip and holds more than \(mostBytes >> 30) GB",
        at: SourcePosition(file: path))
    default:
      throw InputError("the file is packed by gzip and damaged", at: SourcePosition(file: path))
    }
  }

  /// Inflates member after member; the stream does not outlive the call.
  private static func inflated(
    _ input: UnsafeBufferPointer<UInt8>, into result: inout [UInt8]
  ) -> Int32 {
    var stream = unsafe z_stream()
    // 16 asks for a gzip header, 15 for the largest window.
    guard
      unsafe inflateInit2_(
        &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return Z_MEM_ERROR }
    defer { _ = unsafe inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var taken = 0
    while true {
      // The counters of zlib have 32 bits.
      let offered = min(input.count - taken, 1 << 30)
      unsafe stream.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress?.advanced(by: taken))
      unsafe stream.avail_in = UInt32(offered)
      let (status, made) = unsafe chunk.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe inflate(&stream, Z_NO_FLUSH)
        return unsafe (status, output.count - Int(stream.avail_out))
      }
      taken += offered - Int(unsafe stream.avail_in)
      result.append(contentsOf: chunk[0..<made])
      if result.count > mostBytes { return Z_MEM_ERROR }
      switch status {
      case Z_STREAM_END:
        // Another member may follow; anything else after the last one is padding.
        guard taken + 1 < input.count, unsafe input[taken] == 0x1F,
          unsafe input[taken + 1] == 0x8B
        else { return Z_STREAM_END }
        guard unsafe inflateReset(&stream) == Z_OK else { return Z_DATA_ERROR }
      case Z_OK:
        if taken == input.count, made == 0 { return Z_BUF_ERROR }
      default: return status
      }
    }
  }
}
