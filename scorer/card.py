"""The model card: what a model is for, what it learnt from, how well it does, and what it must not be used for.

Written from the manifest and the metrics of a model folder, so that it cannot say anything else than they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from scorer.comparison_text import comparison_tables
from scorer.evaluate_text import (
    abstention_table,
    class_reliability_table,
    class_tables,
    confusion_table,
    figure_table,
    reliability_table,
    slice_tables,
)
from scorer.labels import STRENGTHS

_LABELS: Final = (
    ("not_a_claim", "puts no claim before the reader: address, byline, date line, bare question, fragment"),
    ("unverified", "hearsay, or with a warning: explicitly unverified, unknown, a rumour, nobody there as a source"),
    ("weak", "on a source that cannot be held to account; or hedged; or contested; or an accusation"),
    ("moderate", "on the unhedged word of an accountable source: a named person or body, or one unique role"),
    ("strong", "flatly in the outlet's own voice; or on a record that can be looked up; or confirmed by an authority"),
    ("verified", "with the check itself shown: independently verified, seen by the outlet, two independent sources"),
)
_USE: Final = """\
## Intended use

To show an editor, fact-checker or researcher on what footing an English news text puts each of its claims, so that they
know where to look first: who vouches for a claim, how it is hedged, whether a check is reported. It works on sentences
inside their document. A person decides what follows from that, and reads first what is marked `needs_review`.

## It must not be used

- to say whether a claim is true, or whether an outlet, author or source is honest: a false claim can stand on a strong
  footing, and a true one on hearsay;
- to block, rank, demote or demonetise texts or people without a person who reads the text;
- to rate people: a witness who stays unnamed for good reason is no worse a witness;
- on languages other than English, or on kinds of text that it was not measured on.

## Factors

What it was seen to depend on: the register (table below); how a source is introduced, and whether the document is
given whole (a pronoun or a surname alone is typed by earlier sentences); shares of strengths (above). What it should
not depend on is under fairness."""
_FAIRNESS: Final = """\
## Fairness

- Names and numbers are folded into one word each before word n-grams are counted, so that no weight hangs on a person,
  a country or a place. The word lists know countries, capitals, armies and outlets as sources, all alike.
- Tests swap people's names, nationalities and genders in sentences of every footing and require the same label
  (`tests/cases/invariances.tsv`). That is a check on some hundred pairs, no proof.
- The scale follows journalists' convention of accountability: ministries and police count as accountable, an unnamed
  refugee does not. Text that quotes officials by name gets a higher score than text that protects its sources, whoever
  is right. Compare texts of one kind; don't read a score as merit.
- The word lists are of edited British and American news. Translated English and English of other regions is rarer in
  the training text; compare its registers in the table below."""
_LIMITS: Final = """\
## Limits

- The figures are of documents that the folds held out, not of another writer, outlet or annotator. Text from elsewhere
  is harder: measure on your own, labelled by people (`scorer evaluate`).
- A probability is calibrated for the mix of strengths named above. Where the shares differ, so will the calibration;
  `--prior` fits it to another mix.
- Irony, long chains of sources, translated word order, and checks that are told many sentences away are hard for it.
- It knows nothing of the world. What is common knowledge and what is absurd look the same to it.
- Hedges and checks come from rules and word lists alone. Which cue vouches for a claim, and of what kind its source is,
  is weighed by what was learnt from the same text (where that labels sources); an error there is the commonest cause of
  a wrong strength."""


def model_card(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Write the model card.

    Parameters
    ----------
    manifest : mapping
        As ``manifest.json`` has it.
    metrics : mapping
        As ``metrics.json`` has it; where it lacks an evaluation, the card says that nothing was measured.

    Returns
    -------
    str
        Markdown, ending in a line feed.
    """
    parts = ["# Model card: evidential strength of news sentences", _what(manifest), _USE, _learnt(manifest)]
    parts += _measured(metrics) if "figures" in metrics else ["## How well it does\n\nNothing was measured."]
    return "\n\n".join([*parts, _FAIRNESS, _LIMITS]) + "\n"


def _what(manifest: Mapping[str, Any]) -> str:
    settings, lexicon = manifest["settings"], manifest["lexicon"]
    versions = ", ".join(f"{name} {number}" for name, number in manifest["versions"].items())
    review = manifest.get("review", {})
    asked = (
        f"\n\n`needs_review` marks sentences whose label has a probability below {review['below']:.3f}: out of fold "
        f"and in this mix, the others were right {review['target']:.0%} of the time."
        if review
        else ""
    )
    return (
        "A multinomial logistic regression over what rules and word lists find in a sentence and what its document "
        f"says of it, and over word n-grams: {manifest['features']['count']:,} features, C = {settings['C']:g}, "
        f"probabilities calibrated with one temperature ({manifest['temperature']:.3f}). "
        f"Word lists: {lexicon['entries']:,} entries, fingerprint `{lexicon['fingerprint'][:12]}`. "
        f"Made with {versions}; random state {settings['random_state']}."
        f"\n\nProbabilities are made for text with {_mix(settings['prior'])}.{asked}"
        f"\n\n`score` is the {manifest['score_meaning']}."
    )


def _mix(prior: Sequence[float] | None) -> str:
    if prior is None:
        return "the shares of strengths of the labelled text"
    return ", ".join(f"{share / sum(prior):.1%} {name}" for name, share in zip(STRENGTHS, prior, strict=True))


def _learnt(manifest: Mapping[str, Any]) -> str:
    files = manifest["trained_on"]
    n_rows, n_documents = (sum(file[what] for file in files) for what in ("rows", "documents"))
    lines = [
        "## What it learnt from",
        "",
        "What the six labels say of a sentence (in full: `docs/annotation-guide.md`):",
        "",
        *(f"- `{name}`: {meaning}." for name, meaning in _LABELS),
        "",
        f"Labelled by: {manifest['labels_by']}.",
        "",
        f"{n_rows:,} sentences in {n_documents:,} documents:",
        "",
        "| file | sentences | documents | sha256 |",
        "| --- | ---: | ---: | --- |",
        *(f"| {file['file']} | {file['rows']} | {file['documents']} | `{file['sha256'][:16]}` |" for file in files),
        *_weights(files),
    ]
    return "\n".join(lines)


def _weights(files: Sequence[Mapping[str, Any]]) -> list[str]:
    weights: dict[float, list[str]] = {}
    for file in files:
        weights.setdefault(file.get("weight", 1), []).append(file["file"])
    if len(weights) < 2:
        return []
    heaviest = max(weights)
    lightest = min(weights)
    return [
        "",
        f"A sentence of {', '.join(weights[heaviest])} counted {heaviest / lightest:g} times one of the others.",
    ]


def _measured(metrics: Mapping[str, Any]) -> list[str]:
    how = f"How: {metrics['how']}." if "how" in metrics else ""
    return [
        f"## How well it does\n\n{how} F1 is over labels or words; intervals hold 95 % of resampled documents.",
        figure_table(metrics).as_markdown(),
        *_on_own(metrics),
        *(table.as_markdown() for table in class_tables(metrics)),
        confusion_table(metrics).as_markdown(),
        *(["## By register", *slices] if (slices := _slices(metrics)) else []),
        "## What a probability means\n\nOf the sentences whose label got a probability in a range, so many were right:",
        reliability_table(metrics).as_markdown(),
        *_trust(metrics),
    ]


def _slices(metrics: Mapping[str, Any]) -> list[str]:
    """Write the figures of each register; those of each domain, a hundred lines, are in ``metrics.json``."""
    return [table.as_markdown() for table in slice_tables(metrics)[:1]]


def _trust(metrics: Mapping[str, Any]) -> list[str]:
    """Write what the probabilities of each label are worth, and what is left when the model may abstain."""
    if not metrics.get("class_reliability"):
        return []  # of a model made before these were measured
    return [class_reliability_table(metrics).as_markdown(), abstention_table(metrics).as_markdown()]


def _on_own(metrics: Mapping[str, Any]) -> list[str]:
    """Write how the model does on the text that was added to the base, where that was measured."""
    if "own" not in metrics:
        return []
    tables = (table.as_markdown() for table in comparison_tables(metrics["own"]))
    return ["## On the text that it was trained for", *tables, "## On all text, label by label"]
