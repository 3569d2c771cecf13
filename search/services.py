"""Keeping the index true where nothing was saved one by one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from wagtail.search.backends import get_search_backends

from cms.models import TranslatedText
from competencies.models import CompetencyVersion, Role

BATCH = 500


def index_competencies(*, competency_ids: Collection[int]) -> int:
    """Index again what these competencies say in every version; return how many texts that is.

    Writes: the search index. Safe to repeat.
    """
    return _index(
        CompetencyVersion,
        CompetencyVersion.objects.filter(competency_id__in=competency_ids),
        subject="competency",
    )


def index_translated(*, subject_uuids: Collection[UUID]) -> int:
    """Index again what has these translations; return how many things that is.

    Writes: the search index. Safe to repeat.
    """
    items = CompetencyVersion.objects.filter(competency__uuid__in=subject_uuids)
    roles = Role.objects.filter(uuid__in=subject_uuids)
    return _index(CompetencyVersion, items, subject="competency") + _index(Role, roles)


def _index(model: type[Model], rows: QuerySet[Any], *, subject: str = "") -> int:
    """Index rows in batches. ``subject`` is where the uuid is that translations hang on."""
    done = 0
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        objects = model.get_indexed_objects()  # type: ignore[attr-defined]
        if subject:
            objects = objects.select_related(subject)
        batch = list(objects.filter(pk__in=keys[start : start + BATCH]))
        _set_translated_words(batch, subject)
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, batch)
        done += len(batch)
    return done


def _set_translated_words(batch: Collection[Any], subject: str) -> None:
    def uuid_of(row: Any) -> UUID:
        return (getattr(row, subject) if subject else row).uuid

    words: dict[UUID, list[str]] = {uuid_of(row): [] for row in batch}
    texts = TranslatedText.objects.filter(subject_uuid__in=words).order_by("pk")
    for uuid, text in texts.values_list("subject_uuid", "text"):
        words[uuid].append(text)
    for row in batch:
        row.translated_words = "\n".join(words[uuid_of(row)])
