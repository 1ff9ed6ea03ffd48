import Core
import Mustache

/// A labelled input with its hint and its problem.
struct InputView: Sendable {
  let name: String
  let label: String
  var type = "text"
  let value: String
  var autocomplete = "off"
  var hint: String?
  var error: String?
  var isRequired = false

  init(
    _ name: String, _ label: String, type: String = "text", value: String, autocomplete: String = "off",
    hint: String? = nil, isRequired: Bool = false, problems: [FieldProblem] = []
  ) {
    self.name = name
    self.label = label
    self.type = type
    self.value = value
    self.autocomplete = autocomplete
    self.hint = hint
    self.isRequired = isRequired
    error = problems.message(for: name)
  }
}

/// A labelled choice of one.
struct SelectView: Sendable {
  let name: String
  let label: String
  let options: [OptionView]
  let hint: String?
  let error: String?

  init(
    _ name: String, _ label: String, options: [OptionView], hint: String? = nil, problems: [FieldProblem] = []
  ) {
    self.name = name
    self.label = label
    self.options = options
    self.hint = hint
    error = problems.message(for: name)
  }
}

struct OptionView: Sendable {
  let value: String
  let label: String
  let isSelected: Bool
  var detail: String?
  /// True for what is listed and cannot be chosen.
  var isDisabled = false

  init(_ value: String, _ label: String, selected: String, detail: String? = nil) {
    self.value = value
    self.label = label
    self.detail = detail
    isSelected = value == selected
  }

  init(_ value: String, _ label: String, isSelected: Bool, detail: String? = nil) {
    self.value = value
    self.label = label
    self.detail = detail
    self.isSelected = isSelected
  }
}

/// Told apart without reflection: a list may have thousands of options.
extension OptionView: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "value": value
    case "label": label
    case "isSelected": isSelected
    case "detail": detail
    case "isDisabled": isDisabled
    default: nil
    }
  }
}

/// A header by which a table is sorted.
struct SortHeader: Sendable {
  let label: String
  let href: String
  /// `ascending` or `descending` for the header in force.
  let direction: String?
  let isNumeric: Bool

  init(
    _ label: String, column: String, sorted: String, isAscending: Bool, address: PageAddress, isNumeric: Bool = false
  ) {
    let isCurrent = column == sorted
    self.label = label
    self.isNumeric = isNumeric
    direction = isCurrent ? (isAscending ? "ascending" : "descending") : nil
    href = address.with([("sort", column), ("order", isCurrent && isAscending ? "descending" : "ascending")])
  }
}

extension [FieldProblem] {
  /// All that is wrong with a field, in one text.
  func message(for field: String) -> String? {
    filter { $0.field == field }.map(\.message).joined(separator: " ").nonEmpty
  }
}
