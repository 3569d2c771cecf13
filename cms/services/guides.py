"""Load the pages that explain, from text files, in every language they are written in."""

import json
import uuid
from pathlib import Path
from typing import NoReturn

from django.db import transaction
from wagtail.models import Locale

from cms.models import GuidePage, HomePage
from cms.models.base import SOURCE_LANGUAGE
from cms.rules.starter_files import UnreadableStarterFile, read_starter_file
from cms.services.site import stream_data, synchronise_trees

NAMESPACE = uuid.UUID("6f0b1a44-6f4a-4f0c-8f0e-0f3e3d1c9a51")


def load_guides(*, folder: Path, home: HomePage) -> int:
    """Make the guide pages that are not there yet; return how many.

    A page that is there is the educators' to edit and stays as it is. Files are
    `<slug>.<language>.md`.

    Raises: UnreadableStarterFile.
    Writes: Page. Safe to repeat.
    """
    made = 0
    with transaction.atomic():
        for file in sorted(folder.glob(f"*.{SOURCE_LANGUAGE}.md")):
            made += _make(file, home=home)
    if made:
        synchronise_trees()
    with transaction.atomic():
        for locale in Locale.objects.exclude(language_code=SOURCE_LANGUAGE):
            for file in sorted(folder.glob(f"*.{locale.language_code}.md")):
                made += _make_translation(file, locale=locale)
    return made


def _key(file: Path) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, file.name.split(".")[0])


def _make(file: Path, *, home: HomePage) -> int:
    if GuidePage.objects.filter(translation_key=_key(file), locale=home.locale).exists():
        return 0
    page = GuidePage(slug=file.name.split(".")[0], locale=home.locale, translation_key=_key(file))
    _fill(page, file)
    HomePage.objects.get(pk=home.pk).add_child(instance=page)
    page.save_revision().publish()
    return 1


def _make_translation(file: Path, *, locale: Locale) -> int:
    """Turn the stand-in that shows the source into the translation."""
    page = GuidePage.objects.filter(translation_key=_key(file), locale=locale).first()
    if page is None or page.alias_of_id is None:
        return 0
    page.alias_of = None
    page.draft_title = ""
    _fill(page, file)
    page.save(clean=False)
    page.save_revision().publish()
    return 1


def _fill(page: GuidePage, file: Path) -> None:
    said = read_starter_file(file.read_text(encoding="utf-8"), name=file.name)
    page.title = page.draft_title = said.title
    page.summary = page.search_description = said.summary
    page.translation_checked_by = said.checked_by
    page.body = json.dumps(
        stream_data(blocks=said.blocks, namespace=page.translation_key, image_for=_no_picture)
    )


def _no_picture(source: str, alt: str) -> NoReturn:
    raise UnreadableStarterFile(f"A guide page cannot hold a picture from a file ({source}).")
