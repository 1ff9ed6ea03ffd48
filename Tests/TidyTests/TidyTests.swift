import Foundation
import Testing

@Suite("Tidiness")
struct TidyTests {
  /// Lines of a file: named limits of the style.
  static let mostLines = 400
  static let mostFunctionLines = 60

  /// What each target may import beside the standard library. The wall of docs/architecture.md.
  static let walls: [String: Set<String>] = [
    "Core/Sources/Core": ["Foundation", "Synchronization"],
    "Sources/Dialects": ["Core", "Foundation"],
    "Sources/Storage": [
      "Core", "Foundation", "Synchronization", "Dispatch", "GRDB", "GRDBSQLite", "CPostgres", "Glibc",
    ],
    "Sources/OfflineModels": ["Core", "Foundation", "Synchronization", "Dispatch", "COpenBLAS", "Glibc"],
    "Sources/Providers": [
      "Core", "Dialects", "AsyncHTTPClient", "Crypto", "Foundation", "Glibc", "NIOCore", "NIOHTTP1", "NIOPosix",
      "NIOSSL",
      "Synchronization",
    ],
    "Sources/Platform": [
      "Core", "Storage", "Crypto", "CryptoExtras", "Dispatch", "Foundation", "Glibc", "Logging", "ServiceLifecycle",
      "Synchronization",
    ],
    "Sources/Gateway": [
      "Core", "Dialects", "Platform", "Foundation", "Hummingbird", "HTTPTypes", "Logging", "NIOCore", "Synchronization",
    ],
    "Sources/Portal": [
      "Core", "Platform", "CAssets", "Crypto", "Foundation", "HTTPTypes", "Hummingbird", "Logging", "Mustache",
      "NIOCore",
      "Synchronization",
    ],
    "Sources/codec-probe": [
      "ArgumentParser", "CodecCorpus", "Core", "Dialects", "Foundation", "Glibc", "Synchronization",
    ],
    "Sources/company-history": ["ArgumentParser", "Core", "Storage"],
    "Sources/stream-load": ["ArgumentParser", "Foundation", "NIOCore", "NIOHTTP1", "NIOPosix"],
    "Sources/upstream-simulator": [
      "ArgumentParser", "Dispatch", "Foundation", "Glibc", "NIOCore", "NIOHTTP1", "NIOPosix", "Synchronization",
    ],
  ]

  /// Words that have a better one in docs/glossary.md, as parts of type names.
  static let bannedTypeWords = [
    "Manager", "Helper", "Util", "Utils", "Impl", "Base", "BillingPeriod", "Tenant", "Workspace",
  ]

  @Test("Each target imports only what its wall lets through", arguments: Self.walls.keys.sorted())
  func importsStayInside(target: String) throws {
    let allowed = try #require(Self.walls[target])
    for file in try SourceTree.swiftFiles(under: target) {
      for module in file.imports where !allowed.contains(module) {
        Issue.record("\(file.path) imports \(module), which \(target) may not. See docs/architecture.md.")
      }
    }
  }

  @Test("The wall finds a forbidden import where one is planted")
  func wallFinds() {
    let file = SourceFile(path: "Planted.swift", text: "import Core\npublic import GRDB\n@testable import Storage\n")
    #expect(file.imports == ["Core", "GRDB", "Storage"])
  }

  @Test("Files have at most 400 lines and functions at most 60")
  func lengths() throws {
    for file in try SourceTree.allSwiftFiles() {
      if file.lines.count > Self.mostLines {
        Issue.record("\(file.path) has \(file.lines.count) lines; split it by idea.")
      }
      for function in file.functions where function.length > Self.mostFunctionLines {
        Issue.record("\(file.path):\(function.line) has a function of \(function.length) lines.")
      }
    }
  }

  @Test("The length of a function is measured")
  func measuresFunctions() {
    let body = Array(repeating: "    step()", count: 61).joined(separator: "\n")
    let file = SourceFile(path: "Planted.swift", text: "struct A {\n  func long() {\n\(body)\n  }\n}\n")
    #expect(file.functions.map(\.length) == [63])
  }

  @Test("No type is named with a word that says nothing")
  func names() throws {
    for file in try SourceTree.allSwiftFiles() {
      for (name, word) in Self.bannedNames(in: file) {
        Issue.record("\(file.path) declares \(name); \"\(word)\" is a banned word of docs/glossary.md.")
      }
    }
  }

  @Test("A banned word is found where one is planted, and the names of the field are not")
  func namesFinds() {
    // Put together here, so that this file does not declare them itself.
    let (manager, tenant, util) = ("Manager", "Tenant", "Util")
    let lines = [
      "public final class Key\(manager) {}", "struct Base64 {}", "enum \(tenant)s {}", "// struct Note\(manager)",
      "private actor \(util)Box {}",
    ]
    let found = Self.bannedNames(in: SourceFile(path: "Planted.swift", text: lines.joined(separator: "\n")))
    #expect(found.map(\.name) == ["KeyManager", "Tenants", "UtilBox"])
  }

  @Test("What can trap or leak has no place in the sources")
  func traps() throws {
    for file in try SourceTree.productFiles() where !file.path.hasPrefix("Sources/packhouse") {
      for (line, trap) in Self.traps(in: file) { Issue.record("\(file.path):\(line) has \(trap)") }
    }
  }

  @Test("A trap is found where one is planted, outside of comments")
  func trapsFinds() {
    let text = "let a = try! b()\n  // never try!\nlet c = d as! E\nlet now = Date()\n"
    let found = Self.traps(in: SourceFile(path: "Planted.swift", text: text))
    #expect(found.map(\.line) == [1, 3, 4])
  }

  @Test("Unchecked Sendable stands in one reviewed file at most per target")
  func uncheckedSendable() throws {
    let files = try SourceTree.productFiles().filter { $0.text.contains("@unchecked Sendable") }
    let byTarget = Dictionary(grouping: files) { $0.path.split(separator: "/").prefix(2).joined(separator: "/") }
    for (target, files) in byTarget where files.count > 1 {
      Issue.record("\(target) has @unchecked Sendable in \(files.map(\.path).joined(separator: ", ")).")
    }
  }

  @Test("Every folder of Core has a README of 40 to 120 lines")
  func readmes() throws {
    for folder in try SourceTree.folders(under: "Core/Sources/Core") {
      let lines = (try? SourceTree.text("\(folder)/README.md"))?.split(
        separator: "\n", omittingEmptySubsequences: false)
      let count = lines?.count ?? 0
      if !(40...121).contains(count) { Issue.record("\(folder)/README.md has \(count) lines.") }
    }
  }

  private static func bannedNames(in file: SourceFile) -> [(name: String, word: String)] {
    file.typeNames.flatMap { name in
      bannedTypeWords.filter { word in
        // "Base64" and "Base62" are names of the field.
        let isOfTheField = word == "Base" && name.dropFirst(4).first?.isNumber == true
        return (name.hasSuffix(word) || name.hasPrefix(word)) && !isOfTheField
      }.prefix(1).map { (name, $0) }
    }
  }

  private static func traps(in file: SourceFile) -> [(line: Int, trap: String)] {
    let traps = ["try!", "as!", "fatalError(", "nonisolated(unsafe)", "TODO", "FIXME", "Date()", "Date.now"]
    return file.lines.enumerated().flatMap { number, line in
      line.drop(while: { $0 == " " }).hasPrefix("//")
        ? [] : traps.filter { line.contains($0) }.map { (number + 1, $0) }
    }
  }
}
