"""A small model, trained once for the whole run, on two of the shipped files."""

from pathlib import Path

import pytest

from scorer import cues
from scorer.bundle import load_model, save_model
from scorer.pins import choose_pins
from scorer.training import train

DATA = Path(__file__).parent.parent / "data"


def pytest_collection_modifyitems(items):
    """Skip what replaces parts of the rules at run time where these are compiled: nothing looks them up there."""
    if not cues.__file__.endswith(".py"):
        for item in items:
            if item.get_closest_marker("interpreted"):
                item.add_marker(pytest.mark.skip(reason="the rules are compiled, their parts cannot be replaced"))


@pytest.fixture(scope="session")
def trained_on():
    return [DATA / "authored-01.tsv", DATA / "authored-02.tsv"]


@pytest.fixture(scope="session")
def training(trained_on):
    return train(trained_on)


@pytest.fixture(scope="session")
def bundle(training, trained_on, tmp_path_factory):
    """Give a model folder; tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("models") / "small"
    save_model(
        training.model,
        folder,
        trained_on=trained_on,
        metrics=training.metrics,
        pins_from=choose_pins(training.rows),
        labels_by="a language model",
    )
    return folder


@pytest.fixture(scope="session")
def model(bundle):
    return load_model(bundle)
