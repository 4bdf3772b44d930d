"""``scorer explain``: a sentence or a story in the terminal, with the reasons for its score."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def explain(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT | -]", help="A sentence or a story; - or nothing reads standard input.", show_default=False
        ),
    ] = None,
    sentence: Annotated[
        int | None,
        typer.Option("--sentence", "-s", min=0, metavar="N", help="Of a story: show why sentence N was scored so."),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A model's folder. [dim]\\[default: the shipped model][/dim]"),
    ] = None,
) -> None:
    """Show how a sentence, or each sentence of a story, is scored, and why.

    [dim]$[/dim] scorer explain "Western officials said the bridge could be closed."
    [dim]$[/dim] scorer explain - --sentence 3 < story.txt
    """
    text = _given(text)
    from scorer.bundle import load_model
    from scorer.cli.show import Terminal, sentence_panel, story_lines
    from scorer.errors import InputError
    from scorer.evidence import feature_evidence
    from scorer.scoring import score_text

    classifier = load_model(model)
    sentences = score_text(classifier, text).sentences
    if not sentences:
        raise InputError("the text is empty; give a sentence or a story")
    if sentence is not None and sentence >= len(sentences):
        last = len(sentences) - 1
        raise InputError(f"there is no sentence {sentence}: the text has sentences 0 to {last}")
    console = Terminal()
    if sentence is None and len(sentences) > 1:
        coloured = bool(console.color_system) and not console.no_color
        console.show(story_lines(text, sentences, coloured=coloured))
        return
    scored = sentences[sentence or 0]
    evidence = feature_evidence(classifier, scored.reading, scored.assessment.strength)
    console.show([sentence_panel(scored, evidence, width=console.width)])


def _given(text: str | None) -> str:
    """Return the text of the argument, or what standard input holds."""
    if text is None and sys.stdin.isatty():
        raise typer.BadParameter("give a sentence, or - to read standard input", param_hint="'TEXT'")
    if text not in (None, "-"):
        given = str(text)
        if not any(map(str.isspace, given)) and len(given) < 255 and Path(given).is_file():
            raise typer.BadParameter(
                f"{given} is a file; give its text: scorer explain - < {given}", param_hint="'TEXT'"
            )
        return given
    from scorer.errors import InputError

    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not UTF-8 (byte {error.start}); convert it first") from error
