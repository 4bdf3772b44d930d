"""What is taken for granted of labelled text that says less than it could, in words for its owner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scorer.labelled_rows import LabelledSentence

_LONGEST: Final = 60
"""Characters of a sentence that is quoted."""


def notes_on(rows: Sequence[LabelledSentence], paths: Sequence[Path]) -> list[str]:
    """Say what is taken for granted of labelled rows.

    Parameters
    ----------
    rows : sequence of LabelledSentence
        From `scorer.labelled.read_labelled`.
    paths : sequence of Path
        The files that they were read from.

    Returns
    -------
    list of str
        A line each; none if the rows say all that they could.
    """
    notes = []
    files = tuple(f"{path}:" for path in paths)
    alone = sum(row.doc.startswith(files) for row in rows)
    if alone:
        which = "no row names its document" if alone == len(rows) else f"{alone:,} rows do not name their document"
        notes.append(
            f"{which} (column doc): each is read by itself, so that “he” stands for nobody, and counts as a document "
            "of its own"
        )
    if rows and all(row.source_type is None for row in rows):
        notes.append(
            "no row has a source_type: source, cue and hedges are neither learnt from these rows nor measured on them"
        )
    strengths: dict[str, set[str]] = {}
    for row in rows:
        strengths.setdefault(row.text, set()).add(row.strength)
    unlike = [text for text, given in strengths.items() if len(given) > 1]
    if unlike:
        example = unlike[0] if len(unlike[0]) <= _LONGEST else unlike[0][:_LONGEST] + "…"
        what = "sentence is" if len(unlike) == 1 else "sentences are"
        notes.append(f"{len(unlike):,} {what} labelled in more than one way, such as “{example}”")
    return notes
