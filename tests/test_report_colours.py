"""The report's colours: text can be read on every tint, and the scale stays a scale under colour blindness."""

import itertools
import re

import numpy as np
import pytest

from scorer.report.page import part

# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
SIGHTS = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
LEVELS = range(1, 6)


def themes():
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part("base.css").split("}")[0]))
    dark = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', part("media.css"), re.DOTALL)[1]
    return {"light": light, "dark": {**light, **dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))}}


THEMES = themes()


def linear(colour):
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour, sight):
    rgb = np.clip(np.asarray(SIGHTS[sight]) @ linear(colour), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.array(
        [value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz / [0.9505, 1, 1.089]]
    )
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_dark_colours_stand_twice_and_agree():
    first, second = re.findall(r"\{\n( +--paper: #1.*?)\}", part("media.css"), re.DOTALL)
    assert first.split() == second.split()


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_ground(theme):
    colours = THEMES[theme]
    for ground in ("paper", "raised", "hover", *(f"t{level}" for level in LEVELS)):
        assert contrast(colours["ink"], colours[ground]) >= 7, ground
    for ground in ("paper", "raised", "hover"):
        for ink in ("soft", "accent", "alarm"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["accent-ink"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_marks_can_be_seen_on_every_tint(theme):
    colours = THEMES[theme]
    for level in LEVELS:
        for mark in ("source", "check", "alarm", "accent"):
            assert contrast(colours[mark], colours[f"t{level}"]) >= 3, (mark, level)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_levels_of_a_plot_can_be_told_apart(theme, sight):
    colours = THEMES[theme]
    for one, other in itertools.combinations(LEVELS, 2):
        distance = np.linalg.norm(lab(colours[f"c{one}"], sight) - lab(colours[f"c{other}"], sight))
        assert distance >= 12, (one, other, round(float(distance), 1))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", THEMES)
def test_tints_next_to_each_other_can_be_told_apart(theme, sight):
    colours = THEMES[theme]
    for one, other in itertools.combinations(LEVELS, 2):
        distance = np.linalg.norm(lab(colours[f"t{one}"], sight) - lab(colours[f"t{other}"], sight))
        assert distance >= 5, (one, other, round(float(distance), 1))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", [sight for sight in SIGHTS if sight != "tritanopia"])
def test_scale_runs_from_yellow_to_blue(theme, sight):
    """One direction from the weakest to the strongest, so that the order itself can be seen."""
    for kind in "ct":
        blueness = [-lab(THEMES[theme][f"{kind}{level}"], sight)[2] for level in LEVELS]
        assert blueness[2:] == sorted(blueness[2:])
        assert max(blueness[:2]) < blueness[2]
