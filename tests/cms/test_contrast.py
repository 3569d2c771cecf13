"""What is written can be read, and what a chart tells apart can be told apart (WCAG 2.2)."""

import re

import pytest

from cms.assets import read_source

TOKENS = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", read_source("tokens")))


def luminance(colour: str) -> float:
    """Relative luminance, 0–1 (WCAG 2.2, 'relative luminance')."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


SURFACES = ["--paper", "--surface", "--linen"]


@pytest.mark.parametrize("surface", [*SURFACES, "--accent-soft", "--bright-soft", "--error-soft"])
@pytest.mark.parametrize("text", ["--ink", "--ink-soft", "--accent-dark", "--visited"])
def test_text_on_every_surface(text: str, surface: str) -> None:
    assert contrast(text, surface) >= 4.5


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("--accent", "--paper"),
        ("--accent", "--surface"),
        ("--error", "--surface"),
        ("--error", "--paper"),
        ("--error-dark", "--error-soft"),
        ("--on-ink", "--ink"),
        ("--on-ink-soft", "--ink"),
        ("--surface", "--accent"),
        ("--surface", "--accent-dark"),
        ("--surface", "--error"),
        ("--ink", "--bright"),
        ("--ink", "--focus"),
        ("--bright", "--ink"),
    ],
)
def test_text_on_its_ground(text: str, surface: str) -> None:
    assert contrast(text, surface) >= 4.5


@pytest.mark.parametrize("step", ["1", "2", "3", "4", "unknown", "none"])
def test_word_on_its_level(step: str) -> None:
    assert contrast(f"--on-level-{step}", f"--level-{step}") >= 4.5


@pytest.mark.parametrize(
    ("one", "other"), [("--ink", "--accent"), ("--accent", "--bright"), ("--ink", "--bright")]
)
def test_brand_colours_against_each_other_in_charts(one: str, other: str) -> None:
    assert contrast(one, other) >= 3


def test_levels_darken_step_by_step() -> None:
    steps = [luminance(TOKENS[f"--level-{n}"]) for n in (1, 2, 3, 4)]

    assert steps == sorted(steps, reverse=True)
    for one, other in (("1", "2"), ("2", "3"), ("3", "4")):
        assert contrast(f"--level-{one}", f"--level-{other}") >= 1.5


@pytest.mark.parametrize("surface", SURFACES)
def test_edges_of_fields_can_be_seen(surface: str) -> None:
    assert contrast("--line-strong", surface) >= 3


def test_hatching_of_unknown_can_be_seen() -> None:
    assert contrast("--level-unknown-hatch", "--level-unknown") >= 2.5
