// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let core: Target.Dependency = .product(name: "Core", package: "Core")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "packhouse",
  products: [.executable(name: "packhouse", targets: ["packhouse"])],
  dependencies: [
    .package(path: "Core"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(
      url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: [.defaults, "YAML"]),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CAssets", exclude: ["files"]),
    library("Dialects", [core]),
    library("Storage", [core, "CPostgres", .product(name: "GRDB", package: "GRDB.swift")]),
    library("OfflineModels", [core, "COpenBLAS"]),
    library(
      "Providers",
      [
        core, "Dialects", crypto, logging, nioCore, nioPosix, nioHTTP, nioSSL,
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
    library("Platform", [core, "Storage", crypto, cryptoExtras, lifecycle, logging]),
    library("Gateway", [core, "Dialects", "Platform", hummingbird, logging, nioCore]),
    library(
      "Portal",
      [core, "Platform", "CAssets", hummingbird, logging, .product(name: "Mustache", package: "swift-mustache")]),
    .executableTarget(
      name: "packhouse",
      dependencies: [
        core, "Dialects", "Storage", "OfflineModels", "Providers", "Platform", "Gateway", "Portal", "CAssets",
        hummingbird, hummingbirdCore, hummingbirdTLS, lifecycle, signals, logging, nioCore, nioPosix, nioSSL, crypto,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "upstream-simulator",
      dependencies: [nioCore, nioPosix, nioHTTP, .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .executableTarget(
      name: "stream-load",
      dependencies: [nioCore, nioPosix, nioHTTP, .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .executableTarget(
      name: "codec-probe",
      dependencies: [
        core, "Dialects", "CodecCorpus", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "company-history",
      dependencies: [core, "Storage", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .target(
      name: "CodecCorpus", dependencies: [core, "Dialects"], path: "Tests/CodecCorpus",
      exclude: ["Answers", "Requests"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: [core, "Storage", "Platform", crypto], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("StorageTests", [core, "Storage"]),
    tests(
      "DialectTests", [core, "Dialects", "CodecCorpus"],
      exclude: ["Members/lists", "Usage/make_usage_cases.py", "Usage/usage-cases.txt"]),
    .testTarget(
      name: "OfflineModelTests", dependencies: [core, "OfflineModels"], exclude: ["Golden/make_golden.py"],
      resources: [.copy("Golden/golden.json")], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
    tests("ProviderTests", [core, "Dialects", "Providers", nioCore, nioPosix, nioHTTP], exclude: ["Golden"]),
    .testTarget(
      name: "PackhouseTests",
      dependencies: [
        core, "Storage", "Platform", "Providers", "packhouse", hummingbird, lifecycle, logging, nioCore, nioPosix,
      ],
      swiftSettings: strict),
    tests("PlatformTests", [core, "Storage", "Platform", "Dialects", logging]),
    tests(
      "GatewayTests",
      [
        core, "Storage", "Platform", "Dialects", "Gateway", hummingbird, hummingbirdTesting, logging, nioCore,
        nioEmbedded,
      ]),
    tests("PortalTests", [core, "Storage", "Platform", "Portal", hummingbird, hummingbirdTesting]),
  ]
)
