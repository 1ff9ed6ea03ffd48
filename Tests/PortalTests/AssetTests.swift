import Core
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Embedded files")
struct AssetTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources/CAssets/files")

  @Test("The list of embedded files is the folder's, byte for byte")
  func listIsTheFolder() throws {
    let path = Self.folder.path(percentEncoded: false)
    let names = try #require(FileManager.default.enumerator(atPath: path)).compactMap { $0 as? String }
    let files = names.filter { !$0.split(separator: "/").last!.hasPrefix(".") && $0.contains(".") }
    let embedded = EmbeddedAssets().assets
    #expect(Set(files) == Set(embedded.keys).subtracting(["catalog.yaml"]))
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: file)))
      #expect(embedded[file]?.bytes == bytes, "\(file)")
    }
  }

  @Test("Styles and scripts are served with their fingerprint for a year, and again only where they changed")
  func served() async throws {
    try await withPortal { world in
      let page = try await world.stranger.get("/sign-in")
      let urls = page.text.matches(of: #/"(\/assets\/[^"]+)"/#).map { String($0.1) }
      #expect(urls.count == 3)
      for url in urls {
        let answer = try await world.stranger.get(url)
        #expect(answer.status == 200, "\(url)")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
        let tag = try #require(answer.headers[.eTag])
        let again = try await world.stranger.get(url, headers: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.text.isEmpty)
      }
      // What a script imports has no fingerprint and is asked for again.
      let part = try await world.stranger.get("/assets/scripts/forms.mjs")
      #expect(part.status == 200 && part.headers[.cacheControl] == "no-cache")
      #expect(part.headers[.contentType] == "text/javascript; charset=utf-8")
    }
  }

  @Test(
    "Nothing else of the program can be fetched",
    arguments: ["catalog.yaml", "templates/frame.mustache", "styles/../catalog.yaml", "styles/none.css", ""])
  func notServed(name: String) async throws {
    try await withPortal { world in
      let answer = try await world.stranger.get("/assets/\(name)")
      #expect(answer.status == 404)
    }
  }

  @Test("A first page with its style and scripts weighs under 60 KB")
  func weight() async throws {
    try await withPortal { world in
      let page = try await world.browser(world.ada).get("/")
      let assets = EmbeddedAssets().assets.filter { $0.key.hasPrefix("s") || $0.key.hasPrefix("icons") }
      #expect(page.text.utf8.count + assets.values.reduce(0) { $0 + $1.bytes.count } < 60_000)
    }
  }
}
