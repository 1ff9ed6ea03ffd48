// swift-tools-version: 6.2
import PackageDescription

// No dependencies: what is decided here can be tested in seconds and depends on nothing that touches the world.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let readmes = [
  "Access", "Activity", "BundleMonths", "Catalog", "CloudTokens", "Keys", "KnowledgeBases", "Metering", "Models",
  "Models/Routing",
  "Protection",
  "Resources",
  "Shared", "Teams",
].map { "\($0)/README.md" }

let package = Package(
  name: "Core",
  products: [.library(name: "Core", targets: ["Core"])],
  targets: [
    .target(name: "Core", exclude: readmes, swiftSettings: strict),
    .testTarget(name: "CoreTests", dependencies: ["Core"], swiftSettings: strict),
  ]
)
