import CommandLine
import Diagnostics
import Documents
import EarlyWarning
import Numerics
import Reports

extension ThermalCommand {
  /// Fits what did best, or what is wanted, and keeps it.
  func runTrain(_ context: CommandContext) throws -> ExitCode {
    let data = try rows(context)
    let seed = common.seed ?? 1
    let study = try study(data)
    let training: WarningTraining
    do {
      training = try WarningTraining(study, kind: models.first?.kind, seed: seed)
    } catch let refusal as WarningStudy.Refusal {
      throw InputError(refusal.description, at: SourcePosition(file: files[0]))
    }
    let alarms = training.score.alarms
    let file = WarningModelFile(
      model: training.model, columns: data.frames[0].columns, typicalSeconds: data.typicalSeconds,
      threshold: alarms.warned > 0 ? alarms.threshold : nil,
      provenance: [
        "files": .array((files + tests).map { .string($0) }), "rows": .integer(data.count),
        "runs": .integer(data.runNames.count), "seed": .string("\(seed)"),
        "split": .string(study.split.words),
        "scores": WarningScore.measures.json(training.score),
      ])
    let report = TrainingReport(training, file, savedAs: save)
    if let save { try FileWriter.write(file.json.text() + "\n", to: save) }
    if let folder = common.output {
      try context.write(
        WarningReport(study, falseShare: falseShare).csv, to: "scores.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "thermal.json", in: folder)
    }
    try write(report.page(title: title, falseShare: falseShare), context)
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }

  /// Says what a kept model says of every step.
  func runPredict(_ context: CommandContext) throws -> ExitCode {
    let file = try WarningModelFile(try context.read(modelFile ?? ""))
    let frame = try frame(files, file.columns, context)
    if frame.typicalSeconds != file.typicalSeconds {
      context.note(
        "warning: the model was fitted on steps of \(file.typicalSeconds) s, these are "
          + "\(frame.typicalSeconds) s apart")
    }
    let report = PredictionReport(file, try file.answer([frame]))
    if let folder = common.output {
      try context.write(report.csv, to: "warnings.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "thermal.json", in: folder)
    }
    try write(report.page(title: title), context)
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }
}
