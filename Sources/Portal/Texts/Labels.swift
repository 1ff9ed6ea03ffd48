import Core
import Platform

extension ResourceType {
  /// As a badge has it.
  var label: String {
    switch self {
    case .text: "Text generation"
    case .embeddings: "Embeddings generation"
    case .knowledgeBase: "Knowledge base"
    }
  }

  /// The tab in the Control Center. Rule R-1.
  var tabLabel: String {
    switch self {
    case .text: "Text Generation Resources"
    case .embeddings: "Embeddings Generation Resources"
    case .knowledgeBase: "Knowledge Base Resources"
    }
  }

  /// The heading above the models in the form. Rule R-2.
  var modelsLabel: String {
    switch self {
    case .text: "Available Text Generation Models"
    case .embeddings: "Available Embeddings Generation Models"
    case .knowledgeBase: "Embeddings Model"
    }
  }

  /// In the middle of a sentence: `a text generation resource`.
  var inSentence: String {
    switch self {
    case .text: "a text generation resource"
    case .embeddings: "an embeddings generation resource"
    case .knowledgeBase: "a knowledge base"
    }
  }

  /// In addresses.
  var slug: String {
    switch self {
    case .text: "text"
    case .embeddings: "embeddings"
    case .knowledgeBase: "knowledge-base"
    }
  }

  init?(slug: String) {
    guard let type = Self.allCases.first(where: { $0.slug == slug }) else { return nil }
    self = type
  }
}

/// A status with its colour. Rule R-1.
struct BadgeView: Sendable {
  let label: String
  let kind: String

  init(_ status: ResourceStatus) {
    label = status.rawValue
    kind =
      switch status {
      case .active: "good"
      case .planDowngradeScheduled, .capacityDecreaseScheduled, .deprovisioningScheduled: "wait"
      case .suspended: "bad"
      case .deprovisioned: "plain"
      }
  }

  init(_ status: KeyView.Status) {
    label = status.rawValue
    kind =
      switch status {
      case .active: "good"
      case .expired: "wait"
      case .revoked: "bad"
      }
  }
}

extension ModelVersion {
  /// The name with what has to be said of the model wherever it is named. Rule C-5.
  var labelledName: String { label.map { "\(displayName) (\($0))" } ?? displayName }
}

extension [ModelGroup] {
  /// Versions by family, a line each. Rule R-1.
  var lines: [String] { map { $0.versions.map(\.labelledName).joined(separator: ", ") } }
}
