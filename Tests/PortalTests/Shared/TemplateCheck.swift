/// Walks templates over what they are rendered with, and notes names that lead nowhere: Mustache prints nothing for
/// them. Shares no code with it.
struct TemplateCheck {
  let templates: [String: String]
  private(set) var problems: [String] = []
  private(set) var rendered: [String] = []
  private var shown: [String: Bool] = [:]

  /// Parts that no rendering reached, as `name.mustache: #section`.
  var neverShown: [String] { shown.filter { !$0.value }.map(\.key).sorted() }

  init(_ templates: [String: String]) { self.templates = templates }

  mutating func render(_ name: String, _ view: Any) { walk(name, [view], blocks: [:]) }

  private struct Block {
    let template: String
    let parts: [TemplatePart]
  }

  private mutating func walk(_ name: String, _ stack: [Any], blocks: [String: Block]) {
    guard let text = templates[name] else { return }
    rendered.append(name)
    walk(TemplatePart.parse(text), name, stack, blocks)
  }

  private mutating func walk(
    _ parts: [TemplatePart], _ template: String, _ stack: [Any], _ blocks: [String: Block]
  ) {
    for part in parts {
      switch part {
      case .variable(let name): _ = resolve(name, stack, template)
      case .partial(let name):
        if templates[name] == nil { note("\(template).mustache: there is no template \(name).") }
        walk(name, stack, blocks: [:])
      case .parent(let name, let inner):
        if templates[name] == nil { note("\(template).mustache: there is no template \(name).") }
        walk(name, stack, blocks: inner.mapValues { Block(template: template, parts: $0) })
      case .block(let name, let parts):
        if let block = blocks[name] {
          walk(block.parts, block.template, stack, [:])
        } else {
          walk(parts, template, stack, blocks)
        }
      case .section(let name, let parts):
        let items = items(resolve(name, stack, template))
        show("\(template).mustache: #\(name)", !items.isEmpty)
        for item in items { walk(parts, template, item.map { stack + [$0] } ?? stack, blocks) }
      case .inverted(let name, let parts):
        let isShown = items(resolve(name, stack, template)).isEmpty
        show("\(template).mustache: ^\(name)", isShown)
        if isShown { walk(parts, template, stack, blocks) }
      }
    }
  }

  private mutating func show(_ key: String, _ isShown: Bool) { shown[key] = shown[key] == true || isShown }

  private mutating func note(_ problem: String) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// What a section runs over: elements of a list, one value, or once with nothing new for a true flag (nil inside).
  private func items(_ value: Any?) -> [Any?] {
    guard let value else { return [] }
    if let flag = value as? Bool { return flag ? [nil] : [] }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .collection { return mirror.children.map { $0.value } }
    return [value]
  }

  private mutating func resolve(_ name: String, _ stack: [Any], _ template: String) -> Any? {
    if name.hasPrefix("empty("), name.hasSuffix(")") {
      let inner = String(name.dropFirst(6).dropLast())
      return resolve(inner, stack, template).map { Mirror(reflecting: $0).children.isEmpty } ?? true
    }
    if name == "." { return stack.last }
    let isLocal = name.hasPrefix(".")
    let words = name.split(separator: ".").map(String.init)
    let scopes = isLocal ? Array(stack.suffix(1)) : stack.reversed()
    for scope in scopes {
      switch child(words[0], of: scope) {
      case .absent: continue
      // Mustache looks further out where a value is nil: what is found there must not be shown in its place.
      case .none where !isLocal && scopes.count > 1 && leaks(words[0], scopes, from: scope):
        note("\(template).mustache: \(name) may be nil and would show another \(words[0]); write .\(words[0]).")
        return nil
      case .none: return nil
      case .value(let value): return descend(words.dropFirst(), value, name, template)
      }
    }
    note("\(template).mustache: \(name) names nothing.")
    return nil
  }

  private func leaks(_ word: String, _ scopes: [Any], from scope: Any) -> Bool {
    var wasSeen = false
    for other in scopes {
      if wasSeen, case .value = child(word, of: other) { return true }
      if case .none = child(word, of: other) { wasSeen = true }
    }
    return false
  }

  private mutating func descend(_ words: ArraySlice<String>, _ value: Any, _ name: String, _ template: String) -> Any? {
    guard let word = words.first else { return value }
    switch child(word, of: value) {
    case .absent:
      note("\(template).mustache: \(name) names nothing.")
      return nil
    case .none: return nil
    case .value(let value): return descend(words.dropFirst(), value, name, template)
    }
  }

  private enum Child { case absent, none, value(Any) }

  private func child(_ word: String, of value: Any) -> Child {
    guard let found = Mirror(reflecting: value).children.first(where: { $0.label == word }) else { return .absent }
    let mirror = Mirror(reflecting: found.value)
    guard mirror.displayStyle == .optional else { return .value(found.value) }
    return mirror.children.first.map { .value($0.value) } ?? Child.none
  }
}

/// A template, read into its parts; text between tags is left out.
indirect enum TemplatePart {
  case variable(String)
  case section(String, [TemplatePart])
  case inverted(String, [TemplatePart])
  case partial(String)
  case parent(String, [String: [TemplatePart]])
  case block(String, [TemplatePart])

  static func parse(_ text: String) -> [TemplatePart] {
    var tags = text.matches(of: #/\{\{\{?\s*([#^\/><$&]?)\s*([^}]+?)\s*\}?\}\}/#)
      .map { (String($0.1), String($0.2)) }[...]
    return parse(&tags)
  }

  private static func parse(_ tags: inout ArraySlice<(String, String)>) -> [TemplatePart] {
    var parts: [TemplatePart] = []
    while let (kind, name) = tags.popFirst() {
      switch kind {
      case "/": return parts
      case "#": parts.append(.section(name, parse(&tags)))
      case "^": parts.append(.inverted(name, parse(&tags)))
      case ">": parts.append(.partial(name))
      case "$": parts.append(.block(name, parse(&tags)))
      case "<":
        let blocks = parse(&tags).compactMap { part -> (String, [TemplatePart])? in
          if case .block(let name, let inner) = part { (name, inner) } else { nil }
        }
        parts.append(.parent(name, Dictionary(blocks, uniquingKeysWith: { first, _ in first })))
      default: parts.append(.variable(name))
      }
    }
    return parts
  }
}
