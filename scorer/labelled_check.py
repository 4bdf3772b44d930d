"""Check labelled sentences: what the annotation guide says without exception, and no sentence twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scorer.labelled_rows import LEGAL, LabelledSentence, cuts_word
from scorer.labels import ACCOUNTABLE


def check_labelled(
    rows: Sequence[LabelledSentence], places: Sequence[str] | None = None, *, repeats: bool = False
) -> list[str]:
    """Name everything in labelled sentences that the annotation guide rules out.

    Parameters
    ----------
    rows : sequence of LabelledSentence
        All the sentences: repetitions are looked for among all of them.
    places : sequence of str, optional
        Where each row stands, for the messages; by default its document and order.
    repeats : bool
        Whether a claim may stand there twice, as in real news it does.

    Returns
    -------
    list of str
        One line for each problem; empty if all is well.
    """
    names = [f"{row.doc} {row.order}" for row in rows] if places is None else list(places)
    problems: list[str] = []
    first: dict[str, int] = {}
    next_order: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for position, (row, name) in enumerate(zip(rows, names, strict=True)):
        found = [*_value_faults(row), *_rule_faults(row)]
        if (row.doc, row.order) in seen:
            found.append(f"order {row.order} of document '{row.doc}' is given twice")
        elif row.order != next_order.get(row.doc, 0):
            found.append(f"order {row.order} of document '{row.doc}' where {next_order.get(row.doc, 0)} is next")
        seen.add((row.doc, row.order))
        next_order[row.doc] = row.order + 1
        earlier = first.setdefault(row.text, position)
        if not repeats and earlier != position and {row.strength, rows[earlier].strength} != {"not_a_claim"}:
            found.append(f"the same sentence as {names[earlier]}")
        problems.extend(f"{name}: {fault}" for fault in found)
    return problems


def _value_faults(row: LabelledSentence) -> Iterator[str]:
    for column, (name, legal) in LEGAL.items():
        value = getattr(row, column)
        if value not in legal and (value is not None or column == "strength"):
            yield f"{column} {value!r} is not {name}"
    spans = [("source", row.source), ("cue", row.cue), *(("hedges", span) for span in row.hedges)]
    for column, span in spans:
        if span is None:
            continue
        words = row.text[max(span.start, 0) : span.end]
        if not 0 <= span.start < span.end <= len(row.text):
            yield f"{column} {span.start}-{span.end} is not in the sentence, which has {len(row.text)} characters"
        elif words != words.strip() or cuts_word(row.text, span):
            yield f"{column} {words!r} does not begin and end with whole words"
    if list(row.hedges) != sorted(set(row.hedges)):
        yield "hedges are not in the order of their position, or one is there twice"


def _rule_faults(row: LabelledSentence) -> Iterator[str]:
    """Yield breaches of what the guide says without exception; fields that are not given break nothing."""
    strength, kind, who, check = row.strength, row.source_type, row.identification, row.verification
    attributed = kind not in (None, "none") or row.source is not None or row.cue is not None
    if strength == "not_a_claim" and (attributed or check not in (None, "none")):
        yield "not_a_claim has no source, cue or verification"
    if kind is not None and who is not None and (kind == "none") != (who == "none"):
        yield f"source_type {kind} does not go with identification {who}"
    if kind == "none" and (row.source is not None or row.cue is not None):
        yield "source_type none has no source and no cue"
    if strength == "moderate" and who is not None and who not in ACCOUNTABLE:
        yield f"moderate rests on an accountable source, not on identification {who}"
    if strength == "strong" and who in ("anonymous", "vague"):
        yield f"strong cannot rest on identification {who}"
    if strength == "verified" and check not in (None, "verified"):
        yield f"verified has verification verified, not {check}"
    if check == "verified" and strength not in ("verified", "strong"):
        yield f"verification verified makes a sentence verified or strong, not {strength}"
    if check == "unverified" and strength != "unverified":
        yield f"verification unverified makes a sentence unverified, not {strength}"
