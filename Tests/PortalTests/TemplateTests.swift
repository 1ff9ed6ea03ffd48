import Core
import Testing

@testable import Platform
@testable import Portal

@Suite("Templates")
struct TemplateTests {
  @Test("Every name of every template is a property of what it is rendered with, and every part is shown by a sample")
  func namesResolve() async throws {
    try await withPortal { world in
      var check = TemplateCheck(Templates.texts(EmbeddedAssets()))
      for sample in try await ViewSamples(world).all() { check.render(sample.template.rawValue, sample.view) }
      for problem in check.problems.sorted() { Issue.record("\(problem)") }
      let rendered = Set(check.rendered)
      for name in Set(check.templates.keys).subtracting(rendered).sorted() {
        Issue.record("No sample renders \(name).mustache.")
      }
      for part in check.neverShown.sorted() { Issue.record("No sample shows \(part).") }
    }
  }

  @Test("A name that is no property is found, as is a part that is never shown")
  func canFind() {
    struct Inner: Sendable { let label: String; let note: String? }
    struct View: Sendable { let page: Inner; let rows: [Inner]; let isOpen: Bool }
    let view = View(
      page: Inner(label: "a", note: nil), rows: [Inner(label: "b", note: "c")], isOpen: true)
    var good = TemplateCheck([
      "t": "{{page.label}}{{#rows}}{{label}}{{.note}}{{page.note}}{{/rows}}{{#empty(rows)}}{{/empty(rows)}}"
    ])
    good.render("t", view)
    #expect(good.problems.isEmpty)
    var bad = TemplateCheck([
      "t": "{{page.lable}}{{#rows}}{{.page}}{{titel}}{{/rows}}{{^isOpen}}never{{/isOpen}}{{>missing}}"
    ])
    bad.render("t", view)
    #expect(
      bad.problems == [
        "t.mustache: page.lable names nothing.", "t.mustache: .page names nothing.", "t.mustache: titel names nothing.",
        "t.mustache: there is no template missing.",
      ])
    #expect(bad.neverShown == ["t.mustache: ^isOpen"])
  }

  @Test("Only markup of ours is printed as it is")
  func unescaped() {
    for (name, text) in Templates.texts(EmbeddedAssets()) {
      for match in text.matches(of: #/\{\{[{&]\s*([\w.]+)/#) {
        #expect(match.1 == "svg" || match.1 == "page.balance.svg", "\(name).mustache prints \(match.1) unescaped")
      }
      #expect(!text.contains(" style="), "\(name)")
      #expect(text.firstMatch(of: #/\son[a-z]+="/#) == nil, "\(name)")
    }
  }

  @Test("Every form that is sent carries its proof")
  func everyFormHasItsProof() {
    for (name, text) in Templates.texts(EmbeddedAssets()) {
      for form in text.split(separator: "<form").dropFirst() where form.prefix(120).contains("method=\"post\"") {
        let body = form.prefix(while: { _ in true }).split(separator: "</form>").first ?? ""
        #expect(body.contains("{{>csrf}}") || body.contains("name=\"csrf\""), "\(name).mustache: \(form.prefix(60))")
      }
    }
  }
}
