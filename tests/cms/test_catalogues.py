"""Every translation keeps the placeholders and the markup of the words it stands for."""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "cms" / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
TAG = re.compile(r"</?[a-z][^>]*>")

# How many plural forms a language has, and how many of the first of them (none, one, two)
# each stand for one number, so that words may take the place of the figure.
FORMS = {"ar": (6, 3)}


def test_there_is_a_catalogue() -> None:
    assert CATALOGUES


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_placeholders_and_tags(path: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(path)):
        sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        names = {name for source in sources for name in PLACEHOLDER.findall(source)}
        tags = Counter(TAG.findall(entry.msgid))
        figure_in_words = FORMS.get(path.parts[-3], (0, 0))[1] if entry.msgid_plural else 0
        for form, said in (entry.msgstr_plural or {0: entry.msgstr}).items():
            if not said:
                continue
            found = set(PLACEHOLDER.findall(said))
            may_miss = 1 if form < figure_in_words else 0
            kept = (
                found <= names
                and len(names - found) <= may_miss
                and Counter(TAG.findall(said)) == tags
                and said.count("%%") == entry.msgid.count("%%")
            )
            if not kept:
                wrong.append((entry.msgid, said))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_translation_is_a_guess(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert catalogue.fuzzy_entries() == []
    assert catalogue.obsolete_entries() == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_plurals_are_whole_or_absent(path: Path) -> None:
    forms = FORMS.get(path.parts[-3], (0, 0))[0]
    for entry in polib.pofile(str(path)):
        said = [text for text in entry.msgstr_plural.values() if text]
        if said and forms:
            assert len(said) == forms, entry.msgid
