"""The experiments on strength run on a little text; the models that they compare learn what is there to be learnt."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import strength
from scipy import sparse
from scipy.special import logsumexp
from strengthening import models, rivals, transfer
from strengthening.ablation import trials
from strengthening.curves import of_kind, sizes
from strengthening.material import Block, kind_of, read_material

from scorer.labels import STRENGTHS
from scorer.lexicon import load_lexicon

DATA = Path(__file__).parent.parent / "data"
MODELS = {trial.name: trial.model for trial in rivals.TRIALS} | {"shipped": models.linear}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Give a few documents of a balanced and of a natural file to learn from, and of another one as a test file."""
    folder = tmp_path_factory.mktemp("labelled")
    learnt = folder / "learnt"
    learnt.mkdir()
    for source, target, n in (
        ("authored-01.tsv", learnt / "one.tsv", 100),
        ("authored-06.tsv", learnt / "two.tsv", 160),
        ("authored-07.tsv", folder / "test.tsv", 60),
    ):
        lines = (DATA / source).read_text(encoding="utf-8").splitlines(keepends=True)
        target.write_text("".join(lines[: n + 1]), encoding="utf-8")
    return learnt, folder / "test.tsv"


@pytest.fixture(scope="module")
def material(files):
    learnt, test = files
    return read_material(learnt, [test], load_lexicon())


@pytest.fixture(scope="module")
def toy():
    """Give sentences whose first six dense columns tell the label."""
    codes = np.arange(120) % len(STRENGTHS)
    dense = np.eye(len(STRENGTHS))[codes]
    dense = np.hstack([dense, np.random.default_rng(0).integers(0, 2, (120, 3))]).astype(float)
    words = sparse.csr_array(np.random.default_rng(1).random((120, 4)))
    groups = np.array([f"d{k // 10}" for k in range(120)], dtype=object)
    return Block(sparse.csr_array(dense), words, codes, codes < 4, groups, np.ones(120))


@pytest.mark.parametrize("name", MODELS)
def test_models_learn_what_a_column_tells(name, toy):
    logs = MODELS[name](toy, toy)
    assert logs.shape == (120, 6)
    assert logsumexp(logs, axis=1) == pytest.approx(0, abs=1e-4)
    assert (logs.argmax(axis=1) == toy.codes).mean() > 0.9


def test_model_gives_a_label_that_it_has_not_seen_next_to_nothing(toy):
    known = toy.part(np.flatnonzero(toy.codes != 5))
    for name in ("shipped", "ordinal: cumulative regressions", "hierarchical: claim, voice, level"):
        assert np.exp(MODELS[name](known, toy)[:, 5]).max() < 1e-4


def test_least_expected_cost_is_that_of_the_middle():
    even = np.array([[0, 0.4, 0, 0.2, 0, 0.4], [0.9, 0.1, 0, 0, 0, 0]])
    assert [STRENGTHS[k] for k in rivals.cheapest(even)] == ["moderate", "not_a_claim"]


def test_every_split_keeps_documents_apart(material):
    for train, test in material.splits:
        assert not set(material.groups[train]) & set(material.groups[test])
    judged = np.concatenate([test for _, test in material.splits])
    assert sorted(judged) == list(range(len(material.rows)))
    assert {kind_of(row) for row in material.rows[: material.n_data]} == {"balanced", "natural"}


def test_ablation_takes_each_group_once(material):
    (without,) = (trial.model for trial in trials(material.names) if trial.name == "without hedging")
    (alone,) = (trial.model for trial in trials(material.names) if trial.name == "hedging alone")
    assert isinstance(without, partial)
    assert isinstance(alone, partial)
    assert (without.keywords["keep"] == ~alone.keywords["keep"]).all()
    assert [str(name) for name in material.names[alone.keywords["keep"]]] == [
        name for name in material.names if name.startswith("hedging__")
    ]


def test_what_is_left_out_teaches_nothing(material):
    kinds = np.array([kind_of(row) for row in material.rows])
    plans = [*sizes(material), *of_kind(material, kinds)]
    for course in plans:
        assert not set(material.groups[course.train]) & set(material.groups[course.held])
    by_name = {course.name: len(course.train) for course in plans if not course.seed}
    assert by_name["balanced"] == by_name["natural"] <= by_name["all of both"]
    assert by_name["10%"] < by_name["100%"]


def test_confusions_name_the_commonest():
    gold, left_out, usual = (np.array(codes) for codes in ([4, 4, 2, 3], [3, 3, 4, 3], [4, 3, 2, 3]))
    assert transfer.confusions(gold, left_out, usual) == "strong → moderate: 2 (else 1)"
    assert transfer.confusions(gold, gold, usual) == "–"


def test_command_writes_page_and_json(files, tmp_path, capsys):
    learnt, test = files
    page, plain = tmp_path / "page.md", tmp_path / "tables.json"
    page.write_text("# Page\n\n<!-- prior -->\nold\n<!-- end of prior -->\n\nRest.\n", encoding="utf-8")
    arguments = [str(learnt), str(test), "--only", "prior", "--jobs", "1", "--into", str(page), "--json", str(plain)]
    strength.main(arguments)
    printed = capsys.readouterr().out
    assert "test.tsv: estimated" in printed
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Page\n\n<!-- prior -->\n\n**Mixes")
    assert text.endswith("\n\n<!-- end of prior -->\n\nRest.\n")
    assert "old" not in text
    assert json.loads(plain.read_text(encoding="utf-8"))["prior"][0]["title"] in text
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(SystemExit, match="not both there"):
        strength.main(arguments)
    with pytest.raises(SystemExit, match="no such file"):
        strength.main([str(tmp_path / "nowhere")])
