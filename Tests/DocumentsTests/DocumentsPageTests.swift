import Documents
import TestSupport
import Testing

@Suite("Page of Documents") struct DocumentsPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Documents").isCode())

    let site = try YAMLParser.parse("name: Shop\npowers_kw: [15, 30]\n", file: "site.yaml")
    let powers = site.entries?.first { $0.key == "powers_kw" }?.value
    print(powers?.position.description ?? "nowhere", powers?.items?.count ?? 0)

    let result: JSONValue = ["npv": .number(1316.52), "irr": .number(.nan)]
    print(result.text(isPretty: false))

    var table = TextTable([("battery", .left), ("NPV", .right)])
    table.add(["6 kWh", NumberText.fixed(1316.519, decimals: 2)])
    print(table.text)

    #expect(powers?.position.description == "site.yaml:2:12")
    #expect(powers?.items?.count == 2)
    #expect(result.text(isPretty: false) == #"{"irr":null,"npv":1316.52}"#)
    #expect(table.text == "battery      NPV\n────────────────\n6 kWh    1316.52\n")
  }
}
