// A sentence as text with its source, cue, hedges and checks marked; marks may overlap.

function marked(i) {
  const text = data.text[i];
  const marks = data.marks[i];
  if (!marks) return [text];
  const edges = new Set([0, text.length]);
  for (let m = 0; m < marks.length; m += 3) edges.add(marks[m + 1]).add(marks[m + 2]);
  const places = [...edges].sort((a, b) => a - b);
  const nodes = [];
  for (let e = 0; e + 1 < places.length; e++) {
    const [from, to] = [places[e], places[e + 1]];
    const kinds = [];
    for (let m = 0; m < marks.length; m += 3) {
      if (marks[m + 1] <= from && to <= marks[m + 2]) kinds.push(`m-${data.kinds[marks[m]]}`);
    }
    const piece = text.slice(from, to);
    nodes.push(kinds.length ? el("span", { class: [...new Set(kinds)].join(" ") }, piece) : piece);
  }
  return nodes;
}
