internal import CTwinKernels

/// The numbers of a pack that move, in the layout of the kernels.
///
/// A pack writes to it only while it is the sole owner, and copies it before otherwise; that is what
/// makes the unchecked conformance sound.
@safe final class PackMemory: @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  /// Blocks of cells.
  let cells: UnsafeMutablePointer<Double>
  let cellDoubles: Int
  /// Groups and strings of the last step.
  let links: UnsafeMutablePointer<Double>
  let linkDoubles: Int
  /// Temperature and heat of the nodes that are not cells. [°C] [W]
  let commonC: UnsafeMutablePointer<Double>
  let commonW: UnsafeMutablePointer<Double>
  let commonCount: Int
  private let scratch: UnsafeMutablePointer<Double>
  private let sharing: UnsafeMutablePointer<Double>
  private let doubles: Int
  private let model: PackModel

  init(_ model: PackModel) {
    self.model = model
    cellDoubles = Int(twin_padded(model.cellCount)) * TWIN_COLUMNS
    commonCount = model.networks[0].commonCount(cellCount: model.cellCount)
    let groups = model.series * model.strings
    linkDoubles =
      TWIN_GROUP_COLUMNS * groups + TWIN_STRING_COLUMNS * model.strings
    let common = Int(twin_padded(commonCount))
    let scratchDoubles = Int(twin_padded(model.networks.map(\.scratchCount).max() ?? 0))
    let sharingDoubles = Int(twin_sharing_count(model.cellCount, model.parallel, model.strings))
    doubles =
      cellDoubles + Int(twin_padded(linkDoubles)) + 2 * common + scratchDoubles + sharingDoubles
    unsafe base = .allocate(byteCount: 8 * max(1, doubles), alignment: 64)
    let all = unsafe base.initializeMemory(as: Double.self, repeating: 0, count: max(1, doubles))
    unsafe cells = all
    unsafe links = all + cellDoubles
    unsafe commonC = links + Int(twin_padded(linkDoubles))
    unsafe commonW = commonC + common
    unsafe scratch = commonW + common
    unsafe sharing = scratch + scratchDoubles
  }

  init(copying other: PackMemory) {
    model = other.model
    cellDoubles = other.cellDoubles
    commonCount = other.commonCount
    linkDoubles = other.linkDoubles
    doubles = other.doubles
    unsafe base = .allocate(byteCount: 8 * max(1, doubles), alignment: 64)
    unsafe base.copyMemory(from: other.base, byteCount: 8 * max(1, doubles))
    let all = unsafe base.assumingMemoryBound(to: Double.self)
    unsafe cells = all
    unsafe links = all + (other.links - other.cells)
    unsafe commonC = all + (other.commonC - other.cells)
    unsafe commonW = all + (other.commonW - other.cells)
    unsafe scratch = all + (other.scratch - other.cells)
    unsafe sharing = all + (other.sharing - other.cells)
  }

  deinit { unsafe base.deallocate() }

  static func place(_ column: Int, _ cell: Int) -> Int {
    ((cell >> 3) * TWIN_COLUMNS + column) * TWIN_LANES + (cell & 7)
  }

  /// Makes the places after the last cell copies of it.
  func fillBlocks() {
    let count = model.cellCount
    for column in 0..<TWIN_COLUMNS {
      let last = unsafe cells[PackMemory.place(column, count - 1)]
      for j in count..<Int(twin_padded(count)) {
        unsafe cells[PackMemory.place(column, j)] = last
      }
    }
  }

  /// The pack in the form of the kernels; valid as long as this object.
  var view: twin_cells {
    unsafe twin_cells(
      cells: cells, links: links, sharing: sharing, count: model.cellCount, series: model.series,
      parallel: model.parallel, strings: model.strings, link_ohm: model.linkOhm)
  }

  func surroundings(ambientC: Double) -> twin_surroundings {
    unsafe twin_surroundings(
      common_c: commonC, common_w: commonW, ambient_c: ambientC, scratch: scratch)
  }
}
