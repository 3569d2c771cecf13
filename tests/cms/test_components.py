"""Each component says what it must, and its template keeps to the house rules."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import translation

from cms.templatetags.page_tags import language_attribute, pips, swatch

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted((ROOT / "cms" / "templates" / "components").glob("*.html"))
TEMPLATES = sorted(
    path
    for path in ROOT.glob("*/templates/**/*.html")
    if ".venv" not in path.parts and "static-build" not in path.parts
)


class ContactForm(forms.Form):
    name = forms.CharField(label="Full name", help_text="As colleagues know you.")
    days = forms.MultipleChoiceField(
        label="Days",
        widget=forms.CheckboxSelectMultiple,
        choices=[("mon", "Monday"), ("tue", "Tuesday")],
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)


def said(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_lists_its_parameters(path: Path) -> None:
    assert re.search(r"\{# .{15,} #\}", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_no_inline_script_style_or_other_host(path: Path) -> None:
    text = path.read_text()

    assert (
        re.findall(
            r"\son\w+=\"|\sstyle=\"|<style|<script(?![^>]*\b(?:src|type=\"application)=?)", text
        )
        == []
    )
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]+", text) == []


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(
        re.findall(
            r'<symbol id="([\w-]+)"',
            (ROOT / "cms" / "static" / "cms" / "brand" / "icons.svg").read_text(),
        )
    )
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(
            r'components/icon\.html" with (?:[^%]*\s)?name="([\w-]+)"', path.read_text()
        )
    }

    assert len(used) > 8
    assert used - drawn == set()


def test_level_has_word_and_shape() -> None:
    html = render_to_string("components/level_badge.html", {"rank": 2, "of": 3, "word": "Enhanced"})

    assert said(html) == "Enhanced"
    assert html.count("cw-pip--on") == 2
    assert html.count('class="cw-pip') == 3 + 1


@pytest.mark.parametrize(("state", "word"), [("unknown", "Unknown"), ("none", "Not yet")])
def test_unknown_is_not_not_yet(state: str, word: str) -> None:
    html = render_to_string("components/level_badge.html", {"state": state})

    assert said(html) == word
    assert f"cw-level--{state}" in html
    assert "cw-pip" not in html


@pytest.mark.parametrize(
    ("done", "of", "words"), [(0, 1, "0 of 1 lesson"), (3, 5, "3 of 5 lessons")]
)
def test_progress_is_said_in_words(done: int, of: int, words: str) -> None:
    html = render_to_string("components/progress.html", {"done": done, "of": of})

    assert said(html) == words
    assert f'value="{done}" max="{of}"' in html


def test_field_is_tied_to_its_hint_and_error() -> None:
    form = ContactForm({})
    form.is_valid()

    html = render_to_string("components/field.html", {"field": form["name"]})

    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    control = re.search(r"<input[^>]+>", html)
    assert control
    described = re.search(r'aria-describedby="([^"]+)"', control.group())
    assert described
    assert described.group(1).split() == ["id_name_helptext", "id_name_error"]
    assert 'aria-invalid="true"' in control.group()


def test_optional_field_says_so() -> None:
    html = render_to_string("components/field.html", {"field": ContactForm()["note"]})

    assert said(html) == "Note ( optional )" or said(html) == "Note (optional)"


def test_error_summary_leads_to_each_control() -> None:
    form = ContactForm({})
    form.is_valid()

    summary = render_to_string("components/error_summary.html", {"form": form})
    fields = render_to_string("components/form_fields.html", {"form": form})

    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_name", "id_days_0"]
    for target in targets:
        assert f'id="{target}"' in fields


def test_check_shows_feedback_only_where_it_is_given() -> None:
    html = render_to_string(
        "components/check.html",
        {
            "id": "q",
            "question": "Who decides?",
            "name": "answer",
            "options": [
                {
                    "value": "a",
                    "text": "The person",
                    "is_chosen": True,
                    "is_right": True,
                    "feedback": "It is their life.",
                },
                {"value": "b", "text": "The team"},
            ],
        },
    )

    assert "It is their life." in html
    assert html.count("cw-check__feedback--") == 1
    assert html.count('type="radio"') == 2
    assert re.findall(r'value="a"[^>]* checked', html)


def test_weave_says_in_words_what_it_draws() -> None:
    html = render_to_string(
        "components/weave.html",
        {
            "caption": "Today",
            "levels": [{"rank": 1, "word": "Essential"}],
            "rows": [
                {"title": "Agree one plan", "strands": ["1", "none", "unknown"], "words": "1 of 3"}
            ],
        },
    )

    assert 'scope="row">Agree one plan</th>' in html
    assert ">1 of 3</td>" in html
    assert re.findall(r'cw-weave__thread">(.*?)</span>', html)[0].count("<i ") == 3
    assert re.findall(r'<td class="cw-weave__picture" aria-hidden="true">', html)


def test_pagination_marks_the_page_one_is_on() -> None:
    html = render_to_string(
        "components/pagination.html",
        {"page_obj": Paginator(range(95), 10).page(2), "query": "q=plan&"},
    )

    assert re.findall(r'href="(\?q=plan&amp;page=1)"', html)
    assert said(re.findall(r'aria-current="page">(.*?)</span></li>', html)[0]) == "Page 2"


def test_language_attribute_only_where_language_differs() -> None:
    with translation.override("en"):
        assert language_attribute("en") == ""
        assert language_attribute(None) == ""
        assert language_attribute("ar") == ' lang="ar" dir="rtl"'
    with translation.override("ar"):
        assert language_attribute("en") == ' lang="en" dir="ltr"'


def test_pips_fill_to_the_rank() -> None:
    assert pips(2, 3) == [True, True, False]
    assert pips(None, 2) == [False, False]


def test_swatch_is_one_of_six_and_stays() -> None:
    assert {swatch(f"{number:04}") for number in range(1, 7)} == {1, 2, 3, 4, 5, 6}
    assert swatch("0001") == swatch("0001")
