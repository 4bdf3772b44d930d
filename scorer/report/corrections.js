// Corrections as files: one row for each changed field, in the form that "scorer review apply" reads.

const COLUMNS = ["key", "doc_id", "sentence", "start", "end", "text", "field", "old", "new", "note", "made_from"];

/** Give one object for each changed field; a note with nothing else changed is a row of its own. */
function corrections() {
  const found = [];
  for (const i of changes.rows()) {
    const mine = changes.of(i);
    const note = mine.note || "";
    const fields = FIELDS.filter((field) => mine[field] !== undefined);
    for (const field of fields.length ? fields : ["note"]) {
      found.push({
        key: keyOf(i), doc_id: DOCS[docOf[i]][ID], sentence: data.index[i], start: data.start[i], end: data.end[i], text: data.text[i],
        field, old: original(i, field), new: field === "note" ? note : mine[field], note,
      });
    }
  }
  return found;
}

const cell = (value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value));

function asCsv() {
  const rows = corrections().map((found) => COLUMNS.map((name) => cell(name === "made_from" ? data.sha256 : found[name])).join(","));
  return `${[COLUMNS.join(","), ...rows].join("\r\n")}\r\n`;
}

function asJson() {
  const confirmed = changes.confirmedRows().map((i) => ({
    key: keyOf(i), doc_id: DOCS[docOf[i]][ID], sentence: data.index[i], start: data.start[i], end: data.end[i], text: data.text[i], strength: original(i, "strength"),
  }));
  const from = { file: data.file, sha256: data.sha256, model: data.model };
  return `${JSON.stringify({ format: data.format, made_from: from, corrections: corrections(), confirmed }, null, 1)}\n`;
}

/** Save the corrections as a file. */
function exportAs(form) {
  const name = `${data.file.replace(/\.[^.]*$/, "")}-corrections.${form}`;
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
    changes.set(i, found.field, found.new);
    if (typeof found.note === "string" && found.note) changes.set(i, "note", found.note);
    n++;
  }
  for (const found of read.confirmed || []) {
    const i = changes.rowOf(found.key);
    if (i !== undefined && !changes.changed(i)) changes.confirm(i, true);
  }
  return { n, skipped };
}
