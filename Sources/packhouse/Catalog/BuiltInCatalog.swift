import CAssets
import Core

/// The catalog that is part of the program. Rule C-1.
enum BuiltInCatalog {
  static var text: String {
    var count = 0
    let assets = packhouse_assets(&count)
    for index in 0..<count where String(cString: assets[index].name) == "catalog.yaml" {
      return String(
        decoding: UnsafeBufferPointer(start: assets[index].bytes, count: assets[index].count), as: UTF8.self)
    }
    return ""
  }
}
