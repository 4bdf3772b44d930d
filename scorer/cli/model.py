"""``scorer model``: what a model folder holds, and whether it is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Show a model, or check that it is what it was when it was made.")

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="A model's folder. [dim]\\[default: the shipped model][/dim]"),
]


@app.command("show")
def show(folder: Folder = None) -> None:
    """Show what a model was made of and with, and how well it does.

    Nothing is unpickled. The model card, card.md in the folder, says more.
    """
    from scorer.bundle import model_folder, read_metrics
    from scorer.cli.style import visible, visible_lines
    from scorer.comparison_text import comparison_tables, in_short
    from scorer.evaluate_text import MOST_SLICES, tables
    from scorer.manifest import read_manifest

    path = model_folder(folder)
    manifest, metrics = read_manifest(path), read_metrics(path)
    files = manifest.get("trained_on", [])
    facts = {
        "model": str(path),
        "made with": ", ".join(f"{name} {number}" for name, number in manifest["versions"].items()),
        "trained on": f"{sum(f['rows'] for f in files):,} sentences in {len(files)} files",
        "labelled by": manifest.get("labels_by", "not stated"),
        "sha256": manifest["model"].get("sha256", ""),
        "word lists": manifest["lexicon"].get("fingerprint", ""),
        "measured": metrics.get("how", "not stated"),
    }
    typer.echo("\n".join(f"{name:<12}{visible(str(value))}" for name, value in facts.items()))
    if "figures" in metrics:
        typer.echo(visible_lines("\n" + "\n\n".join(table.as_text() for table in tables(metrics, most=MOST_SLICES))))
    if "own" in metrics:
        typer.echo(visible_lines("\n" + "\n\n".join(t.as_text() for t in comparison_tables(metrics["own"]))))
        typer.echo(visible_lines(f"\n{in_short(metrics['own'])}"))


@app.command("verify")
def verify(
    folder: Folder = None,
    pins: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with another model's pins.tsv, as after a rebuild."),
    ] = None,
) -> None:
    """Check a model: its hash, its versions, and that it scores its pinned sentences as when it was made."""
    from scorer.bundle import verify_model
    from scorer.cli.style import visible
    from scorer.errors import ModelError

    report = verify_model(folder, pins=pins)
    for note in report.notes:
        typer.echo(f"note: {visible(note)}", err=True)
    if report.problems:
        raise ModelError("; ".join(report.problems))
    typer.echo(f"{report.folder}: sound; {report.n_pins} pinned sentences moved by at most {report.worst:.1e}")
