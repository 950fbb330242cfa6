/// What a page adds where scripts run: values under the pointer, and a choice among days.
///
/// Everything that it shows stands on the page without it. It reads the tables of the page, so that it shows the same
/// digits, and asks nothing of a network.
enum PageScript {
  static let text = """
    document.querySelectorAll('figure').forEach(figure => {
      const table = document.getElementById(figure.id.replace('chart', 'data'));
      const rows = table ? [...table.querySelectorAll('tr[data-x]')] : [];
      if (!rows.length) return;
      const places = rows.map(r => Number(r.dataset.x));
      const first = rows.filter((r, i) => i === 0 || r.closest('table') === rows[0].closest('table')).length;
      const heads = [...table.querySelectorAll('table')].map(t => [...t.querySelectorAll('th')].map(h => h.textContent));
      const note = document.createElement('div');
      note.className = 'hover';
      note.hidden = true;
      figure.append(note);
      figure.querySelectorAll('svg[data-left]').forEach(svg => {
        const left = Number(svg.dataset.left), right = Number(svg.dataset.right);
        const mark = document.createElementNS('http://www.w3.org/2000/svg', 'line');
        mark.setAttribute('class', 'zero');
        mark.setAttribute('y1', 0);
        mark.setAttribute('y2', svg.viewBox.baseVal.height);
        const leave = () => { note.hidden = true; mark.remove(); };
        svg.addEventListener('pointerleave', leave);
        svg.addEventListener('pointermove', event => {
          const box = svg.getBoundingClientRect();
          const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
          const share = (x - left) / (right - left);
          if (share < -0.02 || share > 1.02) return leave();
          let best = 0;
          for (let i = 1; i < first; i += 1)
            if (Math.abs(places[i] - share) < Math.abs(places[best] - share)) best = i;
          const at = left + places[best] * (right - left);
          mark.setAttribute('x1', at);
          mark.setAttribute('x2', at);
          svg.append(mark);
          const lines = [];
          heads.forEach((names, part) => {
            const cells = rows[part * first + best].children;
            if (part === 0) lines.push(cells[0].textContent);
            for (let k = 1; k < names.length; k += 1) lines.push(names[k] + '  ' + cells[k].textContent);
          });
          note.textContent = lines.join('\\n');
          note.hidden = false;
          note.style.top = (event.clientY - figure.getBoundingClientRect().top + 12) + 'px';
          const wide = figure.clientWidth - note.offsetWidth;
          note.style.left = Math.max(0, Math.min(wide, event.clientX - figure.getBoundingClientRect().left + 12)) + 'px';
        });
      });
    });
    document.querySelectorAll('.choice').forEach(group => {
      const parts = [...group.children];
      const select = document.createElement('select');
      parts.forEach((part, i) => select.append(new Option(part.querySelector('summary').textContent, i)));
      const show = () => parts.forEach((part, i) => {
        part.hidden = i !== select.selectedIndex;
        part.open = !part.hidden;
      });
      select.addEventListener('change', show);
      const label = document.createElement('label');
      label.append(group.dataset.label + ' ', select);
      group.prepend(label);
      group.classList.add('chosen');
      show();
    });

    """
}
