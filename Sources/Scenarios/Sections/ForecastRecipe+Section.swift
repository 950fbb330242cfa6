import Diagnostics
import Documents
import Forecasting

extension ForecastRecipe {
  /// Reads a recipe with its settings.
  init?(_ reader: MappingReader) {
    guard let node = reader.node("kind"),
      let kind = reader.context.kind(node, named: "kind")
    else { return nil }
    var recipe = ForecastRecipe(kind)
    switch kind {
    case .ridge, .blendClassical:
      reader.readTraining(into: &recipe)
    case .trees, .treesMedian, .treesDeciles, .blend, .aurora:
      reader.readTraining(into: &recipe)
      recipe.treeRounds = reader.optionalInteger("rounds")
    case .corrector:
      recipe.correctedKind =
        reader.node("corrects").flatMap { reader.context.kind($0, named: "corrects") }
        ?? recipe.correctedKind
      reader.readTraining(into: &recipe)
    case .historyScenarios:
      recipe.scenarioCount = reader.integer("scenarios", default: recipe.scenarioCount)
    case .program:
      if let command = reader.optionalTexts("command"), !command.isEmpty {
        var program = ProcessForecaster.Settings(command: command)
        for word in command where TextFile.problem(of: word) == nil { reader.context.reads(word) }
        program.timeoutSeconds = reader.number(
          "timeout_s", default: program.timeoutSeconds)
        program.historyDays = reader.integer(
          "history_days", default: program.historyDays)
        program.answersPath = reader.optionalPath("answers")
        recipe.program = program
      }
    case .oracleNoise:
      recipe.noise.deviationFraction = reader.number(
        "deviation_fraction", default: recipe.noise.deviationFraction)
      recipe.noise.correlationPerHour = reader.number(
        "correlation_per_hour", default: recipe.noise.correlationPerHour)
      recipe.noise.scale = reader.number("scale", default: recipe.noise.scale)
      if let hours = reader.optionalNumber("shift_h", .within(-8784...8784)) {
        recipe.noise.shiftSeconds = Int((hours * 3600).rounded())
      }
      recipe.noise.offset = reader.number("offset", default: recipe.noise.offset)
    case .moneySelected, .moneyWeighted:
      recipe.windowDays = reader.optionalInteger("window_days")
    case .external:
      recipe.externalVersion = reader.optionalText("external_version")
      recipe.maxAgeHours = reader.optionalNumber("max_age_h")
    default: break
    }
    if kind.isMadeFromPast { recipe.adaptiveRate = reader.optionalNumber("adaptive_rate") }
    recipe.isByPlane = reader.boolean("by_plane", default: false)
    guard
      let checked = reader.attempt({ () throws -> ForecastRecipe in
        try recipe.validate()
        return recipe
      })
    else {
      return nil
    }
    self = checked
  }

  static func missingKind(_ reader: MappingReader) -> ForecastRecipe? {
    _ = reader.requiredNode("kind")
    return nil
  }
}

extension MappingReader {
  /// Reads when a learned version is fitted, and on what.
  fileprivate func readTraining(into recipe: inout ForecastRecipe) {
    if let node = node("refit_days") {
      recipe.refitDays =
        node.scalar?.text == "never" ? nil : context.integer(node, named: "refit_days", 0...Int.max)
    }
    recipe.trainingDays = optionalInteger("training_days")
  }
}

extension ForecastRecipe.Kind {
  /// All kinds, for a note.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension DecodingContext {
  /// Reads the name of a forecaster.
  func kind(_ node: YAMLNode, named key: String) -> ForecastRecipe.Kind? {
    guard let text = text(node, named: key) else { return nil }
    if let kind = ForecastRecipe.Kind(rawValue: text) { return kind }
    let near = suggestion(for: text, among: ForecastRecipe.Kind.allCases.map(\.rawValue))
    error(
      "unknown forecaster '\(text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
      at: node.position, notes: near == nil ? ["kinds: \(ForecastRecipe.Kind.names)"] : [])
    return nil
  }
}
