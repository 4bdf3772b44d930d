"""``scorer score --engine dask``: the model's settings handed to the engine, its notes to the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from scorer.scoring import ScoringModel
    from scorer.scoring_files import ScoreSummary


def check_engine(
    wanted: bool,
    scheduler: str | None,
    output: str | None,
    kind: str,
    *,
    report: Path | None,
    resume: bool,
    restart: bool,
) -> None:
    """Refuse what the engine does not do."""
    if not wanted:
        if scheduler is not None:
            raise typer.BadParameter("a scheduler is for --engine dask", param_hint="'--scheduler'")
        return
    if output is None:
        raise typer.BadParameter("--engine dask writes a folder of parts; name it with -o", param_hint="'-o'")
    if kind not in ("csv", "jsonl"):
        raise typer.BadParameter(f"--engine dask writes csv and jsonl, not {kind}", param_hint="'--format'")
    if resume or restart:
        raise typer.BadParameter("not with --engine dask", param_hint=f"'--{'resume' if resume else 'restart'}'")
    if report is not None:
        raise typer.BadParameter("not with --engine dask; scorer report takes one table", param_hint="'--report'")


def score_on_cluster(
    loaded: ScoringModel,
    folder: Path | None,
    inputs: list[str],
    output: str,
    scheduler: str | None,
    quiet: bool,
    **options: Any,
) -> ScoreSummary:
    """Score with the engine as the model that is loaded here would: the workers load it themselves, by its folder."""
    from scorer.engine import score_on_dask

    return score_on_dask(
        inputs,
        output,
        scheduler=scheduler,
        model=folder,
        prior=None if loaded.shares_ == loaded.trained_shares_ else loaded.shares_,
        review_below=loaded.review_below_,
        on_note=None if quiet else lambda text: typer.echo(f"note: {text}", err=True),
        **options,
    )
