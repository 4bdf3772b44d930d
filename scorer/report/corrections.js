// Corrections as files: one row for each changed field, in the form that "scorer review apply" reads.

const COLUMNS = ["key", "doc_id", "sentence", "start", "end", "text", "field", "old", "new", "note", "made_from"];

/**
 * Give one object for each changed field. A strength that was confirmed has the same value before and after; a note with
 * nothing else is a row of its own.
 */
function corrections() {
  return changes.touchedRows().flatMap((i) => {
    const mine = changes.of(i);
    const note = mine.note || "";
    const fields = FIELDS.filter((field) => mine[field] !== undefined || (field === "strength" && changes.confirmed(i)));
    return (fields.length ? fields : ["note"]).map((field) => ({
      key: keyOf(i), doc_id: docIdOf(i), sentence: data.index[i], start: data.start[i], end: data.end[i], text: data.text[i],
      field, old: original(i, field), new: field === "note" ? note : changes.value(i, field), note,
    }));
  });
}

/**
 * Name the rules of the annotation guide that a corrected sentence breaks; "scorer review apply" refuses what does. Fields
 * that nobody corrected count only beside one that somebody did: by themselves they are what the rules found, no labels.
 */
function breaches(i) {
  const mine = changes.of(i);
  const found = [];
  const source = changes.value(i, "source");
  if (source && !data.text[i].includes(source)) found.push("breach.source");
  if (!FIELDS.some((field) => field !== "strength" && mine[field] !== undefined)) return found;
  const [strength, type, who, check] = ["strength", "source_type", "identification", "verification"].map((field) => changes.value(i, field));
  if (strength === "not_a_claim" && (type !== "none" || check !== "none")) found.push("breach.not_a_claim");
  if ((type === "none") !== (who === "none")) found.push("breach.none");
  if (strength === "moderate" && who !== "named" && who !== "role") found.push("breach.moderate");
  if (strength === "strong" && (who === "anonymous" || who === "vague")) found.push("breach.strong");
  if (strength === "verified" && check !== "verified") found.push("breach.verified");
  if (check === "verified" && strength !== "verified" && strength !== "strong") found.push("breach.checked");
  if (check === "unverified" && strength !== "unverified") found.push("breach.unverified");
  return found;
}

const cell = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value));

function asCsv() {
  const rows = corrections().map((found) => COLUMNS.map((name) => cell(name === "made_from" ? data.sha256 : found[name])).join(","));
  return `${[COLUMNS.join(","), ...rows].join("\r\n")}\r\n`;
}

function asJson() {
  const from = { file: data.file, sha256: data.sha256, model: data.model };
  return `${JSON.stringify({ format: data.format, made_from: from, corrections: corrections() }, null, 1)}\n`;
}

const exportName = (form) => `${data.file.replace(/\.[^.]*$/, "")}-corrections.${form}`;

/** Write a file's name so that a shell takes it for one word, whatever it holds. */
const shellWord = (name) => (/^[\w.+][\w.+-]*$/.test(name) ? name : `'./${name.replace(/'/g, "'\\''")}'`);

/** Save the corrections as a file. */
function exportAs(form) {
  const name = exportName(form);
  const blob = new Blob([form === "csv" ? asCsv() : asJson()], { type: form === "csv" ? "text/csv" : "application/json" });
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  announce(t("review.exported", { file: name, n: corrections().length }));
}

/** Take over the corrections of an export of this very table; give how many were taken and how many not. */
function loadExport(text) {
  const read = JSON.parse(text);
  if (!read || read.format !== data.format || !Array.isArray(read.corrections)) throw new Error("no export");
  let [n, skipped] = [0, 0];
  for (const found of read.corrections) {
    const i = changes.rowOf(found.key);
    const legal = found.field === "note" || found.field === "source" || (LABELS[found.field] || []).includes(found.new);
    if (i === undefined || !legal || typeof found.new !== "string") {
      skipped++;
      continue;
    }
    if (found.field === "strength" && found.new === original(i, "strength")) changes.confirm(i, true);
    else changes.set(i, found.field, found.new);
    if (typeof found.note === "string" && found.note) changes.set(i, "note", found.note);
    n++;
  }
  return { n, skipped };
}
