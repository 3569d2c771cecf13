"""A course as one learner sees it: its lessons, what is done, what is next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from learning.enums import LessonState
from learning.models import (
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
    ModulePage,
)
from learning.queries.access import (
    SOURCE_LANGUAGE,
    Viewer,
    courses_open_to,
    deciding_pages,
    in_language,
)
from learning.rules.sequencing import Progress, Step, is_open, next_step, progress
from organisations.models import User


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


def course_outline(*, viewer: Viewer, course: CoursePage) -> Outline:
    """Return the course as the viewer sees it now. At most six queries at any size."""
    return outlines(viewer=viewer, courses=[course])[0]


def outlines(*, viewer: Viewer, courses: Iterable[CoursePage]) -> list[Outline]:
    """Return several courses as the viewer sees them now. At most six queries in all.

    What a course asks for is the same whichever language it is read in: the tree of its deciding
    page (`deciding_pages`) says which modules and lessons there are, in which order; each is shown
    in the language read where it is there, else in that of the deciding page.
    """
    courses = list(courses)
    if not courses:
        return []
    deciding = deciding_pages(courses)
    inside = Q()
    for course in {*courses, *deciding.values()}:
        inside |= Q(path__startswith=course.path)
    modules = list(
        ModulePage.objects.live().filter(inside).select_related("locale").order_by("path")
    )
    lessons = list(
        LessonPage.objects.live()
        .filter(inside)
        .defer("body")
        .select_related("locale")
        .order_by("path")
    )
    enrolments: dict[UUID, Enrolment] = {}
    rows: dict[UUID, LessonProgress] = {}
    if viewer.is_authenticated:
        enrolments = {
            row.course_key: row
            for row in Enrolment.objects.filter(person=viewer, course_key__in=list(deciding))
        }
        rows = {
            row.lesson_key: row
            for row in LessonProgress.objects.filter(
                person=viewer, lesson_key__in={lesson.translation_key for lesson in lessons}
            )
        }
    return [
        _outline(
            course=course,
            tree=_tree(
                course=course,
                deciding=deciding[course.translation_key],
                modules=modules,
                lessons=lessons,
            ),
            enrolment=enrolments.get(course.translation_key),
            rows=rows,
        )
        for course in courses
    ]


Tree = list[tuple[ModulePage, list[LessonPage]]]


def _tree(
    *,
    course: CoursePage,
    deciding: CoursePage,
    modules: list[ModulePage],
    lessons: list[LessonPage],
) -> Tree:
    read_modules = {
        page.translation_key: page for page in modules if page.path.startswith(course.path)
    }
    read_lessons = {
        page.translation_key: page for page in lessons if page.path.startswith(course.path)
    }
    in_module: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in lessons:
        if lesson.path.startswith(deciding.path):
            in_module[lesson.path[: -lesson.steplen]].append(
                read_lessons.get(lesson.translation_key, lesson)
            )
    return [
        (read_modules.get(module.translation_key, module), in_module[module.path])
        for module in modules
        if module.path.startswith(deciding.path)
    ]


def _outline(
    *,
    course: CoursePage,
    tree: Tree,
    enrolment: Enrolment | None,
    rows: dict[UUID, LessonProgress],
) -> Outline:
    ordered = [lesson for _, lessons in tree for lesson in lessons]
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
        ModuleLine(page=module, lessons=tuple(line(page) for page in lessons))
        for module, lessons in tree
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
    taken = Enrolment.objects.filter(person=viewer, left_at__isnull=True)
    pages = (
        courses_open_to(viewer)
        .filter(translation_key__in=taken.values("course_key"))
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
