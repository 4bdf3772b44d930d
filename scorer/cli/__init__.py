"""The command ``scorer``: one module per command; these parse, the library works."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from scorer.cli import compare, evaluate, explain, lexicon, model, report, review, score, train
from scorer.cli.style import visible
from scorer.errors import ScorerError


def _line(told: object) -> str:
    """Give a message as one line of characters that a terminal shows: it may hold names from somebody's file."""
    return visible(" ".join(str(told).splitlines()))


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning as one line, without the place in our code that gave it."""
    typer.echo(f"warning: {_line(message)}", err=True)


class _Commands(TyperGroup):
    """Turns what the library raises on purpose into one line and exit code 1, and a reader who left into a clean end.

    Anything else keeps its traceback. Ctrl-C ends with code 130, which is typer's own doing.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _show_warning
                return super().invoke(ctx)
        except ScorerError as error:
            typer.echo(f"error: {_line(error)}", err=True)
            raise typer.Exit(1) from error
        except BrokenPipeError as error:
            # Python flushes standard output once more as it exits, and would complain of the broken pipe there.
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from scorer import __version__

        typer.echo(f"scorer {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Say, sentence by sentence, on what footing a news text puts each claim.

    A score rates the footing that the text gives a claim, from hearsay (0) to
    checked (100). It does not say whether the claim is true.
    """


app.command("score")(score.score)
app.command("report")(report.report)
app.command("explain")(explain.explain)
app.command("compare")(compare.compare)
app.command("evaluate")(evaluate.evaluate)
app.command("train")(train.train)
app.add_typer(review.app, name="review")
app.add_typer(model.app, name="model")
app.add_typer(lexicon.app, name="lexicon")


def main() -> None:
    """Run the command line."""
    app(prog_name="scorer")
