import CExpat
package import Diagnostics

/// Reads XML documents into trees.
package struct XMLReader {
  private let file: String

  /// Elements may be nested so deep.
  private static let mostDepth = 200
  /// Bytes handed over at once; the library counts in 32 bits.
  private static let chunkBytes = 1 << 20

  /// Creates a reader.
  ///
  /// - Parameter file: The name to use in positions.
  package init(file: String) { self.file = file }

  /// Reads a document.
  ///
  /// - Parameter bytes: The document.
  /// - Returns: Its outermost element.
  /// - Throws: `InputError` with the place of what is no XML.
  package func read(_ bytes: [UInt8]) throws(InputError) -> XMLNode {
    let builder = Builder()
    guard let parser = unsafe XML_ParserCreate(nil) else {
      throw InputError("there is no memory for the document", at: SourcePosition(file: file))
    }
    defer { unsafe XML_ParserFree(parser) }
    unsafe builder.parser = parser
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
    unsafe XML_SetElementHandler(
      parser,
      { data, name, attributes in
        unsafe XMLReader.builder(data)?.open(name, attributes)
      },
      { data, _ in unsafe XMLReader.builder(data)?.close() })
    unsafe XML_SetCharacterDataHandler(parser) { data, text, count in
      unsafe XMLReader.builder(data)?.add(text, Int(count))
    }
    var start = 0
    repeat {
      let end = min(bytes.count, start + XMLReader.chunkBytes)
      let status = unsafe bytes.withUnsafeBytes { all in
        unsafe XML_Parse(
          parser, all.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self),
          Int32(end - start), end == bytes.count ? 1 : 0)
      }
      guard status == XML_STATUS_OK else {
        let place = unsafe SourcePosition(
          file: file, line: Int(XML_GetCurrentLineNumber(parser)),
          column: Int(XML_GetCurrentColumnNumber(parser)) + 1)
        if builder.isTooDeep { throw InputError("elements are nested too deeply", at: place) }
        let reason = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map {
          unsafe String(cString: $0)
        }
        throw InputError("not valid XML: \(reason ?? "damaged")", at: place)
      }
      start = end
    } while start < bytes.count
    guard let root = builder.root else {
      throw InputError("the document is empty", at: SourcePosition(file: file))
    }
    return root
  }

  private static func builder(_ data: UnsafeMutableRawPointer?) -> Builder? {
    unsafe data.map { unsafe Unmanaged<Builder>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Collects elements while the library reports them; lives no longer than the call.
  @safe private final class Builder {
    var stack: [XMLNode] = []
    var root: XMLNode?
    var isTooDeep = false
    var parser: XML_Parser?
    private var text: [UInt8] = []

    func open(
      _ name: UnsafePointer<CChar>?,
      _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) {
      flush()
      guard stack.count < XMLReader.mostDepth else {
        isTooDeep = true
        _ = unsafe XML_StopParser(parser, 0)
        return
      }
      var found: [String: String] = [:]
      var k = 0
      while let attributes = unsafe attributes, let key = unsafe attributes[k],
        let value = unsafe attributes[k + 1]
      {
        unsafe found[String(cString: key)] = String(cString: value)
        k += 2
      }
      let full = unsafe name.map { unsafe String(cString: $0) } ?? ""
      let local = full.split(separator: ":").last.map(String.init) ?? full
      let line = unsafe Int(XML_GetCurrentLineNumber(parser))
      stack.append(XMLNode(name: local, attributes: found, line: line))
    }

    func close() {
      flush()
      guard let node = stack.popLast() else { return }
      if stack.isEmpty { root = node } else { stack[stack.count - 1].children.append(node) }
    }

    func add(_ characters: UnsafePointer<CChar>?, _ count: Int) {
      guard let characters = unsafe characters else { return }
      for k in 0..<count { unsafe text.append(UInt8(bitPattern: characters[k])) }
    }

    private func flush() {
      guard !text.isEmpty, !stack.isEmpty else {
        text = []
        return
      }
      stack[stack.count - 1].text += trimmedLines(String(decoding: text, as: UTF8.self))
      text = []
    }

    private func trimmedLines(_ text: String) -> String {
      guard let first = text.firstIndex(where: { !$0.isWhitespace }),
        let last = text.lastIndex(where: { !$0.isWhitespace })
      else { return "" }
      return String(text[first...last])
    }
  }
}
