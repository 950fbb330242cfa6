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

    var rows = try CSVRows(TextFile(Array("time;load_kw\n2024-01-01;1,5\n".utf8), path: "load.csv"))
    while rows.next() {
      print(rows.position(1), rows.number(1) ?? .nan)
    }

    let result: JSONValue = ["npv": .number(1316.52), "irr": .number(.nan)]
    print(result.text(isPretty: false))

    var table = TextTable([("battery", .left), ("NPV", .right)])
    table.add(["6 kWh", NumberText.fixed(1316.519, decimals: 2)])
    print(table.text)

    #expect(powers?.position.description == "site.yaml:2:12")
    #expect(powers?.items?.count == 2)
    #expect(rows.position(1).description == "load.csv:2:12" && rows.number(1) == 1.5)
    #expect(result.text(isPretty: false) == #"{"irr":null,"npv":1316.52}"#)
    #expect(table.text == "battery      NPV\n────────────────\n6 kWh    1316.52\n")
  }
}
