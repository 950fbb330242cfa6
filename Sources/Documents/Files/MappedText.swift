package import Diagnostics

#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// A large text in UTF-8 that stays on the disk: its bytes come into memory when they are looked at and leave it again
/// when they are given back.
@safe package struct MappedText: ~Copyable {
  private let base: UnsafeRawPointer
  private let size: Int
  /// Bytes of the byte order mark.
  private let mark: Int
  private let descriptor: Int32
  private let path: String

  /// Opens a file, or returns nothing for one that is small, packed, no regular file or not UTF-8: such are read whole.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - least: Size from which files are taken. [byte]
  /// - Returns: The text, or nothing.
  package static func opened(_ path: String, atLeast least: Int) -> MappedText? {
    guard let status = FileStatus(path), status.isRegular, status.size >= max(least, 16) else {
      return nil
    }
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    let pages = unsafe mmap(nil, status.size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
      close(descriptor)
      return nil
    }
    _ = unsafe madvise(pages, status.size, MADV_SEQUENTIAL)
    let text = unsafe MappedText(
      base: UnsafeRawPointer(pages), size: status.size, descriptor: descriptor, path: path)
    let head = unsafe Array(UnsafeRawBufferPointer(start: pages, count: min(status.size, 65_536)))
    guard !Gzip.packs(head.span), BinaryKind(head.span) == nil, head.contains(0x0A), text.isUTF8()
    else { return nil }
    return text
  }

  private init(base: UnsafeRawPointer, size: Int, descriptor: Int32, path: String) {
    unsafe self.base = base
    self.size = size
    self.descriptor = descriptor
    self.path = path
    let head = unsafe UnsafeRawBufferPointer(start: base, count: 3)
    mark = unsafe head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF ? 3 : 0
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), size)
    close(descriptor)
  }

  /// Calls a body with all bytes behind the byte order mark.
  package func withBytes<R>(
    _ body: (Span<UInt8>) throws(InputError) -> R
  ) throws(InputError) -> R {
    let bytes = unsafe UnsafeRawBufferPointer(start: base + mark, count: size - mark)
    let typed = unsafe bytes.bindMemory(to: UInt8.self)
    return try body(unsafe typed.span)
  }

  /// Gives back the memory of what stands before a position, which may still be looked at again.
  ///
  /// - Throws: `InputError` when the file was cut meanwhile, so that what follows is not there any more.
  package func release(before position: Int) throws(InputError) {
    let page = 1 << 16
    let end = max(0, min(size, position + mark)) / page * page
    if end > 0 { _ = unsafe madvise(UnsafeMutableRawPointer(mutating: base), end, MADV_DONTNEED) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) >= size else {
      throw InputError(
        "the file became shorter while it was read", at: SourcePosition(file: path))
    }
  }

  /// Looks at all bytes once, some megabytes at a time.
  private func isUTF8() -> Bool {
    var start = mark
    while start < size {
      var end = min(size, start + (4 << 20))
      // Not within a character.
      while end < size, end > start,
        unsafe base.load(fromByteOffset: end, as: UInt8.self) & 0xC0 == 0x80
      {
        end -= 1
      }
      let part = unsafe UnsafeRawBufferPointer(start: base + start, count: end - start)
      let typed = unsafe part.bindMemory(to: UInt8.self)
      guard TextEncoding.firstInvalid(unsafe typed.span) == nil, end > start else { return false }
      start = end
      guard (try? release(before: start)) != nil else { return false }
    }
    return true
  }
}
