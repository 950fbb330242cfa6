import Foundation

/// Where measured data and reference cases lie, when the machine has them.
public enum RealData {
  /// Folder of the measured data sets, named by the variable `WATTIF_DATA`.
  public static var folder: String? { existing("WATTIF_DATA") }
  /// Folder of the computed reference cases, named by the variable `WATTIF_REFERENCE`.
  public static var reference: String? { existing("WATTIF_REFERENCE") }

  private static func existing(_ variable: String) -> String? {
    guard let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty,
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return path
  }
}
