"""Load starter courses from their folders into Wagtail; reading twice changes nothing."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringTranslation,
    Translation,
    TranslationContext,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from assessments.models import Quiz
from assessments.services import starter_quiz_uuid
from cms.models import HomePage
from cms.models.base import SOURCE_LANGUAGE
from cms.services import (
    StarterFile,
    UnreadableStarterFile,
    picture,
    read_starter_file,
    stream_data,
    synchronise_trees,
)
from competencies.models import Competency, Level
from learning.models import (
    CourseCompetency,
    CoursePage,
    LearnIndexPage,
    LessonCompetency,
    LessonPage,
    ModulePage,
    StarterPage,
)

NAMESPACE = uuid.UUID("0d3a8f0e-7c1e-4c41-9d0a-64f8c0b8a1c7")
INDEX_TITLES = {"en": "Learn", "cy": "Dysgu", "ar": "تعلّم"}


@dataclass
class LoadedCourses:
    """What loading did, counted in pages."""

    made: int = 0
    changed: int = 0
    same: int = 0
    translated: int = 0
    left_alone: list[str] = field(default_factory=list)


def load_starter_courses(
    *,
    folder: Path,
    home: HomePage,
    at: datetime,
    progress: Callable[[str], None] = lambda line: None,
) -> LoadedCourses:
    """Make or bring up to date the pages of every course in ``folder``.

    A course goes in whole or not at all. A page that an educator has edited since is left alone.

    Args:
        folder: holds a folder for each course.
        home: the home page in the source language.
        at: when what the courses show begins to count.
        progress: is told of each course.

    Raises:
        UnreadableStarterFile: with the file's name and what to do.
    """
    done = LoadedCourses()
    index = _index(home)
    for course_folder in sorted(
        path for path in folder.iterdir() if (path / "course.en.md").is_file()
    ):
        with transaction.atomic():
            _load_course(course_folder, index=index, at=at, done=done)
        progress(course_folder.name)
    synchronise_trees()
    _name_index(index)
    for course_folder in sorted(
        path for path in folder.iterdir() if (path / "course.en.md").is_file()
    ):
        with transaction.atomic():
            _load_translations(course_folder, done=done)
    return done


def _index(home: HomePage) -> LearnIndexPage:
    found = LearnIndexPage.objects.filter(locale=home.locale).first()
    if found is not None:
        return found
    index = LearnIndexPage(title=INDEX_TITLES["en"], slug="learn", locale=home.locale)
    home.add_child(instance=index)
    index.save_revision().publish()
    return index


def _name_index(index: LearnIndexPage) -> None:
    """Give the stand-ins for the list of courses a title of their own language."""
    stand_ins = LearnIndexPage.objects.filter(
        translation_key=index.translation_key, alias_of__isnull=False
    ).select_related("locale")
    for page in stand_ins:
        title = INDEX_TITLES.get(page.locale.language_code)
        if title is None:
            continue
        page.alias_of = None
        page.title = page.draft_title = title
        page.save(clean=False)
        page.save_revision().publish()


def _load_course(folder: Path, *, index: LearnIndexPage, at: datetime, done: LoadedCourses) -> None:
    course = _load_page(
        folder / "course.en.md",
        key=folder.name,
        slug=folder.name,
        model=CoursePage,
        parent=index,
        images=folder,
        done=done,
    )
    for module_folder in _parts(folder):
        name = f"{folder.name}/{module_folder.name}"
        module = _load_page(
            module_folder / "module.en.md",
            key=name,
            slug=_slug(module_folder.name),
            model=ModulePage,
            parent=course,
            images=folder,
            done=done,
        )
        for file in sorted(module_folder.glob("[0-9]*.en.md")):
            stem = file.name.removesuffix(".en.md")
            _load_page(
                file,
                key=f"{name}/{stem}",
                slug=_slug(stem),
                model=LessonPage,
                parent=module,
                images=folder,
                done=done,
            )


def _parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if (path / "module.en.md").is_file())


def _slug(name: str) -> str:
    return name.split("-", 1)[1] if name[:1].isdigit() and "-" in name else name


def _load_page(
    file: Path,
    *,
    key: str,
    slug: str,
    model: type[CoursePage] | type[ModulePage] | type[LessonPage],
    parent: Page,
    images: Path,
    done: LoadedCourses,
) -> Page:
    text = file.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = StarterPage.objects.filter(path=f"{key}.en").first()
    # Wagtail's page manager has no types
    page: Any = model.objects.filter(pk=row.page_id).first() if row else None  # type: ignore[misc]
    if row and page and row.sha256 == digest:
        done.same += 1
        return page
    if row and page and page.latest_revision_id != row.revision_id:
        done.left_alone.append(f"{key}: edited here since it was loaded")
        return page
    said = read_starter_file(text, name=f"{key}.en.md")
    is_new = page is None
    translation_key = uuid.uuid5(NAMESPACE, key)
    if page is None:
        page = model(slug=slug, locale=parent.locale, translation_key=translation_key)
    _fill(page, said, images=images, name=key)
    if is_new:
        parent.refresh_from_db()
        parent.add_child(instance=page)
    revision = page.save_revision()
    revision.publish()
    StarterPage.objects.update_or_create(
        path=f"{key}.en",
        defaults={"sha256": digest, "page_id": page.pk, "revision_id": revision.pk},
    )
    done.made += is_new
    done.changed += not is_new
    return model.objects.get(pk=page.pk)


def _fill(page: Page, said: StarterFile, *, images: Path, name: str) -> None:
    page.title, page.summary, page.search_description = said.title, said.summary, said.summary
    page.draft_title = said.title
    body = json.dumps(
        stream_data(
            blocks=said.blocks,
            namespace=page.translation_key,
            image_for=partial(_image, images),
            quiz_for=partial(_quiz, name),
        )
    )
    if isinstance(page, CoursePage):
        page.audience, page.intro = said.audience, body
        # modelcluster lets a page's children be set as a list
        page.competencies_shown = _shown(said, CourseCompetency, name=name)  # type: ignore[misc]
    elif isinstance(page, LessonPage):
        page.minutes, page.body = said.minutes or 5, body
        page.competencies_shown = _shown(said, LessonCompetency, name=name)
    elif said.blocks:
        page.intro = body


def _image(folder: Path, source: str, alt: str) -> Any:
    return picture(file=folder / source, title=alt)


def _quiz(name: str, key: str) -> int:
    quiz = Quiz.objects.filter(uuid=starter_quiz_uuid(key)).first()
    if quiz is None:
        raise UnreadableStarterFile(
            f"{name}: there is no quiz called {key}; it needs a file in assessments/starter/, and "
            "quizzes are loaded before courses."
        )
    return int(quiz.pk)


def _shown(
    said: StarterFile, model: type[CourseCompetency] | type[LessonCompetency], *, name: str
) -> list[Any]:
    rows: list[Any] = []
    for code, level_key in said.proves:
        competency = Competency.objects.filter(
            framework__is_shared=True, versions__code=code
        ).first()
        level = Level.objects.filter(framework__is_shared=True, key=level_key).first()
        if competency is None or level is None:
            raise UnreadableStarterFile(
                f"{name}: the shared framework has no {code} at level {level_key}."
            )
        rows.append(
            model(
                competency=competency,
                level=level,
                # whoever finished the course elsewhere or before has shown the same
                counts_past=True,
                sort_order=len(rows),
            )
        )
    return rows


def _load_translations(folder: Path, *, done: LoadedCourses) -> None:
    files = [(folder / "course", folder.name)]
    for module_folder in _parts(folder):
        name = f"{folder.name}/{module_folder.name}"
        files.append((module_folder / "module", name))
        files.extend(
            (module_folder / stem, f"{name}/{stem}")
            for stem in sorted(
                file.name.removesuffix(".en.md") for file in module_folder.glob("[0-9]*.en.md")
            )
        )
    for locale in Locale.objects.exclude(language_code=SOURCE_LANGUAGE):
        for stem, key in files:
            file = stem.with_name(f"{stem.name}.{locale.language_code}.md")
            if file.is_file():
                _translate_page(file, key=key, locale=locale, images=folder, done=done)


def _translate_page(
    file: Path, *, key: str, locale: Locale, images: Path, done: LoadedCourses
) -> None:
    source_row = StarterPage.objects.get(path=f"{key}.en")
    text = file.read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{source_row.sha256}{text}".encode()).hexdigest()
    path = f"{key}.{locale.language_code}"
    row = StarterPage.objects.filter(path=path).first()
    if row and row.sha256 == digest:
        done.same += 1
        return
    source_page = source_row.page.specific
    said = read_starter_file(text, name=f"{path}.md")
    source, _ = TranslationSource.update_or_create_from_instance(source_page)
    translation, _ = Translation.objects.get_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    target = _in_translation(source_page, said, images=images, name=path)
    pairs = _segment_pairs(source_page, target, name=path)
    for segment_path, original, translated in pairs:
        string = String.objects.filter(
            locale=source.locale, data_hash=String._get_data_hash(original)
        ).first()
        context = TranslationContext.objects.filter(
            object_id=source.object_id, path=segment_path
        ).first()
        if string is None or context is None:
            continue
        StringTranslation.objects.update_or_create(
            translation_of=string,
            locale=locale,
            context=context,
            defaults={
                "data": translated,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": "starter",
            },
        )
    translation.save_target(publish=True)
    page = source_page.get_translation(locale).specific
    has_own_pictures = _use_pictures(page, target)
    if has_own_pictures or page.translation_checked_by != said.checked_by:
        page.translation_checked_by = said.checked_by
        page.save_revision().publish()
    page.refresh_from_db()
    StarterPage.objects.update_or_create(
        path=path,
        defaults={"sha256": digest, "page_id": page.pk, "revision_id": page.latest_revision_id},
    )
    done.translated += 1


def _in_translation(source_page: Page, said: StarterFile, *, images: Path, name: str) -> Page:
    """The source page with the words and pictures of a translation, not to be saved."""
    target = type(source_page)(
        locale=source_page.locale,
        translation_key=source_page.translation_key,
        slug=source_page.slug,
    )
    target.pk = source_page.pk
    _fill(target, StarterFile(**{**vars(said), "proves": ()}), images=images, name=name)
    return target


def _use_pictures(page: Page, target: Page) -> bool:
    """Give a translated page the pictures of its own language; return whether any differ.

    A picture is no text, so a synchronised translation has the one of its source.
    """
    if not isinstance(page, LessonPage):
        return False
    wanted = {
        block["id"]: block["value"]["image"]["image"]
        for block in target.body.get_prep_value()
        if block["type"] == "image"
    }
    body = page.body.get_prep_value()
    changed = [
        block
        for block in body
        if block["type"] == "image" and block["value"]["image"]["image"] != wanted[block["id"]]
    ]
    for block in changed:
        block["value"]["image"]["image"] = wanted[block["id"]]
    page.body = json.dumps(body)
    return bool(changed)


def _segment_pairs(source_page: Page, target: Page, *, name: str) -> list[tuple[str, str, str]]:
    """Pair each text of the source with its translation: same path, same place within it."""
    sides = []
    for page in (source_page, target):
        by_path: dict[str, list[str]] = {}
        for segment in extract_segments(page):
            if isinstance(segment, StringSegmentValue):
                by_path.setdefault(segment.path, []).append(segment.string.data)
        sides.append(by_path)
    originals, translations = sides
    pairs: list[tuple[str, str, str]] = []
    for path, strings in originals.items():
        others = translations.get(path, [])
        if path == "slug":  # one address in every language
            pairs.extend((path, one, one) for one in strings)
            continue
        if len(others) != len(strings):
            raise UnreadableStarterFile(
                f"{name}: the part {path} has {len(others)} paragraphs where the original has "
                f"{len(strings)}; give each paragraph, heading and list item its translation."
            )
        pairs.extend((path, one, other) for one, other in zip(strings, others, strict=True))
    return pairs
