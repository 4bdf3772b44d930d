"""A comparison of models as tables of text, for the terminal and the model card.

Made from the plain form of a comparison (`Comparison.as_dict`), which ``metrics.json`` holds under ``own``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scorer.evaluate_text import SHORT_NAMES, Table, number

LEAST_DOCUMENTS: Final = 10
"""Documents below which an interval says too little to call a difference one."""
_LOWER_IS_BETTER: Final = ("strength_ece",)
_GROUPS: Final = {
    "hedging": "hedges",
    "source": "source and cue",
    "verification": "reported checks",
    "form": "form of the sentence",
    "words": "its words",
    "base": "how frequent the label is",
}


def comparison_tables(compared: Mapping[str, Any]) -> list[Table]:
    """Make the tables of a comparison.

    Parameters
    ----------
    compared : mapping
        As `Comparison.as_dict` gives it.

    Returns
    -------
    list of Table
        Figures, labels that changed, and what moved them; the last two only where labels changed.
    """
    made = [_figures(compared)]
    if compared["changes"]:
        made += [_changes(compared), _shifts(compared)]
    return made


def in_short(compared: Mapping[str, Any]) -> str:
    """Say in a sentence what a comparison tells.

    Parameters
    ----------
    compared : mapping
        As `Comparison.as_dict` gives it.

    Returns
    -------
    str
        One line.
    """
    if compared["n_documents"] < LEAST_DOCUMENTS:
        return f"In short: too few documents to tell; label {LEAST_DOCUMENTS} or more"
    verdicts: dict[str, list[str]] = {}
    for name, difference in compared["differences"].items():
        verdicts.setdefault(_verdict(name, difference), []).append(SHORT_NAMES[name].removesuffix(" ↓").split(",")[0])
    told = [f"{what} in {', '.join(verdicts[what])}" for what in ("better", "worse") if what in verdicts]
    if told:
        return f"In short: on your text the new model is {'; '.join(told)}"
    return "In short: on your text no difference is clear of chance; more labelled documents might show one"


def _figures(compared: Mapping[str, Any]) -> Table:
    models = compared["figures"]
    rows = []
    for name, difference in compared["differences"].items():
        bounds = "–" if difference["low"] is None else f"{_signed(difference['low'])} to {_signed(difference['high'])}"
        figures = [number(found[name]["value"]) for found in models.values()]
        verdict = _verdict(name, difference) if compared["n_documents"] >= LEAST_DOCUMENTS else "too few"
        rows.append((SHORT_NAMES[name], *figures, _signed(difference["value"]), bounds, verdict))
    size = f"{compared['n_sentences']:,} sentences in {compared['n_documents']:,} documents"
    title = f"Your text: {size}, each new to the model that judged it"
    return Table(title, ("figure", *models, "change", "95 % interval", ""), rows)


def _verdict(name: str, difference: Mapping[str, Any]) -> str:
    """Say what a difference tells: nothing, unless its interval is on one side of 0."""
    low, high = difference["low"], difference["high"]
    if low is None or low <= 0 <= high:
        return "not clear"
    return "better" if (low > 0) != (name in _LOWER_IS_BETTER) else "worse"


def _changes(compared: Mapping[str, Any]) -> Table:
    changes = compared["changes"]
    n, right, wrong = (sum(change[what] for change in changes) for what in ("n", "n_are_right", "n_were_right"))
    rows = [
        (f"{c['before']} → {c['after']}", str(c["n"]), str(c["n_are_right"]), str(c["n_were_right"])) for c in changes
    ]
    title = f"Labels that changed: {n:,} of {compared['n_sentences']:,}; {right:,} now right, {wrong:,} right before"
    return Table(title, ("from → to", "sentences", "now right", "right before"), rows)


def _shifts(compared: Mapping[str, Any]) -> Table:
    rows = [(_GROUPS.get(shift["group"], shift["group"]), _signed(shift["amount"])) for shift in compared["shifts"]]
    title = "What moved these labels: logits in favour of the new one, on average"
    return Table(title, ("evidence", "moved by"), rows)


def _signed(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{'−' if round(value, 3) < 0 else '+'}{number(abs(value))}"
