"""``scorer score --engine dask``: the model's settings handed to the engine, its notes to the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from scorer.scoring import ScoringModel
    from scorer.scoring_files import ScoreSummary


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
