"""Questions about courses and a learner's way through them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale, Page

from cms.queries import Said, texts_for
from competencies.enums import FrameworkStatus
from competencies.models import ActivityMapping, CompetencyVersion
from competencies.queries import LearnerStanding, open_mappings
from learning.enums import LessonState, NextReason
from learning.models import (
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
    ModulePage,
    StepAnswer,
)
from learning.rules.sequencing import Progress, Step, is_open, next_step, progress
from organisations.enums import Visibility
from organisations.models import Membership, User
from organisations.queries import iri_base

Viewer = User | AnonymousUser
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class LessonLine:
    """A lesson in a list: the page in the language read, and where the learner is with it."""

    page: LessonPage
    key: UUID
    state: LessonState
    is_open: bool
    completed_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.state == LessonState.COMPLETED


@dataclass(frozen=True)
class ModuleLine:
    """A module with its lessons."""

    page: ModulePage
    lessons: tuple[LessonLine, ...]

    @property
    def minutes(self) -> int:
        return sum(line.page.minutes for line in self.lessons)


@dataclass(frozen=True)
class Outline:
    """A course as one learner sees it now."""

    course: CoursePage
    modules: tuple[ModuleLine, ...]
    progress: Progress
    enrolment: Enrolment | None
    next_lesson: LessonLine | None
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def lessons(self) -> list[LessonLine]:
        return [line for module in self.modules for line in module.lessons]

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    def line(self, key: UUID) -> LessonLine | None:
        """The lesson with this key, or None."""
        return next((line for line in self.lessons if line.key == key), None)

    def after(self, key: UUID) -> LessonLine | None:
        """The next lesson that is not done, after this one."""
        done = {line.key for line in self.lessons if line.is_done}
        step = next_step(steps=self.steps, completed=done, after=key)
        return self.line(step.key) if step and step.key != key else None


def courses_open_to(viewer: Viewer) -> QuerySet[CoursePage]:
    """Return the live courses that this person, or anybody, may see; every language of them."""
    rule = Q(visibility=Visibility.PUBLIC)
    if viewer.is_authenticated:
        employers = (
            Membership.objects.active_on(timezone.localdate())
            .filter(person=viewer, organisation__isnull=False)
            .values("organisation")
        )
        rule |= (
            Q(visibility=Visibility.SIGNED_IN)
            | Q(visibility=Visibility.ORGANISATIONS, visible_to__in=employers)
            | Q(owner_organisation__in=employers)
        )
        if viewer.is_superuser:
            rule = Q()
    allowed = CoursePage.objects.filter(rule).values("pk")
    return CoursePage.objects.live().filter(pk__in=allowed)


def may_see_page(viewer: Viewer, page: Page) -> bool:
    """Return whether a course, or the course that a module or lesson is in, is open to a person."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    in_course = CoursePage.objects.filter(path__in=paths)
    return not in_course.exists() or courses_open_to(viewer).filter(path__in=paths).exists()


def course_of(page: Page) -> CoursePage:
    """Return the course that a module or lesson is in."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return CoursePage.objects.get(path__in=paths)


def lesson_by_key(*, viewer: Viewer, key: UUID, language: str | None = None) -> LessonPage | None:
    """Return a live lesson that the viewer may see, in this language if it is there."""
    pages = list(LessonPage.objects.live().filter(translation_key=key).select_related("locale"))
    order = [language or get_language() or SOURCE_LANGUAGE, SOURCE_LANGUAGE]
    pages.sort(
        key=lambda page: (
            order.index(page.locale.language_code)
            if page.locale.language_code in order
            else len(order)
        )
    )
    return next((page for page in pages if may_see_page(viewer, page)), None)


def course_outline(*, viewer: Viewer, course: CoursePage) -> Outline:
    """Return the course as the viewer sees it now. At most five queries at any size."""
    return outlines(viewer=viewer, courses=[course])[0]


def outlines(*, viewer: Viewer, courses: Iterable[CoursePage]) -> list[Outline]:
    """Return several courses as the viewer sees them now. At most five queries in all."""
    courses = list(courses)
    if not courses:
        return []
    inside = Q()
    for course in courses:
        inside |= Q(path__startswith=course.path)
    modules = list(ModulePage.objects.live().filter(inside).order_by("path"))
    lessons = list(LessonPage.objects.live().filter(inside).defer("body").order_by("path"))
    keys = [course.translation_key for course in courses]
    enrolments: dict[UUID, Enrolment] = {}
    rows: dict[UUID, LessonProgress] = {}
    if viewer.is_authenticated:
        enrolments = {
            row.course_key: row
            for row in Enrolment.objects.filter(person=viewer, course_key__in=keys)
        }
        rows = {
            row.lesson_key: row
            for row in LessonProgress.objects.filter(
                person=viewer, lesson_key__in=[lesson.translation_key for lesson in lessons]
            )
        }
    return [
        _outline(
            course=course,
            modules=[page for page in modules if page.path.startswith(course.path)],
            lessons=[page for page in lessons if page.path.startswith(course.path)],
            enrolment=enrolments.get(course.translation_key),
            rows=rows,
        )
        for course in courses
    ]


def _outline(
    *,
    course: CoursePage,
    modules: list[ModulePage],
    lessons: list[LessonPage],
    enrolment: Enrolment | None,
    rows: dict[UUID, LessonProgress],
) -> Outline:
    in_module: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in lessons:
        in_module[lesson.path[: -lesson.steplen]].append(lesson)
    ordered = [lesson for module in modules for lesson in in_module[module.path]]
    steps = tuple(
        Step(lesson.translation_key, lesson.is_required, lesson.minutes) for lesson in ordered
    )
    completed = {
        key
        for key in (step.key for step in steps)
        if key in rows and rows[key].state == LessonState.COMPLETED
    }

    def line(page: LessonPage) -> LessonLine:
        row = rows.get(page.translation_key)
        return LessonLine(
            page=page,
            key=page.translation_key,
            state=LessonState(row.state) if row else LessonState.NOT_STARTED,
            is_open=is_open(
                key=page.translation_key,
                steps=steps,
                completed=completed,
                is_in_order=course.is_in_order,
            ),
            completed_at=row.completed_at if row else None,
        )

    lines = tuple(
        ModuleLine(page=module, lessons=tuple(line(page) for page in in_module[module.path]))
        for module in modules
    )
    started = [
        row for row in (rows.get(step.key) for step in steps) if row and not row.completed_at
    ]
    latest = max(started, key=lambda row: row.seen_at, default=None)
    step = next_step(steps=steps, completed=completed)
    wanted = latest.lesson_key if latest else (step.key if step else None)
    following = next((one for module in lines for one in module.lessons if one.key == wanted), None)
    return Outline(
        course=course,
        modules=lines,
        progress=progress(steps=steps, completed=completed),
        enrolment=enrolment,
        next_lesson=following,
        steps=steps,
    )


def in_language(courses: Iterable[CoursePage], *, language: str) -> list[CoursePage]:
    """Return one page for each course: in this language if there is one, else in its own."""
    best: dict[UUID, CoursePage] = {}
    for course in courses:
        had = best.get(course.translation_key)
        code = course.locale.language_code
        if (
            had is None
            or code == language
            or (code == SOURCE_LANGUAGE and had.locale.language_code != language)
        ):
            best[course.translation_key] = course
    return list(best.values())


def course_list(*, viewer: Viewer, language: str) -> list[Outline]:
    """Return every course the viewer may see, in this language where it is there."""
    pages = courses_open_to(viewer).select_related("locale").order_by("path")
    chosen = in_language(pages, language=language)
    source = {
        page.translation_key: place
        for place, page in enumerate(pages)
        if page.locale.language_code == SOURCE_LANGUAGE
    }
    chosen.sort(key=lambda page: (source.get(page.translation_key, len(source)), page.pk))
    return outlines(viewer=viewer, courses=chosen)


def my_courses(*, viewer: User, language: str) -> list[Outline]:
    """Return the courses the person is enrolled in and has not left, unfinished ones first."""
    keys = list(
        Enrolment.objects.filter(person=viewer, left_at__isnull=True).values_list(
            "course_key", flat=True
        )
    )
    pages = (
        courses_open_to(viewer)
        .filter(translation_key__in=keys)
        .select_related("locale")
        .order_by("path")
    )
    found = outlines(viewer=viewer, courses=in_language(pages, language=language))
    return sorted(
        found,
        key=lambda outline: (
            outline.progress.is_finished,
            -(outline.enrolment.started_at.timestamp() if outline.enrolment else 0),
        ),
    )


def answers_for(*, viewer: Viewer, lesson_key: UUID) -> dict[str, StepAnswer]:
    """Return the person's own answers in a lesson, by block."""
    if not viewer.is_authenticated:
        return {}
    return {
        row.block_key: row
        for row in StepAnswer.objects.filter(person=viewer, lesson_key=lesson_key)
    }


def courses_for_activities(
    *, viewer: Viewer, activity_iris: Collection[str], language: str
) -> dict[str, Page]:
    """Return the pages behind activities that the viewer may see, by IRI."""
    keys = {}
    for iri in activity_iris:
        try:
            keys[UUID(iri.rsplit("/", 1)[-1])] = iri
        except ValueError:
            continue
    found: dict[str, Page] = {}
    for model in (CoursePage, LessonPage):
        pages = model.objects.live().filter(translation_key__in=keys).select_related("locale")
        for page in sorted(
            pages,
            key=lambda one: (
                one.locale.language_code == language,
                one.locale.language_code == SOURCE_LANGUAGE,
            ),
        ):
            found[keys[page.translation_key]] = page
    if not found:
        return found
    open_paths = tuple(courses_open_to(viewer).values_list("path", flat=True))
    return {iri: page for iri, page in found.items() if page.path.startswith(open_paths or ("-",))}


def language_pages(page: Page) -> dict[str, Page]:
    """Return the live translations of a page, by language code."""
    return {
        one.locale.language_code: one
        for one in page.get_translations(inclusive=True).live().select_related("locale")
    }


def source_locale() -> Locale:
    """Return the language that content is written in first."""
    return Locale.objects.get(language_code=SOURCE_LANGUAGE)


@dataclass(frozen=True)
class OptionView:
    """An answer to choose, as one learner sees it."""

    place: int
    text: str
    is_right: bool
    feedback: str
    is_chosen: bool


@dataclass(frozen=True)
class BlockView:
    """A block of a lesson's body, with what the learner answered if it asks for something."""

    block: Any
    answer: StepAnswer | None = None
    options: tuple[OptionView, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.block.block_type)

    @property
    def key(self) -> str:
        return str(self.block.id)

    @property
    def takes_several(self) -> bool:
        return sum(option.is_right for option in self.options) > 1

    @property
    def feedback(self) -> list[OptionView]:
        """What to say: about each answer that was chosen."""
        return [option for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class LessonView:
    """A lesson as one learner sees it: its place in the course, and its blocks with answers."""

    course: CoursePage
    outline: Outline
    line: LessonLine | None
    place: int
    previous: LessonLine | None
    following: LessonLine | None
    blocks: tuple[BlockView, ...]
    shown: tuple[Any, ...]

    @property
    def steps_to_do(self) -> int:
        return sum(1 for block in self.blocks if block.options or block.kind == "reflection")

    @property
    def steps_done(self) -> int:
        return sum(1 for block in self.blocks if block.answer is not None)


def lesson_view(*, viewer: Viewer, lesson: LessonPage) -> LessonView:
    """Return a lesson as the viewer sees it. A fixed number of queries."""
    course = course_of(lesson)
    outline = course_outline(viewer=viewer, course=course)
    lines = outline.lessons
    place = next((at for at, line in enumerate(lines) if line.key == lesson.translation_key), None)
    answers = answers_for(viewer=viewer, lesson_key=lesson.translation_key)
    return LessonView(
        course=course,
        outline=outline,
        line=None if place is None else lines[place],
        place=0 if place is None else place + 1,
        previous=lines[place - 1] if place else None,
        following=lines[place + 1] if place is not None and place + 1 < len(lines) else None,
        blocks=tuple(_block_view(block, answers.get(str(block.id))) for block in lesson.body),
        shown=tuple(lesson.competencies_shown.select_related("competency", "level")),
    )


def _block_view(block: Any, answer: StepAnswer | None) -> BlockView:
    if block.block_type != "check":
        return BlockView(block=block, answer=answer)
    chosen = set(answer.answer.get("chosen", ())) if answer else set()
    return BlockView(
        block=block,
        answer=answer,
        options=tuple(
            OptionView(
                place=place,
                text=option["text"],
                is_right=bool(option["is_right"]),
                feedback=option["feedback"],
                is_chosen=place in chosen,
            )
            for place, option in enumerate(block.value["options"])
        ),
    )


@dataclass(frozen=True)
class NextThing:
    """Something worth doing next, and why."""

    page: Page
    item: CompetencyVersion
    reason: NextReason


def what_next(
    *, viewer: User, standing: LearnerStanding, language: str, most: int = 3
) -> list[NextThing]:
    """Return what would move the person on against their roles: essential gaps first.

    A fixed number of queries.
    """
    gaps = [
        line
        for function in standing.functions
        for line in function.lines
        if line.needed is not None and not line.is_met
    ]
    gaps.sort(key=lambda line: (not line.is_essential, line.standing.rank is not None))
    mappings: dict[int, list[ActivityMapping]] = defaultdict(list)
    for row in open_mappings(competency_ids=[line.item.competency_id for line in gaps]):
        mappings[row.competency_id].append(row)
    pages = courses_for_activities(
        viewer=viewer,
        activity_iris={row.activity_iri for rows in mappings.values() for row in rows},
        language=language,
    )
    done = {
        f"{iri_base()}/activities/lesson/{key}"
        for key in LessonProgress.objects.filter(
            person=viewer, state=LessonState.COMPLETED
        ).values_list("lesson_key", flat=True)
    }
    found: dict[int, NextThing] = {}
    for line in gaps:
        for row in mappings[line.item.competency_id]:
            page = pages.get(row.activity_iri)
            if page is None or row.activity_iri in done or page.pk in found:
                continue
            if row.level.rank <= (line.standing.rank or 0):
                continue
            found[page.pk] = NextThing(
                page=page,
                item=line.item,
                reason=NextReason.ESSENTIAL if line.is_essential else NextReason.USEFUL,
            )
            break
        if len(found) == most:
            break
    return list(found.values())


@dataclass(frozen=True)
class ShownLine:
    """A competency at a level that finishing a page shows."""

    title: Said
    level: Said
    url: str


def shown_lines(*, page: CoursePage | LessonPage) -> list[ShownLine]:
    """Return what finishing a page shows, in words of the language read. Three queries."""
    rows = list(page.competencies_shown.select_related("competency__framework", "level"))
    items = {
        item.competency_id: item
        for item in CompetencyVersion.objects.filter(
            competency_id__in=[row.competency_id for row in rows],
            version__status=FrameworkStatus.PUBLISHED,
        )
    }
    words = texts_for(
        subject_uuids=[row.competency.uuid for row in rows] + [row.level.uuid for row in rows],
        language=get_language() or SOURCE_LANGUAGE,
    )
    return [
        ShownLine(
            title=words.say(row.competency.uuid, "title", items[row.competency_id].short_title),
            level=words.say(row.level.uuid, "name", row.level.name),
            url=f"/frameworks/{row.competency.framework.slug}/{items[row.competency_id].code}/",
        )
        for row in rows
        if row.competency_id in items
    ]
