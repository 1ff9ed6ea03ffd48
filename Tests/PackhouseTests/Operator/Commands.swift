import ArgumentParser
import Testing

@testable import packhouse

/// The operator's commands, as `packhouse` itself has them.
enum Commands {
  static let types: [any OperatorCommand.Type] = leaves(of: Packhouse.self).compactMap {
    $0 as? any OperatorCommand.Type
  }

  static let all: [Manual] = types.map { $0.manual }

  /// Commands without further ones below them.
  static func leaves(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    let below = command.configuration.subcommands
    return below.isEmpty ? [command] : below.flatMap(leaves)
  }
}

extension Manual: CustomTestStringConvertible {
  public var testDescription: String { command }
}
