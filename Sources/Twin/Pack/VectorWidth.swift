internal import CTwinKernels

/// Machine code of the cell kernels by the width of its vectors; every width gives the same bits.
public enum VectorWidth: String, Sendable, CaseIterable {
  /// What every x86-64 or other CPU runs.
  case portable
  /// Vectors of four numbers.
  case avx2
  /// Vectors of eight numbers.
  case avx512

  /// The widest that this machine runs.
  public static let widest: VectorWidth = allCases.last(where: \.isAvailable) ?? .portable

  /// Whether this machine runs it.
  public var isAvailable: Bool { unsafe twin_kernels_for(code) != nil }

  private var code: Int32 {
    switch self {
    case .portable: Int32(TWIN_PORTABLE)
    case .avx2: Int32(TWIN_AVX2)
    case .avx512: Int32(TWIN_AVX512)
    }
  }

  /// The kernels; those of every CPU where this machine lacks the width.
  var kernels: UnsafePointer<twin_kernels> {
    unsafe twin_kernels_for(code) ?? twin_kernels_for(Int32(TWIN_PORTABLE))
  }
}
