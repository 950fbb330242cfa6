import Diagnostics
import Documents
import Foundation
import Testing

@Suite("Saved JSON") struct JSONDecodingTests {
  enum Mode: String, Codable { case idle, busy }

  struct Cell: Codable, Equatable {
    var volts: Double
    var cycles: Int
    var mode: Mode
    var note: String?
  }

  struct State: Codable, Equatable {
    var cells: [Cell]
    var isOn: Bool
    var shares: [String: Float]
  }

  let state = State(
    cells: [
      Cell(volts: 3.3, cycles: 12, mode: .busy, note: "a/b"),
      Cell(volts: 0.1 + 0.2, cycles: 0, mode: .idle),
    ], isOn: true, shares: ["x": 0.25])

  private func decode(_ text: String) throws -> State {
    try JSONDecoding.decode(State.self, from: try document(text, path: "s.json"))
  }

  @Test("what Foundation's encoder wrote is read back to the last bit") func roundTrip() throws {
    let data = try JSONEncoder().encode(state)
    #expect(try decode(String(decoding: data, as: UTF8.self)) == state)
  }

  @Test(
    "a mistake is named with its place",
    arguments: [
      (
        "{\"cells\":[],\n\"isOn\":1,\"shares\":{}}",
        "2:8: error: 'isOn' must be true or false, found 1"
      ),
      ("{\"cells\":[],\"isOn\":true}", "1:1: error: the object must have 'shares'"),
      ("[]", "1:1: error: the document must be an object, found a list of 0"),
      (
        "{\"isOn\":true,\"shares\":{},\"cells\":[{\"volts\":\"3.3\",\"cycles\":1,\"mode\":\"idle\"}]}",
        "1:44: error: 'volts' must be a number, found '3.3'"
      ),
      (
        "{\"isOn\":true,\"shares\":{},\"cells\":[{\"volts\":3,\"cycles\":1.5,\"mode\":\"idle\"}]}",
        "1:55: error: 'cycles' must be a whole number, found 1.5"
      ),
      (
        "{\"isOn\":true,\"shares\":{},\"cells\":[{\"volts\":3,\"cycles\":1,\"mode\":\"lazy\"}]}",
        "1:64: error: 'mode' must be a known value, found 'lazy'"
      ),
      (
        "{\"isOn\":true,\"shares\":{},\"cells\":[7]}",
        "1:35: error: item 1 must be an object, found 7"
      ),
      ("{\"isOn\":tru", "1:9: error: a JSON value was expected"),
    ] as [(String, String)])
  func mistakes(text: String, expected: String) {
    let error = #expect(throws: InputError.self) { try decode(text) }
    #expect(error?.description == "s.json:\(expected)")
  }
}
