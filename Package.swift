// swift-tools-version: 6.2
import PackageDescription

/// The folders in `Sources` are the pipeline; a room may use only what stands above it here.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .strictMemorySafety(),
]

func system(_ name: String, _ package: String) -> Target {
  .systemLibrary(name: name, providers: [.apt([package])])
}

func library(_ name: String, uses dependencies: [String] = []) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: strict,
    linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))])
}

func tests(
  _ room: String, uses dependencies: [String] = [], resources: [Resource] = [],
  hasGolden: Bool = false
) -> Target {
  .testTarget(
    name: "\(room)Tests",
    dependencies: Set([room, "TestSupport"] + three + dependencies).sorted()
      .map { .byName(name: $0) },
    exclude: hasGolden ? ["Golden", "KeyCases"] : [], resources: resources)
}

let three = ["Diagnostics", "Numerics", "TimeSeries"]
let engine = three + ["Documents", "Tariffs", "Forecasting", "Twin", "Planning"]
let data = ["Telemetry", "Synthesis", "Store"]

let package = Package(
  name: "wattif",
  products: [
    .executable(name: "wattif", targets: ["wattif"]),
    .executable(name: "wattif-bench", targets: ["wattif-bench"]),
    .library(name: "Twin", targets: ["Twin"]),
    .library(name: "Planning", targets: ["Planning"]),
  ],
  targets: [
    system("CGLPK", "libglpk-dev"),
    system("CSQLite", "libsqlite3-dev"),
    system("COpenBLAS", "libopenblas-dev"),
    system("CXGBoost", "libxgboost-dev"),
    system("CExpat", "libexpat1-dev"),
    system("CYAML", "libyaml-dev"),
    system("CZlib", "zlib1g-dev"),
    .target(
      name: "GLPKGuard", dependencies: ["CGLPK"], linkerSettings: [.linkedLibrary("glpk")]),

    library("Diagnostics"),
    library("Numerics", uses: ["COpenBLAS"]),
    library("TimeSeries", uses: ["Diagnostics"]),
    library("Documents", uses: three + ["CExpat", "CYAML", "CZlib"]),
    library("Tariffs", uses: three + ["Documents"]),
    library("Telemetry", uses: three + ["Documents", "CSQLite"]),
    library("Synthesis", uses: three),
    library("Store", uses: three + ["CSQLite"]),
    library("Forecasting", uses: three + ["Documents", "CXGBoost"]),
    .target(
      name: "CTwinKernels",
      // Unrolled, the loops over a tile do not fit the first level of the instruction cache.
      cSettings: [
        .unsafeFlags([
          "-O3", "-fno-unroll-loops", "-ffp-contract=off", "-fno-math-errno", "-Wno-psabi",
        ])
      ]),
    library("Twin", uses: three + ["CTwinKernels"]),
    library("EarlyWarning", uses: three + ["Documents", "Telemetry", "Forecasting", "Twin"]),
    library("LinearPrograms", uses: ["CGLPK", "GLPKGuard"]),
    .target(
      name: "CPlanningKernels",
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno", "-Wno-psabi"])]),
    library("Planning", uses: three + ["Tariffs", "LinearPrograms", "CPlanningKernels"]),
    library("Replay", uses: engine),
    library("Studies", uses: engine + ["LinearPrograms", "Replay", "Store"]),
    library("Scenarios", uses: engine + data + ["EarlyWarning", "Replay", "Studies"]),
    library("Reports", uses: engine + ["Store", "EarlyWarning", "Replay", "Studies"]),
    library("CommandLine", uses: ["Diagnostics", "Documents"]),
    library(
      "Commands",
      uses: engine + data + [
        "EarlyWarning", "Replay", "Studies", "Scenarios", "Reports", "CommandLine",
      ]),
    .executableTarget(
      name: "wattif", dependencies: ["CommandLine", "Commands"], swiftSettings: strict),
    .target(name: "CBenchmarks", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .executableTarget(
      name: "wattif-bench",
      dependencies: (engine + data
        + [
          "LinearPrograms", "Replay", "Studies", "Scenarios", "Reports", "CXGBoost", "CBenchmarks",
        ])
        .map { .byName(name: $0) },
      path: "Sources/Benchmarks", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: (three + ["CommandLine"]).map { .byName(name: $0) },
      path: "Tests/TestSupport"),
    .target(
      name: "SiteSupport", dependencies: (engine + ["Replay"]).map { .byName(name: $0) },
      path: "Tests/SiteSupport"),
    tests("Diagnostics"),
    tests("Numerics"),
    tests("TimeSeries"),
    tests("Documents"),
    tests("Tariffs", uses: ["Documents"]),
    tests("Telemetry", uses: ["Documents"]),
    tests("Synthesis"),
    tests("Store"),
    tests("Forecasting", uses: ["Documents"]),
    tests("EarlyWarning", uses: ["Documents", "Telemetry", "Forecasting", "Twin"]),
    tests("Twin"),
    tests("LinearPrograms"),
    tests("Planning", uses: ["Tariffs", "LinearPrograms"]),
    tests("Replay", uses: engine + ["SiteSupport"]),
    tests("Studies", uses: engine + ["LinearPrograms", "Replay", "SiteSupport", "Store"]),
    tests("Scenarios", uses: engine + data + ["Replay", "Studies"]),
    tests("Reports", uses: engine + ["Replay", "Store", "Studies", "SiteSupport"]),
    tests("CommandLine"),
    tests(
      "Commands",
      uses: engine + data + [
        "EarlyWarning", "Replay", "Studies", "Scenarios", "Reports", "CommandLine",
      ],
      hasGolden: true),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestSupport", "wattif", "wattif-bench"],
      exclude: ["Scenarios"]),
  ],
  swiftLanguageModes: [.v6]
)
