"""Imports only go down, the text layers stay free of heavy packages, and files keep to one subject."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "scorer"
ORDER = [
    "errors",
    "collector",
    "memo",
    "labels",
    "plain_text",
    "records",
    "labelled_rows",
    "labelled_check",
    "labelled",
    "labelled_notes",
    "text",
    "layout",
    "segment",
    "tokens",
    "inflect",
    "lexicon",
    "cues",
    "hedge_rules",
    "hedging",
    "check_rules",
    "verification",
    "word_classes",
    "verbless",
    "service",
    "vocabulary",
    "candidates",
    "headline_cues",
    "finiteness",
    "phrases",
    "names",
    "subjects",
    "speaker_labels",
    "phrase_cues",
    "plausibility",
    "verb_cues",
    "attribution",
    "roles",
    "sourcing",
    "introductions",
    "source_typing",
    "naming",
    "memory",
    "chains",
    "discourse",
    "vouching",
    "stretches",
    "reading",
    "ledger",
    "lexicon_check",
    "feature_rows",
    "form_rows",
    "feature_base",
    "features",
    "calibration",
    "gram_index",
    "ngrams",
    "assembly",
    "pipeline",
    "unpickling",
    "priors",
    "model",
    "reasons",
    "assess",
    "evidence",
    "tables",
    "sentence_keys",
    "scored_table",
    "figures",
    "summary",
    "corrections",
    "review",
    "report",
    "fingerprints",
    "parts",
    "jobs",
    "journal",
    "unfinished",
    "scoring_files",
    "mixing",
    "scoring",
    "rules",
    "metrics",
    "baselines",
    "slices",
    "certainty",
    "mistakes",
    "evaluate",
    "evaluate_text",
    "comparison",
    "comparison_text",
    "summary_text",
    "scored_comparison",
    "scored_comparison_text",
    "card",
    "model_files",
    "manifest",
    "pins",
    "bundle",
    "partitions",
    "piece_task",
    "cluster",
    "engine",
    "source_typing_training",
    "vouching_training",
    "training",
    "own_data",
    "cli",
]
HEAVY = {"pandas", "sklearn", "rich", "typer", "scipy", "joblib"}
LIGHT = ORDER[: ORDER.index("feature_base")]
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "scorer":
                yield from (f"scorer.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path):
    if layer(path) in ("__init__", "__main__"):
        return
    assert layer(path) in ORDER, f"{path.name} has no place in the order of layers"
    place = ORDER.index(layer(path))
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "scorer" and len(parts) > 1 and parts[1] in ORDER:
            assert ORDER.index(parts[1]) <= place, f"{path.name} imports {module}, which stands above it"


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) in LIGHT], ids=lambda path: path.name)
def test_text_layers_import_nothing_heavy(path):
    assert not HEAVY & {module.split(".")[0] for module in imports(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_keep_to_one_subject(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320
