// What the reviewer changed: kept in this browser for exactly this scored table, by the keys of its sentences.

const changes = (function () {
  const place = `scorer-report:${data.sha256}`;
  let kept = { changed: {}, confirmed: {} };
  let keeps = true;
  try {
    const read = JSON.parse(localStorage.getItem(place));
    if (read && typeof read.changed === "object" && typeof read.confirmed === "object") kept = read;
    localStorage.setItem(place, JSON.stringify(kept));
  } catch {
    keeps = false;
  }
  const rows = new Map();
  const rowOf = (key) => {
    if (!rows.size) for (let i = 0; i < N; i++) rows.set(keyOf(i), i);
    return rows.get(key);
  };
  const sorted = (keys) => keys.map(rowOf).filter((i) => i !== undefined).sort((a, b) => a - b);
  const api = {
    version: 0,
    keeps: () => keeps,
    of: (i) => kept.changed[keyOf(i)] || {},
    confirmed: (i) => Boolean(kept.confirmed[keyOf(i)]),
    touched: (i) => keyOf(i) in kept.changed || keyOf(i) in kept.confirmed,
    changed: (i) => keyOf(i) in kept.changed,
    value: (i, field) => {
      const mine = api.of(i)[field];
      return mine === undefined ? original(i, field) : mine;
    },
    strength: (i) => {
      const mine = api.of(i).strength;
      return mine === undefined ? strengthOf(i) : LABELS.strength.indexOf(mine);
    },
    set: (i, field, value) => {
      const key = keyOf(i);
      const mine = { ...kept.changed[key], [field]: value };
      if (value === original(i, field)) delete mine[field];
      if (Object.keys(mine).length) kept.changed[key] = mine;
      else delete kept.changed[key];
      if (field === "strength") delete kept.confirmed[key];
      store();
    },
    confirm: (i, yes) => {
      if (yes) api.set(i, "strength", original(i, "strength"));
      if (yes) kept.confirmed[keyOf(i)] = 1;
      else delete kept.confirmed[keyOf(i)];
      store();
    },
    undo: (i) => {
      delete kept.changed[keyOf(i)];
      delete kept.confirmed[keyOf(i)];
      store();
    },
    forget: () => {
      kept = { changed: {}, confirmed: {} };
      store();
    },
    rows: () => sorted(Object.keys(kept.changed)),
    confirmedRows: () => sorted(Object.keys(kept.confirmed)),
    touchedRows: () => sorted([...new Set([...Object.keys(kept.changed), ...Object.keys(kept.confirmed)])]),
    rowOf,
  };
  function store() {
    api.version++;
    try {
      localStorage.setItem(place, JSON.stringify(kept));
    } catch {
      keeps = false;
    }
  }
  return api;
})();
