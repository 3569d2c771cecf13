"""The starter frameworks and roles go in once, and changed files become new versions."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from django.template import Context, Template

from cms.models import TranslatedText
from cms.queries import texts_for
from competencies.enums import FrameworkStatus, Importance
from competencies.models import (
    Competency,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    Role,
    RoleRequirement,
)
from competencies.queries import shared_functions
from competencies.rules.documents import competency_uuid
from competencies.services import StarterFileWrong, load_starter_framework
from competencies.services.starter import STARTER

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "starter"))


def counts() -> dict[str, int]:
    models = (Framework, FrameworkVersion, Level, Competency, CompetencyVersion, Role)
    return {model.__name__: model.objects.count() for model in (*models, TranslatedText)}


def rewrite(path: Path, **changes: object) -> None:
    path.write_text(
        yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | changes, allow_unicode=True),
        "utf-8",
    )


def test_everything_in_the_files_goes_in() -> None:
    load_starter_framework(at=AT)

    functions = shared_functions()
    said = yaml.safe_load((STARTER / "frameworks/shared-core-functions.yaml").read_text("utf-8"))
    assert [(f.code, [p.code for p in parts]) for f, parts in functions] == [
        (f["code"], [c["code"] for c in f["competencies"]]) for f in said["functions"]
    ]
    framework = Framework.objects.get()
    assert framework.is_shared
    assert framework.uuid == UUID(said["identifier"])
    assert list(framework.levels.order_by("rank").values_list("key", flat=True)) == [
        "essential",
        "enhanced",
        "expert",
    ]
    first = functions[0][1][0]
    assert first.competency.uuid == competency_uuid(framework.uuid, "F1.1")
    assert {d.level.key: d.text for d in first.level_descriptors.select_related("level")} == said[
        "functions"
    ][0]["competencies"][0]["levels"]
    assert Role.objects.count() == len(list((STARTER / "roles").glob("*.yaml")))


def test_second_time_changes_nothing() -> None:
    load_starter_framework(at=AT)
    before = counts()

    done = load_starter_framework(at=LATER)

    assert (done.changed, done.texts) == (0, 0)
    assert counts() == before


def test_changed_words_become_a_new_version_with_the_same_competencies(
    folder: Path, django_capture_on_commit_callbacks
) -> None:
    load_starter_framework(at=AT, folder=folder)
    before = set(Competency.objects.values_list("pk", "uuid"))
    path = folder / "frameworks/shared-core-functions.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Ask what matters", "title: Ask first"))

    load_starter_framework(at=LATER, folder=folder)

    assert set(Competency.objects.values_list("pk", "uuid")) == before
    assert list(FrameworkVersion.objects.order_by("number").values_list("number", "status")) == [
        (1, FrameworkStatus.SUPERSEDED),
        (2, FrameworkStatus.PUBLISHED),
    ]
    texts = CompetencyVersion.objects.filter(code="F1.1").order_by("version__number")
    assert [(t.title, t.changed_at) for t in texts] == [
        ("Ask what matters", AT),
        ("Ask first", LATER),
    ]
    unchanged = CompetencyVersion.objects.get(code="F1.2", version__number=2)
    assert unchanged.changed_at == AT


def test_changed_role_file_replaces_what_it_requires(folder: Path) -> None:
    load_starter_framework(at=AT, folder=folder)
    row = {"competency": "F1.1", "level": "expert", "importance": "useful"}
    rewrite(folder / "roles/volunteer.yaml", requires=[row], title="Helper")

    load_starter_framework(at=LATER, folder=folder)

    role = Role.objects.get(slug="volunteer")
    assert role.title == "Helper"
    [requirement] = RoleRequirement.objects.filter(role=role)
    assert (requirement.level.key, requirement.importance) == ("expert", Importance.USEFUL)


def test_correction_made_in_the_editor_stays_until_the_file_changes() -> None:
    load_starter_framework(at=AT)
    Role.objects.filter(slug="volunteer").update(title="Neighbour")

    load_starter_framework(at=LATER)

    assert Role.objects.get(slug="volunteer").title == "Neighbour"


def test_role_that_names_an_unknown_competency_stores_nothing(folder: Path) -> None:
    row = {"competency": "F99.9", "level": "expert", "importance": "useful"}
    rewrite(folder / "roles/volunteer.yaml", requires=[row])

    with pytest.raises(StarterFileWrong, match=r"volunteer: 'F99\.9' is no competency or level"):
        load_starter_framework(at=AT, folder=folder)
    assert set(counts().values()) == {0}


def test_translations_are_said_in_their_language_and_marked_unchecked() -> None:
    load_starter_framework(at=AT)
    item = CompetencyVersion.objects.select_related("competency").get(code="F1.1")
    subject = item.competency.uuid

    welsh = texts_for(subject_uuids=[subject], language="cy")
    said = welsh.say(subject, "title", item.title)
    assert (said.value, said.language, said.is_unchecked) == (
        "Gofyn beth sy'n bwysig",
        "cy",
        True,
    )
    assert welsh.say(subject, "level.essential", "").value.startswith("Yn gofyn i bob person")
    assert Template("{{ said }}").render(Context({"said": said})) == "Gofyn beth sy&#x27;n bwysig"


def test_text_without_translation_carries_its_own_language() -> None:
    subject = UUID(int=7)

    said = texts_for(subject_uuids=[subject], language="ar").say(subject, "title", "Ask <first>")

    assert said.is_foreign
    assert not said.is_unchecked
    assert (
        Template("{{ said }}").render(Context({"said": said}))
        == '<span lang="en" dir="ltr">Ask &lt;first&gt;</span>'
    )


def test_texts_take_one_query_however_many(django_assert_num_queries) -> None:
    load_starter_framework(at=AT)
    uuids = list(Competency.objects.order_by("pk").values_list("uuid", flat=True))

    for n in (1, 3):
        with django_assert_num_queries(1):
            texts_for(subject_uuids=uuids[:n], language="cy")
