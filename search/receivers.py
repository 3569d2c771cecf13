"""Hear what changed without being saved one by one."""

from collections.abc import Collection
from uuid import UUID

from django.dispatch import receiver

from cms.signals import texts_changed
from competencies.signals import competency_changed
from search.services import index_competencies, index_translated


@receiver(competency_changed)
def on_competency_changed(competency_ids: Collection[int], **kwargs: object) -> None:
    """Imports write in bulk, which Wagtail does not hear."""
    index_competencies(competency_ids=competency_ids)


@receiver(texts_changed)
def on_texts_changed(subject_uuids: Collection[UUID], **kwargs: object) -> None:
    """What is said in another language is found in that language."""
    index_translated(subject_uuids=subject_uuids)
