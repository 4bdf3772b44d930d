"""The option ``--prior``: the mix of strengths that the text is taken to have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from scorer.scoring import ScoringModel

ESTIMATE: Final = "estimate"
METAVAR: Final = "MIX"
HELP: Final = (
    "Mix of strengths that the text has: news, balanced (all alike), estimate (from the input), or a file (columns "
    "strength and share, or labelled text). [dim]\\[default: the model's][/dim]"
)


def for_mix(model: ScoringModel, name: str | None, inputs: list[str], quiet: bool, **read: Any) -> ScoringModel:
    """Give the model for the mix that the option names, and say which shares an estimate or a file gave."""
    if name is None:
        return model
    from scorer.labels import STRENGTHS
    from scorer.priors import NAMED_PRIORS, read_prior

    if name in NAMED_PRIORS:
        return model.with_prior(NAMED_PRIORS[name])
    if name == ESTIMATE:
        from scorer.mixing import estimate_mix

        if "-" in inputs:
            raise typer.BadParameter("standard input is read once; give a file to estimate from", param_hint="--prior")
        shares, n_sentences = estimate_mix(model, inputs, **read)
        told = f"mix estimated from {n_sentences:,} sentences"
    else:
        if not Path(name).is_file():
            raise typer.BadParameter(f"{name} is none of news, balanced, estimate, and no file", param_hint="--prior")
        shares, told = read_prior(name), f"mix of {name}"
    if not quiet:
        listed = ", ".join(f"{share:.1%} {label}" for label, share in zip(STRENGTHS, shares, strict=True))
        typer.echo(f"{told}: {listed}", err=True)
    return model.with_prior(shares)
