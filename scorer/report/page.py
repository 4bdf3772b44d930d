"""The report's page: one HTML file with everything in it, and a policy that lets nothing else run."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from scorer.figures import ANSWERS, HEDGED
from scorer.labels import ACCOUNTABLE, SOURCE_TYPES, STRENGTHS
from scorer.report.payload import page_data, to_json
from scorer.scored_table import ScoredTable
from scorer.summary import Summary

STYLES: Final = ("base.css", "views.css", "story.css", "media.css")
SCRIPTS: Final = (
    *(
        "start.js",
        "data.js",
        "marks.js",
        "state.js",
        "filters.js",
        "changes.js",
        "plots.js",
        "panel.js",
        "corrections.js",
    ),
    *("story.js", "sentences.js", "documents.js", "sources.js", "review.js", "keys.js", "main.js"),
)
"""In the order in which they are joined: each uses only what stands before it, or calls it later."""


@cache
def part(name: str) -> str:
    """Return a file of this package as text."""
    return files("scorer.report").joinpath(name).read_text(encoding="utf-8")


@cache
def strings() -> dict[str, str]:
    """Return every English string of the page by its key."""
    found: dict[str, str] = json.loads(part("strings.json"))
    return found


def say(key: str, n: int | None = None, **values: object) -> str:
    """Give a string of the page; `n` chooses between ``key.one`` and ``key.other`` where these are there.

    Examples
    --------
    >>> say("count.claims", 1)
    '1 claim'
    """
    table = strings()
    if n is not None:
        values["n"] = f"{n:,}"
        key = f"{key}.{'one' if n == 1 else 'other'}" if f"{key}.other" in table else key
    return re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), table[key])


def percent(share: float) -> str:
    """Write a share; what is there never shows as 0 %, and what is not all never as 100 %."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1 %"
    return ">99 %" if whole == 100 and share < 1 else f"{whole} %"


def csp_hash(content: str) -> str:
    """Give the Content-Security-Policy source that allows exactly this style or script."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def render_page(table: ScoredTable, summary: Summary, *, model_sha256: str | None = None) -> str:
    """Write the report of a scored table.

    Parameters
    ----------
    table : ScoredTable
        The sentences.
    summary : Summary
        Its figures.
    model_sha256 : str, optional
        Of the model that scored it; exported corrections name it.

    Returns
    -------
    str
        HTML. It holds no time and nothing random: the same table gives the same page.
    """
    style = "".join(map(part, STYLES))
    script = f'(function () {{\n"use strict";\n{"".join(map(part, SCRIPTS))}}})();\n'
    if "</" in script or "<!--" in script or "</" in style:
        raise ValueError("script and style must not hold what ends their element")
    policy = (
        f"default-src 'none'; style-src {csp_hash(style)}; script-src {csp_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(t=say)
    environment.filters.update(percent=percent)
    return environment.from_string(part("page.html")).render(
        policy=Markup(policy),
        style=Markup(style),
        script=Markup(script),
        data=Markup(to_json(page_data(table, summary, model_sha256=model_sha256))),
        words=Markup(to_json(strings())),
        summary=summary,
        figures=summary.figures,
        table=table,
        titles={row: document.title for document in summary.documents for row in document.rows},
        numbers=_numbers(summary),
        strengths=STRENGTHS,
        source_types=SOURCE_TYPES,
        mix=_mix(table),
        answers=ANSWERS,
        hedged=HEDGED,
        single="none" if not summary.n_single_source else None,
    )


def _numbers(summary: Summary) -> dict[int, int]:
    """Give each row's number on the page, from 1: the page brings the sentences of a document together."""
    order = [place for document in summary.documents for place in document.rows]
    return {place: number for number, place in enumerate(order, 1)}


def _mix(table: ScoredTable) -> list[dict[str, Any]]:
    """Count the claims of each source type, those whose source can be held to account apart; most first."""
    found: dict[str, list[int]] = {name: [0, 0] for name in SOURCE_TYPES}
    for row in table.rows:
        if row.cells["strength"] != "not_a_claim":
            found[row.cells["source_type"]][row.cells["identification"] in ACCOUNTABLE] += 1
    kinds = [{"name": name, "accountable": yes, "other": no} for name, (no, yes) in found.items() if yes or no]
    return sorted(kinds, key=lambda kind: -(kind["accountable"] + kind["other"]))
