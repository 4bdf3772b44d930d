"""Single features behind a label: what each of them added to its logit, in words that a person understands."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scorer.labels import STRENGTHS
from scorer.model import StrengthClassifier
from scorer.reading import Reading


class Evidence(NamedTuple):
    """One feature found in a sentence, in words, and what it added to the label's logit."""

    name: str
    contribution: float


def feature_evidence(model: StrengthClassifier, reading: Reading, strength: str) -> dict[str, list[Evidence]]:
    """Split the logit of a sentence's label by single features.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    reading : Reading
        The sentence.
    strength : str
        The label, one of `scorer.labels.STRENGTHS`.

    Returns
    -------
    dict of str to list of Evidence
        For each kind of evidence (`StrengthClassifier.groups` without the base value) what was found, the largest
        contribution first; those of a kind add up to the kind's own contribution.
    """
    pipeline = model.pipeline_
    names = pipeline.named_steps["features"].get_feature_names_out()
    _, matrix = model.logits([reading])
    weights = pipeline.named_steps["classify"].coef_[STRENGTHS.index(strength)] / model.temperature_
    found: dict[str, list[Evidence]] = {group: [] for group in model.groups[:-1]}
    contributions = matrix.data * weights[matrix.indices]
    for k in np.argsort(-np.abs(contributions), kind="stable").tolist():
        group, _, name = names[matrix.indices[k]].partition("__")
        told = _gram_in_words(name) if group == "words" else name.replace("_", " ")
        found[group].append(Evidence(told, float(contributions[k])))
    return found


def _gram_in_words(gram: str) -> str:
    """Write an n-gram of `scorer.ngrams`: “reports say”, “it” first, “we” in quotation marks, “told” as cue."""
    if gram.startswith("cue:"):
        return f"“{gram.removeprefix('cue:')}” as cue"
    words = gram.removeprefix("q:").split(" ")
    place = " in quotation marks" if gram.startswith("q:") else ""
    if words[0] == "<s>":
        words, place = words[1:], " first"
    if words and words[-1] == "</s>":
        words, place = words[:-1], f"{place} last"
    return f"“{' '.join(words)}”{place}"
