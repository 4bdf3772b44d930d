"""What attribution can be had for less, or from others: a regular expression, TF-IDF, and peers that are installed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from attributing.rows import Found, Row

VERBS: Final = Path(__file__).parent / "report_verbs.txt"
_FOLDS: Final = 5
_LONG: Final = 40
"""Characters from which on a sentence that stands in two files shows that they share a document."""
_NAME: Final = (
    r"[A-Z][\w’'&-]*(?:\.?\s+(?:(?:of|for|the|de|la|al|bin|van|von|and)\s+){0,2}[A-Z][\w’'&-]*)*(?:\s+[a-z-]+){0,2}?"
)
_PRONOUN: Final = r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I)\b"
_LEAD: Final = (
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Ss]ome|[Mm]any|[Ss]everal|[Tt]wo|[Tt]hree|[Oo]ne)"
)
_SMALL: Final = r"(?:at|by|for|from|in|of|on|to|with|that|as|after|before|during|who|which|and|when|while)"
_PLURAL: Final = r"\b(?!(?:is|was|has|does|this|as|its|his)\b)[a-z-]+s\b"
_BEFORE: Final = rf"(?:{_PRONOUN}|{_LEAD}(?:\s+[\w’'-]+){{1,6}}?|{_NAME}|{_PLURAL})"
_AFTER: Final = rf"(?:{_PRONOUN}|{_NAME}|{_LEAD}(?:\s+(?!{_SMALL}\b)[\w’'-]+){{1,5}}|{_PLURAL})"
_ASIDE: Final = r"(?:,[^,]{1,80},)?"
_HELP: Final = r"(?:(?:has|have|had)\s+)?(?:(?:also|later|earlier|[a-z]+ly)\s+)?"
_QUOTATION: Final = re.compile(r"[“\"][^”\"]*[”\"]?")


def regex_baseline(path: Path = VERBS) -> Callable[[str], Found]:
    """Make the classic: a name or a short noun phrase beside a verb of a list, or after "according to".

    Of several matches the leftmost counts; what stands in quotation marks is masked.
    """
    forms: dict[str, list[str]] = {}
    kind = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            forms.setdefault(kind, []).extend(re.escape(form.strip()) for form in line.split(","))
    verb = rf"(?:{'|'.join(forms['verbs'])})\b"
    preposition = rf"(?i:{'|'.join(forms['prepositions'])})"
    patterns = [
        re.compile(rf"(?P<source>{_BEFORE}){_ASIDE}\s+(?P<cue>{_HELP}{verb})"),
        re.compile(rf"[,”\"’']\s*(?P<cue>{verb})\s+(?P<source>{_AFTER})"),
        re.compile(rf"(?P<cue>{preposition})\s+(?P<source>{_AFTER})"),
    ]

    def find(text: str) -> Found:
        masked = _QUOTATION.sub(lambda match: match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1:], text)
        matches = [match for pattern in patterns if (match := pattern.search(masked))]
        if not matches:
            return Found()
        first = min(matches, key=lambda match: match.start())
        return Found(text[slice(*first.span("source"))], text[slice(*first.span("cue"))])

    return find


def tfidf_baseline(train_rows: Sequence[Row], rows: Sequence[Row]) -> list[Found]:
    """Guess whether a sentence has a source, with TF-IDF over words and word pairs and a logistic regression.

    Learns from those documents of the training rows that share no sentence with the rows. Where these are fewer than
    half, the rows are guessed in folds of whole documents, each by what was learnt from the others.
    """
    labelled = [row for row in rows if row.source is not None]
    seen = {row.text for row in rows if len(row.text) >= _LONG}
    shared = {row.doc for row in train_rows if row.text in seen}
    kept = [row for row in train_rows if row.doc not in shared and row.source is not None]
    guesses: dict[int, bool] = {}
    if kept and 2 * len(shared) <= len({row.doc for row in train_rows}):
        guesses.update(_learnt(kept, labelled))
    else:
        documents = list(dict.fromkeys(row.doc for row in labelled))
        for fold in range(_FOLDS):
            held = set(documents[fold::_FOLDS])
            train = [row for row in labelled if row.doc not in held]
            guesses.update(_learnt(train, [row for row in labelled if row.doc in held]))
    return [Found(row.text if guesses.get(id(row)) else "") for row in rows]


def _learnt(train: Sequence[Row], rows: Sequence[Row]) -> Iterator[tuple[int, bool]]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = [bool(row.source) for row in train]
    if not rows:
        return
    if len(set(labels)) < 2:
        yield from ((id(row), any(labels)) for row in rows)
        return
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2 if len(train) > 100 else 1, sublinear_tf=True)
    pipeline = make_pipeline(words, LogisticRegression(C=10, max_iter=3000, class_weight="balanced"))
    pipeline.fit([row.text for row in train], labels)
    yield from zip(map(id, rows), map(bool, pipeline.predict([row.text for row in rows])), strict=True)


def textacy_peer(pipeline: str) -> Callable[[str], Found]:
    """Make textacy's extraction of direct quotations, over a spaCy pipeline; raises ImportError without either."""
    triples = importlib.import_module("textacy.extract.triples")
    try:
        parse = importlib.import_module("spacy").load(pipeline)
    except OSError as error:
        raise ImportError(f"no spaCy pipeline {pipeline!r}") from error
    return lambda text: first_quotation(triples.direct_quotations(parse(text)))


def first_quotation(quotations) -> Found:
    """Take speaker and cue of the first quotation; each is a list of spaCy tokens."""
    for speaker, cue, _ in quotations:
        return Found(" ".join(token.text for token in speaker), " ".join(token.text for token in cue))
    return Found()
