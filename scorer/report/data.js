// The report's data, and what is asked of it. A sentence is a number, its place in the page's order, from 0.

const data = JSON.parse(byId("data").textContent);
const N = data.text.length;
const LABELS = data.labels;
const FIELDS = ["strength", "source_type", "identification", "source", "verification"];
const [ID, TITLE, LINK, DETAILS, FIRST, LENGTH, SCORE, COUNTS, ANONYMOUS, HEDGED, SOURCES, ACCOUNTABLE, ATTRIBUTED, TOP, TOP_NAME, REVIEW] =
  Array.from({ length: 16 }, (_, place) => place);
const [SOURCE_NAME, SOURCE_TYPE, SOURCE_IDENT, SOURCE_DOCS] = [0, 1, 2, 3];
const DOCS = data.docs;
const KIND = Object.fromEntries(data.kinds.map((name, place) => [name, place]));

const docOf = new Int32Array(N);
DOCS.forEach((doc, d) => docOf.fill(d, doc[FIRST], doc[FIRST] + doc[LENGTH]));

const digit = (column, i) => data[column].charCodeAt(i) - 48;
const strengthOf = (i) => digit("strength", i);
const keyOf = (i) => data.key.substr(16 * i, 16);
const titleOf = (d) => DOCS[d][TITLE] || DOCS[d][ID];
const docIdOf = (i) => (data.doc_ids ? data.doc_ids[i] : DOCS[docOf[i]][ID]);
const claimsOf = (doc) => doc[COUNTS].reduce((sum, n) => sum + n, 0) - doc[COUNTS][0];
const doubtfulOf = (doc) => doc[COUNTS][1] + doc[COUNTS][2];
const needsReview = (i) => data.review[i] === "1";
const confidenceOf = (i) => data.p[6 * i + strengthOf(i)] / 1e4;
const numberInDoc = (i) => i - DOCS[docOf[i]][FIRST] + 1;

/** Give the words of a sentence's own source, as its row has them. */
function sourceWords(i) {
  if (data.words[i] !== undefined) return data.words[i];
  const marks = data.marks[i];
  for (let m = 0; marks && m < marks.length; m += 3) {
    if (marks[m] === KIND.source) return data.text[i].slice(marks[m + 1], marks[m + 2]);
  }
  return "";
}

/** Give a field of a sentence as the model left it, in the words of the scored table. */
function original(i, field) {
  if (field === "source") return sourceWords(i);
  return field === "note" ? "" : LABELS[field][digit(field, i)];
}

let rowsBySource = null;
/** Give the sentences that hang on a source. */
function rowsOf(source) {
  if (!rowsBySource) {
    rowsBySource = data.sources.map(() => []);
    data.source.forEach((s, i) => s >= 0 && rowsBySource[s].push(i));
  }
  return rowsBySource[source];
}

const checkOf = new Map();
const spokenOf = new Map();
for (const [about, holder] of data.links) {
  checkOf.set(about, holder);
  spokenOf.set(holder, [...(spokenOf.get(holder) || []), about]);
}
const linkedTo = (i) => [...(checkOf.has(i) ? [checkOf.get(i)] : []), ...(spokenOf.get(i) || [])];

let lowered = null;
/** Tell whether a sentence, or the name of its source, holds some words (in lower case). */
function holds(i, wanted) {
  lowered = lowered || new Array(N);
  let text = lowered[i];
  if (text === undefined) {
    const source = data.source[i] >= 0 ? `\n${data.sources[data.source[i]][SOURCE_NAME]}` : "";
    text = lowered[i] = (data.text[i] + source).toLowerCase();
  }
  return text.includes(wanted);
}
