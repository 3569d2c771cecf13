"""Every translation is whole, and keeps the placeholders and the markup of its source."""

import re
from collections import Counter
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "cms" / "locale").glob("*/LC_MESSAGES/django.po"))
OF_PACKAGES = sorted((ROOT / "cms" / "locale_of_packages").glob("*/LC_MESSAGES/django.po"))
CATALOGUES = [*OURS, *OF_PACKAGES]

# Where a package lists its messages: Django in English, allauth in any language it has whole.
PACKAGES = [
    Path(module.__file__ or "").parent / folder / "LC_MESSAGES" / "django.po"
    for module, folder in [
        (django, "conf/locale/en"),
        (django, "contrib/auth/locale/en"),
        (django, "contrib/humanize/locale/en"),
        (allauth, "locale/ar"),
    ]
]
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
BARE = re.compile(r"(?<!%)%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

# How many plural forms a language has, and how many of the first of them (none, one, two; in
# Welsh also three and six) each stand for one number, so that words may take the place of the
# figure.
FORMS = {"ar": (6, 3), "cy": (6, 5)}


def test_every_language_but_the_source_has_a_catalogue() -> None:
    languages = {code for code, _name in settings.LANGUAGES} - {"en"}
    assert {path.parts[-3] for path in OURS} == languages == set(FORMS)


def test_the_catalogues_hold_the_same_messages() -> None:
    held = [{(e.msgctxt, e.msgid) for e in polib.pofile(str(path))} for path in OURS]
    assert all(messages == held[0] for messages in held)


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_nothing_is_left_unsaid(path: Path) -> None:
    unsaid = [e.msgid for e in polib.pofile(str(path)) if not all(t.strip() for t in _said(e))]
    assert unsaid == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_white_space_at_either_end_is_kept(path: Path) -> None:
    changed = [
        (entry.msgid, said)
        for entry in polib.pofile(str(path))
        for said in _said(entry)
        if _ends(said) != _ends(entry.msgid)
    ]
    assert changed == []


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@pytest.mark.parametrize("path", OF_PACKAGES, ids=lambda path: path.parts[-3])
def test_what_we_say_for_packages_is_what_they_ask(path: Path) -> None:
    """A message that the package no longer has, or has in other words, would do nothing."""
    asked = {
        (entry.msgctxt, entry.msgid, entry.msgid_plural)
        for source in PACKAGES
        for entry in polib.pofile(str(source))
    }
    said = {(e.msgctxt, e.msgid, e.msgid_plural) for e in polib.pofile(str(path))}
    assert said - asked == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_translations_keep_placeholders_and_tags(path: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(path)):
        sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        names = {name for source in sources for name in PLACEHOLDER.findall(source)}
        tags = Counter(TAG.findall(entry.msgid))
        figure_in_words = FORMS[path.parts[-3]][1] if entry.msgid_plural else 0
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
                and sorted(BARE.findall(said)) == sorted(BARE.findall(entry.msgid))
            )
            if not kept:
                wrong.append((entry.msgid, said))
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_no_translation_is_a_guess(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert catalogue.fuzzy_entries() == []
    assert catalogue.obsolete_entries() == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-4:-2]))
def test_plurals_have_every_form_of_the_language(path: Path) -> None:
    forms = FORMS[path.parts[-3]][0]
    catalogue = polib.pofile(str(path))
    assert catalogue.metadata["Plural-Forms"].startswith(f"nplurals={forms};")
    for entry in catalogue:
        if entry.msgid_plural:
            assert len(_said(entry)) == forms, entry.msgid
