import Forecasting
import TimeSeries

/// Forecasts as the mean of other versions, weighted by what each had cost in money before the day of the issue.
///
/// Each member is asked with its own weather. Members of equal values give exactly that value. What had to be
/// done to the values is the most that was done to any member that counts. There are quantiles where all members
/// that count have the same levels: means of theirs, level by level.
struct MoneyForecaster: Forecaster {
  /// A version that is followed.
  struct Member {
    var forecaster: any Forecaster
    var weather: WeatherForecasts?
  }

  private var members: [Member]
  private let weights: MoneyWeights
  private let zone: Zone

  init(_ members: [Member], weights: MoneyWeights, zone: Zone) {
    self.members = members
    self.weights = weights
    self.zone = zone
  }

  mutating func forecast(_ request: ForecastRequest) throws -> Forecast {
    let weights = weights.weights(onDay: zone.civil(at: request.issuedAt).dayNumber)
    var parts: [(forecast: Forecast, weight: Double)] = []
    for place in members.indices where weights[place] > 0 {
      var own = request
      own.weather = members[place].weather
      parts.append((try members[place].forecaster.forecast(own), weights[place]))
    }
    guard var mean = parts.first?.forecast else { preconditionFailure("weights sum to 1") }
    if parts.count == 1 { return mean }
    mean.values = Self.mean(parts.map { ($0.forecast.values, $0.weight) })
    for part in parts.dropFirst() { mean.counts.raise(to: part.forecast.counts) }
    guard parts.allSatisfy({ $0.forecast.quantileLevels == mean.quantileLevels }) else {
      return Forecast(grid: mean.grid, values: mean.values, counts: mean.counts)
    }
    mean.quantiles = mean.quantiles.indices.map { level in
      Self.mean(parts.map { ($0.forecast.quantiles[level], $0.weight) })
    }
    return mean
  }

  /// The weighted mean of columns; a missing value is left out.
  private static func mean(_ columns: [(values: [Double], weight: Double)]) -> [Double] {
    columns[0].values.indices.map { k in
      guard let base = columns.first(where: { $0.values[k].isFinite })?.values[k] else {
        return .nan
      }
      var sum = 0.0
      var total = 0.0
      for (values, weight) in columns where values[k].isFinite {
        // Around one of the values, so that equal ones leave exactly that.
        sum += weight * (values[k] - base)
        total += weight
      }
      return base + sum / total
    }
  }
}
