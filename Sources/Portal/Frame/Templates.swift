import Mustache

/// The pages' templates, parsed once.
struct Templates: Sendable {
  private let library: MustacheLibrary

  /// Every template embedded as `templates/NAME.mustache`. They are part of the program, and a test parses each.
  init(_ assets: EmbeddedAssets) {
    MustacheContentTypes.register(EscapedHTML(), named: EscapedHTML.name)
    var library = MustacheLibrary()
    for (name, text) in Self.texts(assets) {
      do {
        // Each template names its content type: a partial does not inherit it.
        try library.register("{{% CONTENT_TYPE:\(EscapedHTML.name)}}\n" + text, named: name)
      } catch {
        preconditionFailure("The template \(name) cannot be parsed: \(error)")
      }
    }
    self.library = library
  }

  /// `view`'s stored properties are the template's names.
  func render(_ template: PageTemplate, _ view: some Sendable) -> String {
    guard let text = library.render(view, withTemplate: template.rawValue) else {
      preconditionFailure("The template \(template.rawValue) is not part of the program.")
    }
    return text
  }

  /// Text by name, partials included.
  static func texts(_ assets: EmbeddedAssets) -> [String: String] {
    let (start, end) = ("templates/", ".mustache")
    return assets.assets.reduce(into: [:]) { texts, asset in
      guard asset.key.hasPrefix(start), asset.key.hasSuffix(end) else { return }
      texts[String(asset.key.dropFirst(start.count).dropLast(end.count))] =
        String(decoding: asset.value.bytes, as: UTF8.self)
    }
  }
}

/// The templates that are rendered by themselves; the others are parts of them.
enum PageTemplate: String, Sendable, CaseIterable {
  case signIn = "sign-in"
  case setUp = "set-up"
  case fault
  case faultCard = "fault-card"
  case sessions
  case overview
  case consumption
  case keys
  case settings
  case documentation
  case controlCenter = "control-center"
  case provision
  case specification
  case resourceChange = "resource-change"
  case changeSpecification = "change-specification"
  case cloudTokens = "cloud-tokens"
  case status
  case members
  case company
  case invitation
}
