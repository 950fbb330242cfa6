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
    let builder = TreeBuilder()
    try scan(bytes, to: builder)
    guard let root = builder.root else {
      throw InputError("the document is empty", at: SourcePosition(file: file))
    }
    return root
  }

  /// Reads a document and reports its elements one after the other, so that not all of them are in memory.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - handler: Takes what is found.
  /// - Throws: `InputError` with the place of what is no XML.
  func scan(_ bytes: [UInt8], to handler: any XMLHandler) throws(InputError) {
    let relay = Relay(handler)
    guard let parser = unsafe XML_ParserCreate(nil) else {
      throw InputError("there is no memory for the document", at: SourcePosition(file: file))
    }
    defer { unsafe XML_ParserFree(parser) }
    unsafe relay.parser = parser
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(relay).toOpaque())
    unsafe XML_SetElementHandler(
      parser,
      { data, name, attributes in
        unsafe XMLReader.relay(data)?.open(name, attributes)
      },
      { data, name in unsafe XMLReader.relay(data)?.close(name) })
    unsafe XML_SetCharacterDataHandler(parser) { data, text, count in
      unsafe XMLReader.relay(data)?.add(text, Int(count))
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
        if relay.isTooDeep { throw InputError("elements are nested too deeply", at: place) }
        let reason = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map {
          unsafe String(cString: $0)
        }
        throw InputError("not valid XML: \(reason ?? "damaged")", at: place)
      }
      start = end
    } while start < bytes.count
  }

  private static func relay(_ data: UnsafeMutableRawPointer?) -> Relay? {
    unsafe data.map { unsafe Unmanaged<Relay>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Hands on what the library reports; lives no longer than the call.
  @safe private final class Relay {
    private let handler: any XMLHandler
    private(set) var isTooDeep = false
    var parser: XML_Parser?
    private var depth = 0
    private var text: [UInt8] = []

    init(_ handler: any XMLHandler) { self.handler = handler }

    func open(
      _ name: UnsafePointer<CChar>?,
      _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) {
      flush()
      guard depth < XMLReader.mostDepth else {
        isTooDeep = true
        _ = unsafe XML_StopParser(parser, 0)
        return
      }
      depth += 1
      var found: [String: String] = [:]
      var k = 0
      while let attributes = unsafe attributes, let key = unsafe attributes[k],
        let value = unsafe attributes[k + 1]
      {
        unsafe found[String(cString: key)] = String(cString: value)
        k += 2
      }
      let line = unsafe Int(XML_GetCurrentLineNumber(parser))
      unsafe handler.open(Relay.localName(name), found, line: line)
    }

    func close(_ name: UnsafePointer<CChar>?) {
      flush()
      depth -= 1
      unsafe handler.close(Relay.localName(name))
    }

    func add(_ characters: UnsafePointer<CChar>?, _ count: Int) {
      guard let characters = unsafe characters else { return }
      for k in 0..<count { unsafe text.append(UInt8(bitPattern: characters[k])) }
    }

    private func flush() {
      if !text.isEmpty, depth > 0 { handler.add(String(decoding: text, as: UTF8.self)) }
      text.removeAll(keepingCapacity: true)
    }

    /// A name without the prefix of its namespace.
    private static func localName(_ name: UnsafePointer<CChar>?) -> String {
      let full = unsafe name.map { unsafe String(cString: $0) } ?? ""
      return full.split(separator: ":").last.map(String.init) ?? full
    }
  }
}

/// Takes the elements of a document one after the other.
protocol XMLHandler: AnyObject {
  /// An element begins.
  func open(_ name: String, _ attributes: [String: String], line: Int)
  /// Text between two tags.
  func add(_ text: String)
  /// An element ends.
  func close(_ name: String)
}

/// Puts elements together into a tree.
private final class TreeBuilder: XMLHandler {
  private var stack: [XMLNode] = []
  private(set) var root: XMLNode?

  func open(_ name: String, _ attributes: [String: String], line: Int) {
    stack.append(XMLNode(name: name, attributes: attributes, line: line))
  }

  func close(_ name: String) {
    guard let node = stack.popLast() else { return }
    if stack.isEmpty { root = node } else { stack[stack.count - 1].children.append(node) }
  }

  func add(_ text: String) {
    guard !stack.isEmpty, let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return }
    stack[stack.count - 1].text += text[first...last]
  }
}
