import Core
import Foundation
import Testing

@testable import Platform
@testable import Portal

/// Resources in every state, and what the list says of them.
extension PortalWorld {
  static let list = "/control-center/resources"
  static let day: Int64 = 86_400

  /// Provisioned by Ada for Bram, in the local region.
  @discardableResult
  func provisioned(
    _ name: String, _ type: ResourceType = .text, _ capacity: Capacity, embeddings: ResourceID? = nil,
    models: [ModelVersionID]? = nil
  ) async throws -> ResourceID {
    try await platform.resources.provision(
      ProvisionRequest(
        name: name, type: type, environment: .test, region: TestCatalog.local,
        models: models ?? (type == .text ? [TestCatalog.extractive] : [TestCatalog.miniLM]),
        embeddingsResource: embeddings, capacity: capacity, userName: bram.name, userEmail: bram.email),
      idempotencyKey: name, as: Caller(user: ada)
    ).resource
  }

  /// An embeddings resource and a knowledge base that uses it.
  func knowledgeBase() async throws -> (embeddings: ResourceID, knowledgeBase: ResourceID) {
    let embeddings = try await provisioned("Search", .embeddings, .units(1))
    let base = try await provisioned("Manuals", .knowledgeBase, TestCatalog.knowledgeBase, embeddings: embeddings)
    return (embeddings, base)
  }

  func path(_ id: ResourceID, _ deed: String) -> String { "\(Self.list)/\(id)/\(deed)" }

  /// "Adjust Plan" or "Save", as the page's form sends it.
  func send(
    _ browser: Browser, _ path: String, _ changes: [(String, String)], submission: String? = nil
  ) async throws -> Browser.Answer {
    let page = try await browser.get(path)
    return try await browser.post(path, FormOf(page.text).with(changes + [("action", "change")]))
  }
}

/// The last form of a page that is sent, as a browser without script would send it.
struct FormOf {
  private(set) var fields: [(String, String)] = []

  init(_ page: String) {
    let form = page.components(separatedBy: "<form").last { $0.contains("name=\"submission\"") } ?? ""
    for match in form.matches(of: #/<(input|select)([^>]*)>/#) {
      let tag = String(match.2)
      guard let name = Self.value("name", tag), name != "csrf" else { continue }
      if match.1 == "select" {
        let options = form[match.range.upperBound...].prefix { _ in true }.components(separatedBy: "</select>")[0]
        fields.append((name, Self.chosen(options)))
      } else if !tag.contains("type=\"checkbox\"") && !tag.contains("type=\"radio\"") || tag.contains(" checked") {
        fields.append((name, Self.value("value", tag) ?? ""))
      }
    }
  }

  /// The fields with some replaced.
  func with(_ changes: [(String, String)]) -> [(String, String)] {
    fields.filter { field in !changes.contains { $0.0 == field.0 } } + changes
  }

  subscript(_ name: String) -> String? { fields.first { $0.0 == name }?.1 }

  private static func value(_ attribute: String, _ tag: String) -> String? {
    guard let range = tag.range(of: " \(attribute)=\"") else { return nil }
    return String(tag[range.upperBound...].prefix { $0 != "\"" })
  }

  private static func chosen(_ options: String) -> String {
    let all = options.matches(of: #/<option value="([^"]*)"([^>]*)>/#)
    return (all.first { $0.2.contains("selected") } ?? all.first).map { String($0.1) } ?? ""
  }
}

/// A row of the list as its page has it.
struct ListRow {
  let text: String

  init(_ name: String, in page: String) throws {
    text = try #require(
      page.components(separatedBy: "<tr").first {
        $0.contains(">\(name)</a></td>") && $0.contains("data-label=\"Status\"")
      },
      "no row of \(name)")
  }

  /// What the three dots offer.
  var menu: [String] {
    text.components(separatedBy: "<summary").last.map { part in
      part.matches(of: #/<a href="[^"]*"(?: class="danger")?>([^<]+)<\/a>/#).map { String($0.1) }
    } ?? []
  }

  func href(_ item: String) -> String? {
    text.matches(of: #/<a href="([^"]*)"(?: class="danger")?>([^<]+)<\/a>/#).first { $0.2 == item }
      .map { String($0.1).replacing("&amp;", with: "&") }
  }
}
