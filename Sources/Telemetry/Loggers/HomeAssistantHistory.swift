import Diagnostics
import Documents
import TimeSeries

/// Home Assistant's history: states that hold until they change.
///
/// Silence means "unchanged", so a state holds for `maxAgeSeconds`; `unknown`, `unavailable` and the empty
/// state end it. The history API names an entity and its unit in the first state of each list and may
/// leave them out after it.
struct HomeAssistantHistory {
  let source: LogSource
  let window: Range<Int>

  func csvInputs(_ document: TextFile, zone: Zone) throws(InputError) -> [GridInput] {
    var inputs: [GridInput] = []
    for channel in source.channels {
      var mapping = channel
      mapping.column = "state"
      let csv = CSVSource(
        path: source.path, timeColumn: "last_changed", zone: zone,
        filters: [RowFilter(column: "entity_id", equals: channel.column)], columns: [mapping])
      let table = try CSVTableReader(source: csv, zone: zone, window: window).read(document)
      if table.stamps.isEmpty {
        let names = try entities(of: document)
        if !names.contains(channel.column) { throw source.missing(channel.column, among: names) }
      }
      inputs.append(
        GridInput(
          table: table, mappings: [mapping],
          sampling: .held(maxAgeSeconds: source.maxAgeSeconds)))
    }
    return inputs
  }

  /// The entities of a history panel's file, in order of appearance.
  private func entities(of document: TextFile) throws(InputError) -> [String] {
    var rows = try CSVRows(document)
    guard let cell = rows.names.firstIndex(of: "entity_id") else { return [] }
    var names: [String] = []
    while rows.next() {
      let name = rows.text(cell)
      if names.last != name, !names.contains(name) { names.append(name) }
    }
    return names
  }

  func jsonInputs(
    _ tree: (root: JSONNode, index: LineIndex), zone: Zone
  ) throws(InputError) -> [GridInput] {
    let (root, index) = tree
    let lists = try stateLists(root, index)
    var inputs: [GridInput] = []
    for channel in source.channels {
      let own = lists.filter { $0.entity == channel.column }
      guard !own.isEmpty else {
        throw source.missing(channel.column, among: lists.map(\.entity))
      }
      let unit = own.compactMap { carriedUnit($0.states) }.first
      var builder = try ChannelBuilder(
        file: source.path, mapping: channel, carried: unit, window: window)
      for list in own {
        for state in list.states { add(state, to: &builder, zone: zone, index: index) }
      }
      inputs.append(builder.input(sampling: .held(maxAgeSeconds: source.maxAgeSeconds)))
    }
    return inputs
  }

  /// Lists of states by entity: `[[state]]`, or `{entity: [state]}` as the websocket answers.
  private func stateLists(
    _ root: JSONNode, _ index: LineIndex
  ) throws(InputError) -> [(entity: String, states: [JSONNode])] {
    if let members = (root["result"] ?? root).members {
      return members.map { ($0.name, $0.value.list ?? []) }
    }
    guard let outer = root.list else {
      throw InputError("a history is a list of lists of states", at: index.position(root.offset))
    }
    // A single list of states is taken as a list of one.
    let lists = outer.first?.list == nil ? [outer] : outer.map { $0.list ?? [] }
    var result: [(entity: String, states: [JSONNode])] = []
    for states in lists where !states.isEmpty {
      guard let entity = states[0]["entity_id"]?.text else {
        throw InputError(
          "the first state of a list must name its 'entity_id'",
          at: index.position(states[0].offset))
      }
      result.append((entity, states))
    }
    return result
  }

  private func carriedUnit(_ states: [JSONNode]) -> String? {
    for state in states {
      let attributes = state["attributes"] ?? state["a"]
      if let unit = attributes?["unit_of_measurement"]?.text { return unit }
    }
    return nil
  }

  private func add(
    _ state: JSONNode, to builder: inout ChannelBuilder, zone: Zone, index: LineIndex
  ) {
    let place = index.position(state.offset)
    let when = state["last_changed"] ?? state["last_updated"] ?? state["lc"] ?? state["lu"]
    let time: Int?
    if let seconds = when?.number {
      time = instantMS(seconds: seconds)
    } else {
      time = when?.text.flatMap { stamp($0, zone: zone) }
    }
    guard let time else {
      builder.reject(.badStamp, "the state has no readable 'last_changed'", at: place)
      return
    }
    builder.add(state["state"] ?? state["s"], at: time, position: place)
  }
}
