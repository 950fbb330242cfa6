import Documents
import Studies

/// Sliders over the sizes that were replayed, with the level of prices and the cost of capital.
///
/// Between replayed sizes values run straight. How far that may be off is told by leaving each replayed size out and
/// reading it from its neighbours: twice the distance, so rather more than less. Prices move the savings in proportion,
/// as if the battery were run the same; capital moves what is paid for the battery and what follows from that.
struct SizingExplorer {
  private let energies: [Double]
  private let powers: [Double]
  /// One list per energy, with one candidate per power.
  private let cells: [[SizingCandidate]]
  private let currency: String

  /// Takes the sizes of a study at the site as it is; nothing where fewer than two energies were replayed.
  init?(_ study: SizingStudy, currency: String) {
    let sizes = study.candidates.filter {
      !$0.isNoBattery && $0.run.product == nil && $0.run.site == 0
    }
    func cell(_ energy: Double, _ power: Double) -> SizingCandidate? {
      sizes.first { $0.energyKWh == energy && $0.powerKW == power }
    }
    var energies = Set(sizes.map(\.energyKWh)).sorted()
    var powers = Set(sizes.map(\.powerKW)).sorted()
    // A search leaves sizes out. Those that are left make a whole grid once the rows and columns that lack most are gone.
    while true {
      let rows = energies.map { energy in powers.count { cell(energy, $0) == nil } }
      let columns = powers.map { power in energies.count { cell($0, power) == nil } }
      guard let row = rows.indices.max(by: { rows[$0] < rows[$1] }),
        let column = columns.indices.max(by: { columns[$0] < columns[$1] }), rows[row] > 0
      else { break }
      if rows[row] * energies.count >= columns[column] * powers.count {
        energies.remove(at: row)
      } else {
        powers.remove(at: column)
      }
    }
    guard energies.count > 1 else { return nil }
    self.energies = energies
    self.powers = powers
    cells = energies.map { energy in powers.compactMap { cell(energy, $0) } }
    self.currency = currency
  }

  private func grid(_ value: (SizingCandidate) -> Double) -> JSONValue {
    .array(cells.map { row in .array(row.map { .number(value($0)) }) })
  }

  /// What the script reads.
  private var data: JSONValue {
    [
      "currency": .string(currency),
      "energies": .array(energies.map { .number($0) }),
      "powers": .array(powers.map { .number($0) }),
      "npv": grid(\.netPresentValue), "saving": grid(\.year1Savings), "capital": grid(\.capital),
      "by_price": grid(\.valueOfSavings), "by_capital": grid(\.valueOfPurchase),
    ]
  }

  private static func slider(
    _ name: String, _ label: String, _ range: ClosedRange<Double>, step: String, value: Double
  ) -> String {
    "<label>\(label) <output></output><input type=\"range\" name=\"\(name)\" min=\"\(range.lowerBound)\" "
      + "max=\"\(range.upperBound)\" step=\"\(step)\" value=\"\(value)\"></label>\n"
  }

  /// The part of the page.
  ///
  /// - Parameter best: The size that the sliders start at, where it is among those that were replayed.
  /// - Returns: Sliders and figures.
  func program(from best: SizingCandidate) -> PageProgram {
    let isInside = energies.contains(best.energyKWh) && powers.contains(best.powerKW)
    let start = isInside ? best : cells[0][0]
    var sliders = Self.slider(
      "energy", "energy", energies[0]...energies[energies.count - 1], step: "any",
      value: start.energyKWh)
    if powers.count > 1 {
      sliders += Self.slider(
        "power", "power", powers[0]...powers[powers.count - 1], step: "any", value: start.powerKW)
    }
    sliders += Self.slider("prices", "level of prices", 0.5...2, step: "0.01", value: 1)
    sliders += Self.slider("capital", "cost of capital", 0.3...1.7, step: "0.01", value: 1)
    return PageProgram(
      html: """
        <noscript><p>This part needs a browser that runs scripts.</p></noscript>
        <div class="explorer" id="explorer" hidden>
        <form>
        \(sliders)</form>
        <div class="figures" aria-live="polite"></div>
        <p class="note">Values run straight between the \(energies.count * powers.count) sizes that were replayed; ± is \
        how far they would be off if each of these were read from its neighbours. Prices move the savings in proportion, \
        as if the battery were run the same. 'wattif size' with the size, tariff and capital tells the exact value.</p>
        <script type="application/json">\(data.text().replacing("<", with: "\\u003c"))</script>
        </div>

        """,
      style: Self.style, script: Self.script)
  }

  private static let style = """
    .explorer form{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.6rem 1.4rem}
    .explorer label{display:grid;grid-template-columns:1fr auto;gap:0 .6rem;font-size:.9rem}
    .explorer input{grid-column:1/3;width:100%;accent-color:var(--accent)}
    .explorer output{font-variant-numeric:tabular-nums;font-weight:600}
    @media print{section:has(.explorer){display:none}}

    """

  /// Reads a place within the cells; `#energy=7&prices=1.1` in the address sets the sliders.
  private static let script = """
    {
      const root = document.getElementById('explorer');
      const data = JSON.parse(root.querySelector('script').textContent);
      const form = root.querySelector('form');
      const given = new URLSearchParams(location.hash.slice(1));
      for (const input of form.elements)
        if (input.name && given.has(input.name)) input.value = given.get(input.name);
      const place = (list, x) => {
        let i = 0;
        while (i < list.length - 2 && list[i + 1] <= x) i += 1;
        const t = list.length > 1 ? (x - list[i]) / (list[i + 1] - list[i]) : 0;
        return { i, j: Math.min(i + 1, list.length - 1), t: Math.min(1, Math.max(0, t)) };
      };
      const between = (grid, e, p) => {
        const row = i => grid[i][p.i] * (1 - p.t) + grid[i][p.j] * p.t;
        return row(e.i) * (1 - e.t) + row(e.j) * e.t;
      };
      const left = (value, list, k) => {
        if (k <= 0 || k >= list.length - 1) return null;
        const t = (list[k] - list[k - 1]) / (list[k + 1] - list[k - 1]);
        return Math.abs(value(k) - value(k - 1) * (1 - t) - value(k + 1) * t);
      };
      const largest = list => {
        const known = list.filter(v => v !== null);
        return known.length ? Math.max(...known) : null;
      };
      const money = v => v.toFixed(0).replace(/^-0$/, '0') + ' ' + data.currency;
      const size = (e, p) => Number(e.toFixed(2)) + ' kWh, ' + Number(p.toFixed(2)) + ' kW';
      const show = () => {
        const at = name => Number(form.elements[name].value);
        const energy = at('energy'), prices = at('prices'), capital = at('capital');
        const power = form.elements.power ? at('power') : data.powers[0];
        const worth = data.npv.map((row, i) => row.map((v, k) =>
          v + (prices - 1) * data.by_price[i][k] + (capital - 1) * data.by_capital[i][k]));
        const e = place(data.energies, energy), p = place(data.powers, power);
        const alongEnergy = largest([e.i, e.j].flatMap(i => [p.i, p.j].map(k =>
          left(n => worth[n][k], data.energies, i))));
        const alongPower = largest([e.i, e.j].flatMap(i => [p.i, p.j].map(k =>
          left(n => worth[i][n], data.powers, k))));
        const share = t => 4 * t * (1 - t);
        let error = 0;
        for (const [t, known] of [[e.t, alongEnergy], [p.t, alongPower]])
          if (share(t) > 1e-9) error = known === null || error === null ? null : error + share(t) * known;
        let best = [0, 0];
        worth.forEach((row, i) => row.forEach((v, k) => { if (v > worth[best[0]][best[1]]) best = [i, k]; }));
        const value = between(worth, e, p);
        const sure = error === null ? 'too few sizes were replayed to say how exact this is'
          : share(e.t) + share(p.t) < 1e-9 ? 'this size was replayed' : '± ' + money(error) + ' between sizes';
        const top = worth[best[0]][best[1]];
        const cards = [
          ['net present value', money(value), sure],
          ['saved in the first year', money(prices * between(data.saving, e, p)), ''],
          ['price of the battery', money(capital * between(data.capital, e, p)), ''],
          top > 0
            ? ['best size then', size(data.energies[best[0]], data.powers[best[1]]), 'net present value ' + money(top)]
            : ['best size then', 'none', 'the least loss is ' + size(data.energies[best[0]], data.powers[best[1]])],
        ];
        const figures = root.querySelector('.figures');
        figures.replaceChildren(...cards.map(parts => {
          const card = document.createElement('div');
          ['name', 'value', 'detail'].forEach((kind, i) => {
            const span = document.createElement('span');
            span.className = kind;
            span.textContent = parts[i];
            if (parts[i]) card.append(span);
          });
          return card;
        }));
        figures.dataset.value = value;
        figures.dataset.error = error === null ? '' : error;
        const words = { energy: energy.toFixed(1) + ' kWh', power: power.toFixed(1) + ' kW',
          prices: (100 * prices).toFixed(0) + ' %', capital: (100 * capital).toFixed(0) + ' %' };
        for (const input of form.elements)
          if (input.name) input.parentNode.querySelector('output').textContent = words[input.name];
      };
      form.addEventListener('input', show);
      show();
      root.hidden = false;
    }

    """
}
