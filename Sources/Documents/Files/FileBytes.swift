package import Diagnostics

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Reads a whole file.
///
/// - Throws: `InputError` that names the file and the reason.
package func fileBytes(_ path: String) throws(InputError) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY)
  guard descriptor >= 0 else { throw unreadable(path) }
  defer { close(descriptor) }
  var status = stat()
  guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(path) }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw InputError("'\(path)' is a folder", at: SourcePosition(file: path))
  }
  let size = max(0, Int(status.st_size))
  var failed = false
  var bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let part = unsafe read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
      if part < 0 { failed = true }
      if part <= 0 { break }
      count += part
    }
  }
  // A pipe has no size; read on until its end.
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while !failed {
    let part = unsafe read(descriptor, &chunk, chunk.count)
    if part < 0 { failed = true }
    if part <= 0 { break }
    bytes.append(contentsOf: chunk[0..<part])
  }
  if failed { throw unreadable(path) }
  if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
    throw InputError("'\(path)' is compressed; unpack it first", at: SourcePosition(file: path))
  }
  if bytes.count >= 2, bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF
  {
    throw InputError("'\(path)' is UTF-16; save it as UTF-8", at: SourcePosition(file: path))
  }
  return bytes
}

private func unreadable(_ path: String) -> InputError {
  let reason = unsafe String(cString: strerror(errno))
  return InputError("cannot read '\(path)': \(reason)", at: SourcePosition(file: path))
}
