"""The pages that every footer leads to: help, about, privacy, accessibility."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from cms.models import GuidePage, HomePage, LicensedImage
from cms.services import UnreadableStarterFile, read_starter_file, stream_data

NAMESPACE = uuid.UUID("5b0a4e5e-3c0f-4f5c-9c54-3f8d0a6b7f10")


def load_starter_guides(*, folder: Path, home: HomePage) -> list[str]:
    """Make each guide page of `<slug>.en.md` that is not there; return the slugs of the new ones.

    A page that is there is left as it is: an installation's own words about help and privacy
    count for more than ours.

    Raises: UnreadableStarterFile.
    Writes: GuidePage. Safe to repeat.
    """
    made = []
    for file in sorted(folder.glob("*.en.md")):
        slug = file.name.removesuffix(".en.md")
        if GuidePage.objects.child_of(home).filter(slug=slug).exists():
            continue
        said = read_starter_file(file.read_text(encoding="utf-8"), name=file.name)
        key = uuid.uuid5(NAMESPACE, slug)
        page = GuidePage(
            title=said.title,
            slug=slug,
            summary=said.summary,
            search_description=said.summary,
            locale=home.locale,
            translation_key=key,
            body=json.dumps(stream_data(blocks=said.blocks, namespace=key, image_for=_no_pictures)),
        )
        HomePage.objects.get(pk=home.pk).add_child(instance=page)
        page.save_revision().publish()
        made.append(slug)
    return made


def _no_pictures(source: str, alt: str) -> LicensedImage:
    raise UnreadableStarterFile(f"Guide pages have no pictures; take out {source}.")
