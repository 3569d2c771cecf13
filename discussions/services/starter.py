"""Loading the spaces that come with Careweave."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cms.models import TranslatedText
from discussions.importers.spaces import SpacesFileWrong, StarterSpace, read_spaces
from discussions.models import Space
from organisations.enums import Visibility

STARTER = Path(__file__).resolve().parent.parent / "starter"


@dataclass(frozen=True)
class LoadedSpaces:
    """How many the file holds, and how many of them were new."""

    spaces: int
    created: int
    texts: int


@transaction.atomic
def load_starter_spaces(*, at: datetime, folder: Path = STARTER) -> LoadedSpaces:
    """Make the spaces of ``folder``'s file that are not there yet, in every language of the file.

    A space that is there is left as it is: its house rules belong to those who look after it.
    A translation that is missing is added.

    Raises:
        SpacesFileWrong: the file cannot be read; nothing is stored.

    Writes: Space, TranslatedText. Safe to repeat.
    """
    wanted = read_spaces(folder / "spaces.yaml")
    there = {space.slug: space for space in Space.objects.all()}
    created = 0
    texts: list[TranslatedText] = []
    for place, given in enumerate(wanted, start=1):
        space = there.get(given.slug)
        if space is None:
            space = _make(given, position=place * 10, at=at)
            created += 1
        texts.extend(_translations(given, space))
    known = set(
        TranslatedText.objects.filter(
            subject_uuid__in=[row.subject_uuid for row in texts]
        ).values_list("subject_uuid", "field", "language")
    )
    missing = [row for row in texts if (row.subject_uuid, row.field, row.language) not in known]
    TranslatedText.objects.bulk_create(missing)
    return LoadedSpaces(spaces=len(wanted), created=created, texts=len(missing))


def _make(given: StarterSpace, *, position: int, at: datetime) -> Space:
    if given.visibility not in (Visibility.PUBLIC, Visibility.SIGNED_IN):
        raise SpacesFileWrong(f"{given.slug}: “{given.visibility}” is not a visibility for it.")
    return Space.objects.create(
        slug=given.slug,
        language=given.language,
        visibility=given.visibility,
        allows_unnamed=given.allows_unnamed,
        is_for_lessons=given.is_for_lessons,
        position=position,
        created_at=at,
        **given.texts[given.language],
    )


def _translations(given: StarterSpace, space: Space) -> list[TranslatedText]:
    return [
        TranslatedText(
            subject_uuid=space.uuid,
            field=name,
            language=language,
            text=text,
            checked_by=given.checked_by.get(language, ""),
        )
        for language, said in given.texts.items()
        if language != space.language
        for name, text in said.items()
        if text
    ]
