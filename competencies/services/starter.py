"""Loading the frameworks and roles that come with Careweave."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cms.models import TranslatedText
from cms.signals import texts_changed
from competencies.importers.starter import (
    StarterFileWrong,
    StarterRole,
    Translation,
    read_frameworks,
    read_roles,
    read_translations,
)
from competencies.models import Competency, Framework, Level, Role
from competencies.services.frameworks import import_document
from competencies.services.roles import RequiredCompetency, save_role

STARTER = Path(__file__).resolve().parent.parent / "starter"


@dataclass(frozen=True)
class LoadedStarter:
    """How many were read, and how many of them had changed since last time."""

    frameworks: int
    roles: int
    texts: int
    changed: int


@transaction.atomic
def load_starter_framework(*, at: datetime, folder: Path = STARTER) -> LoadedStarter:
    """Make frameworks, roles and their translations say what the starter files say.

    A file that has not changed since it was last read changes nothing, so corrections made in the
    editor stay until the file itself changes.

    Raises:
        StarterFileWrong: a file cannot be read; nothing is stored.

    Writes: as import_document and save_role, and TranslatedText. Safe to repeat.
    """
    changed = texts = 0
    documents = read_frameworks(folder / "frameworks")
    for document in documents:
        done = import_document(document=document, at=at)
        changed += done.change != "unchanged"
        framework = done.version.framework
        for translation in read_translations(folder / "frameworks", document):
            if framework.loaded.get(translation.file) == translation.sha256:
                continue
            texts += _store_texts(translation)
            framework.loaded[translation.file] = translation.sha256
            framework.save(update_fields=["loaded"])
            changed += 1
    roles = read_roles(folder / "roles")
    known = dict(Role.objects.values_list("slug", "content_sha256"))
    due = [role for role in roles if known.get(role.slug) != role.sha256]
    for framework_slug in {role.framework for role in due}:
        texts += _store_roles([role for role in due if role.framework == framework_slug])
    return LoadedStarter(
        frameworks=len(documents), roles=len(roles), texts=texts, changed=changed + len(due)
    )


def _store_texts(translation: Translation) -> int:
    TranslatedText.objects.bulk_create(
        [
            TranslatedText(
                subject_uuid=subject,
                field=field,
                language=translation.language,
                text=text,
                checked_by=translation.checked_by,
            )
            for subject, field, text in translation.texts
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["subject_uuid", "language", "field"],
        update_fields=["text", "checked_by"],
    )
    subjects = {subject for subject, _field, _text in translation.texts}
    transaction.on_commit(lambda: texts_changed.send(sender=TranslatedText, subject_uuids=subjects))
    return len(translation.texts)


def _store_roles(roles: list[StarterRole]) -> int:
    """Store roles of one framework; return how many translated texts they have."""
    framework = Framework.objects.filter(slug=roles[0].framework).first()
    if framework is None:
        raise StarterFileWrong(f"{roles[0].slug}: there is no framework “{roles[0].framework}”.")
    competencies = {one.source_identifier: one for one in framework.competencies.all()}
    levels = {one.key: one for one in framework.levels.all()}
    texts = 0
    for role in roles:
        stored = save_role(
            slug=role.slug,
            title=role.title,
            summary=role.summary,
            also_called=role.also_called,
            where_found=role.where_found,
            framework=framework,
            requirements=_requirements(role, competencies, levels),
            content_sha256=role.sha256,
        )
        for language, title, summary, checked_by in role.translations:
            texts += _store_texts(
                Translation(
                    language=language,
                    checked_by=checked_by,
                    texts=((stored.uuid, "title", title), (stored.uuid, "summary", summary)),
                    file="",
                    sha256="",
                )
            )
    return texts


def _requirements(
    role: StarterRole, competencies: dict[str, Competency], levels: dict[str, Level]
) -> list[RequiredCompetency]:
    try:
        return [
            RequiredCompetency(competencies[code], levels[level], importance)
            for code, level, importance in role.requires
        ]
    except KeyError as error:
        raise StarterFileWrong(
            f"{role.slug}: {error} is no competency or level of {role.framework}."
        ) from error
