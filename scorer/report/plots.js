// Small plots. Each says the same in words to those who do not see it.

const SHOWN_ORDER = [1, 2, 3, 4, 5, 0];

/** Say counts of strengths: "1 unverified, 3 weak". */
function inWords(counts) {
  return SHOWN_ORDER.filter((level) => counts[level]).map((level) => `${count(counts[level])} ${t(`strength.${LABELS.strength[level]}`)}`).join(", ");
}

/** Draw how claims divide over the strengths, weakest first. */
function strengthBar(counts) {
  const total = counts.reduce((sum, n) => sum + n, 0) - counts[0] || 1;
  const picture = svg("svg", { class: "bar", viewBox: "0 0 1000 12", preserveAspectRatio: "none", role: "img" }, svg("title", {}, inWords(counts)));
  let x = 0;
  for (const level of SHOWN_ORDER.slice(0, 5)) {
    const width = (1000 * (counts[level] || 0)) / total;
    if (width) picture.append(svg("rect", { class: `f${level}`, x: x.toFixed(1), y: 0, width: Math.max(1, width - 4).toFixed(1), height: 12 }));
    x += width;
  }
  return picture;
}

const strengthTag = (level, more = "") => el("span", { class: `tag l${level} ${more}` }, moon(level), t(`strength.${LABELS.strength[level]}`));
