"""Check a reviewer's corrections against the scored file that they are about, and make labelled rows of them.

Of a sentence only the strength is given on, as long as nobody corrected a source or a check in it: these are what the
rules found, and no labels. Where a reviewer did, that sentence gets all of them: what the reviewer left alone stands as
scored, unless the annotation guide rules it out beside what the reviewer said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from scorer.corrections import Correction, Refusal
from scorer.errors import InputError
from scorer.labelled import check_labelled
from scorer.labelled_rows import LEGAL, LabelledRow
from scorer.scored_table import ScoredRow, ScoredTable
from scorer.sentence_keys import sentence_key

LABELS: Final = ("strength", "source_type", "identification", "source", "verification")
"""The labels of a sentence that a reviewer can change."""

FIELDS: Final = (*LABELS, "note")
"""All that a reviewer can change."""

OUTCOMES: Final = ("changed", "confirmed", "noted", "repeated", "stale", "conflicting", "illegal")
"""What can become of a correction; the last three are refused."""

LABELLED_COLUMNS: Final = (
    *("doc", "text", "strength", "source_type", "identification", "source", "cue", "hedges", "verification"),
    *("reviewed", "was", "note", "key"),
)
"""What is written of each sentence; ``register`` and ``domain`` follow where the scored file has them."""

_PASSED: Final = ("register", "domain")
_QUOTED: Final = 60
"""Characters of a sentence that a message quotes."""


class Reviewed(NamedTuple):
    """A scored table with its corrections.

    Attributes
    ----------
    columns : tuple of str
        Of the rows.
    rows : list of dict
        Labelled sentences, document by document, as `scorer.labelled.read_labelled` reads them. ``reviewed`` is
        ``changed``, ``confirmed`` or empty, ``was`` the strength as scored.
    refused : list of Refusal
        The corrections that were not applied, in the order of the files.
    counts : dict of str to int
        Corrections by `OUTCOMES`; they add up to the rows of the files.
    n_documents, n_reviewed : int
        Documents in the rows, and sentences in them that a reviewer changed or confirmed.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    refused: list[Refusal]
    counts: dict[str, int]
    n_documents: int
    n_reviewed: int


def apply_corrections(
    table: ScoredTable,
    corrections: Sequence[Correction | Refusal],
    *,
    rescored: bool = False,
    only_corrected: bool = False,
) -> Reviewed:
    """Apply corrections to a scored table.

    Parameters
    ----------
    table : ScoredTable
        What the report was made from.
    corrections : sequence of Correction or Refusal
        From `scorer.corrections.read_corrections`.
    rescored : bool
        Whether to take corrections that were made from another scoring of the same text: those whose sentence is there
        in the same place, word for word.
    only_corrected : bool
        Whether to give only the sentences that a reviewer changed or confirmed; by default all sentences of their
        documents, since a sentence is read with its neighbours.

    Returns
    -------
    Reviewed
        Every correction is applied, counted as a repetition, or refused.
    """
    keys = {row.key: row for row in table.rows}
    places: dict[tuple[str, int | None], ScoredRow] = {(row.doc_id, row.start): row for row in table.rows}
    outcomes: dict[str, str | Refusal] = {}
    groups: dict[str, list[Correction]] = {}
    for correction in corrections:
        if isinstance(correction, Refusal):
            outcomes[correction.place] = correction
            continue
        row = _find(correction, table, keys, places, rescored)
        refusal = row if isinstance(row, Refusal) else _refusal(correction, row)
        if refusal is not None:
            outcomes[correction.place] = refusal
        elif isinstance(row, ScoredRow):
            groups.setdefault(row.key, []).append(correction)
    labelled: dict[str, dict[str, str]] = {}
    for key, group in groups.items():
        cells = _sentence(table, keys[key], group, outcomes)
        if cells:
            labelled[key] = cells
    refused = [outcome for row in corrections if isinstance(outcome := outcomes[row.place], Refusal)]
    tally = Counter(outcome.kind if isinstance(outcome, Refusal) else outcome for outcome in outcomes.values())
    return _collected(table, labelled, refused, {name: tally[name] for name in OUTCOMES}, only_corrected)


def _find(
    correction: Correction,
    table: ScoredTable,
    keys: Mapping[str, ScoredRow],
    places: Mapping[tuple[str, int | None], ScoredRow],
    rescored: bool,
) -> ScoredRow | Refusal:
    """Find the sentence that a correction is about, or say why it is not there any more."""
    place, text, field = correction.place, correction.text, correction.field
    if correction.made_from != table.sha256 and not rescored:
        made = f"a file whose SHA-256 begins {correction.made_from[:12]}" if correction.made_from else "an unknown file"
        return Refusal(
            place,
            "stale",
            f"made from {made}, that of {table.name} begins {table.sha256[:12]}; give the file that the report was "
            "made from, or --rescored if it holds the same text",
        )
    row = keys.get(correction.key)
    if row is None and correction.start is not None and correction.end is not None:
        # A spreadsheet takes a key of digits for a number, and rounds it; what it was made of stands beside it.
        row = keys.get(sentence_key(correction.doc_id, correction.start, correction.end, text))
    if row is None:
        row = places.get((correction.doc_id, correction.start))
        if row is None:
            reason = f"key '{correction.key}' is no sentence of {table.name}; export the corrections again"
            return Refusal(place, "illegal", reason)
    if row.text("text") != text:
        reason = f"the sentence in {table.name} is {_quoted(row.text('text'))}, not {_quoted(text)}; read it again"
        return Refusal(place, "stale", reason)
    if not rescored and field in LABELS and correction.old != row.text(field):
        reason = f"{field} was '{correction.old}', but is '{row.text(field)}' in {table.name}; export it again"
        return Refusal(place, "stale", reason)
    return row


def _refusal(correction: Correction, row: ScoredRow) -> Refusal | None:
    """Say what is illegal about a correction by itself."""
    field, new = correction.field, correction.new
    reason = ""
    if field not in FIELDS:
        reason = f"'{field}' is no field that a reviewer can change; these are: {', '.join(FIELDS)}"
    elif field in LEGAL and new not in LEGAL[field][1]:
        reason = f"'{new}' is not {LEGAL[field][0]}; use one of {', '.join(LEGAL[field][1])}"
    elif field == "source" and new not in row.text("text"):
        reason = f"source '{new}' is not in the sentence; copy the words to the letter"
    return Refusal(correction.place, "illegal", reason) if reason else None


def _sentence(
    table: ScoredTable, row: ScoredRow, group: Sequence[Correction], outcomes: dict[str, str | Refusal]
) -> dict[str, str]:
    """Give the labelled row of a corrected sentence, and tell `outcomes` what became of each of its corrections.

    Nothing is given where the corrections break the annotation guide.
    """
    agreed = _agreed(row, group, outcomes)
    said_more = agreed.keys() - {"strength"}
    broken = _broken(row, {"strength": row.text("strength")} | agreed) if said_more else ""
    seen: set[tuple[str, str]] = set()
    for correction in group:
        if correction.place in outcomes:
            continue
        said = (correction.field, correction.new)
        if broken:
            reason = f"{_name(row)}: {broken}: the annotation guide rules it out; correct the other label too"
            outcomes[correction.place] = Refusal(correction.place, "illegal", reason)
        elif said in seen:
            outcomes[correction.place] = "repeated"
        elif correction.field == "note":
            outcomes[correction.place] = "noted"
        else:
            outcomes[correction.place] = "confirmed" if correction.new == row.text(correction.field) else "changed"
        seen.add(said)
    if broken:
        return {}
    # Notes are no labels: what two reviewers wrote stands side by side.
    notes = [text for one in group for text in (one.new if one.field == "note" else "", one.note)]
    changed = any(value != row.text(field) for field, value in agreed.items())
    cells = _as_scored(table, row) | _labels(row, agreed)
    cells["note"] = " | ".join(dict.fromkeys(note for note in notes if note.strip()))
    cells["reviewed"] = "changed" if changed else "confirmed" if agreed else ""
    return cells


def _agreed(row: ScoredRow, group: Sequence[Correction], outcomes: dict[str, str | Refusal]) -> dict[str, str]:
    """Give the new value of each label of a sentence; where reviewers differ, `outcomes` says so."""
    agreed: dict[str, str] = {}
    for field in LABELS:
        given = [correction for correction in group if correction.field == field]
        if len({correction.new for correction in given}) == 1:
            agreed[field] = given[0].new
            continue
        for correction in given:
            other = next(one for one in given if one.new != correction.new)
            reason = f"{_name(row)}: {field} is '{correction.new}' here, but '{other.new}' in {other.place}; settle it"
            outcomes[correction.place] = Refusal(correction.place, "conflicting", reason)
    return agreed


def _labels(row: ScoredRow, agreed: Mapping[str, str]) -> dict[str, str]:
    """Give the labels of a sentence: what the reviewer said, and what the guide allows beside it."""
    labels = {"strength": row.text("strength")} | dict(agreed)
    if not agreed.keys() - {"strength"}:
        return labels
    # Without a source there is nobody to identify: that follows, and need not be said.
    sourceless = labels["strength"] == "not_a_claim" or labels.get("source_type") == "none"
    for field in ("source_type", "identification", "source", "verification"):
        if field not in agreed:
            none = "" if field == "source" else "none"
            likely = [none] if sourceless and field != "verification" else [row.text(field), none]
            labels[field] = next((value for value in likely if not _broken(row, labels | {field: value})), "")
    # The words that attach one source do not attach another.
    cue = row.text("cue") if labels["source"] == row.text("source") else ""
    labels["cue"] = "" if _broken(row, labels | {"cue": cue}) else cue
    return labels | {"hedges": row.text("hedges")}


def _broken(row: ScoredRow, labels: Mapping[str, str]) -> str:
    """Say what the annotation guide rules out among some labels of a sentence; one that is not there breaks nothing."""
    try:
        sentence = LabelledRow(Path("scored"), row.number, {"text": row.text("text"), **labels}).sentence({})
    except InputError as error:
        return str(error)
    return "; ".join(problem.removeprefix(": ") for problem in check_labelled([sentence], [""]))


def _as_scored(table: ScoredTable, row: ScoredRow) -> dict[str, str]:
    strength = row.text("strength")
    cells = dict.fromkeys(LABELLED_COLUMNS, "")
    cells |= {"doc": row.doc_id, "text": row.text("text"), "strength": strength, "was": strength, "key": row.key}
    return cells | {column: row.text(column) for column in _PASSED if column in table.columns}


def _collected(
    table: ScoredTable,
    labelled: Mapping[str, dict[str, str]],
    refused: list[Refusal],
    counts: dict[str, int],
    only_corrected: bool,
) -> Reviewed:
    columns = (*LABELLED_COLUMNS, *(column for column in _PASSED if column in table.columns))
    rows = list(_chosen(table, labelled, only_corrected))
    n_reviewed = sum(bool(row["reviewed"]) for row in rows)
    return Reviewed(columns, rows, refused, counts, len({row["doc"] for row in rows}), n_reviewed)


def _chosen(
    table: ScoredTable, labelled: Mapping[str, dict[str, str]], only_corrected: bool
) -> Iterator[dict[str, str]]:
    """Give the rows to write, document by document."""
    for rows in table.documents().values():
        # A note alone is no label, and does not make a document a reviewed one.
        if any(labelled.get(row.key, {}).get("reviewed") for row in rows):
            for row in rows:
                cells = labelled.get(row.key) or _as_scored(table, row)
                if cells["reviewed"] or not only_corrected:
                    yield cells


def _name(row: ScoredRow) -> str:
    return f"{row.doc_id}, sentence {row.text('sentence')}"


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= _QUOTED else f"“{text[:_QUOTED]}…”"
