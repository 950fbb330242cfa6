import Diagnostics
import Foundation

/// Reads a whole file.
///
/// - Throws: `InputError` that names the file and the reason.
func fileBytes(_ path: String) throws -> [UInt8] {
  let place = SourcePosition(file: path)
  if let problem = problemOfFile(path) { throw InputError(problem, at: place) }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw InputError("the file cannot be read", at: place)
  }
  return Array(data)
}

/// Says why a path is not that of a file, or nothing when it is.
func problemOfFile(_ path: String) -> String? {
  var isFolder: ObjCBool = false
  let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
  if !exists { return "no such file" }
  return isFolder.boolValue ? "a folder, not a file" : nil
}
