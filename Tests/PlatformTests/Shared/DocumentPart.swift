import Core

/// A catalog document written as literals.
indirect enum DocumentPart: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  case scalar(String)
  case list([DocumentPart])
  case map([(String, DocumentPart)])

  init(stringLiteral value: String) { self = .scalar(value) }
  init(integerLiteral value: Int) { self = .scalar("\(value)") }
  init(booleanLiteral value: Bool) { self = .scalar("\(value)") }
  init(arrayLiteral elements: DocumentPart...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, DocumentPart)...) { self = .map(elements) }

  var located: LocatedValue {
    switch self {
    case .scalar(let text): .scalar(text, line: 0)
    case .list(let elements): .list(elements.map(\.located), line: 0)
    case .map(let members):
      .map(members.map { LocatedValue.Member(key: $0, line: 0, value: $1.located) }, line: 0)
    }
  }
}
