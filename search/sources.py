"""What can be found: of each kind, what somebody may find, and how it is shown.

This is the seam for another search engine: a source says who may see what (as a queryset) and how
a thing reads in a list; `search.queries` asks Wagtail's search which of those match.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest, Length, Substr
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Locale, Page, PageViewRestriction

from cms.models import BasePage, GuidePage
from cms.queries import texts_for
from competencies.enums import CompetencyKind, FrameworkStatus
from competencies.models import CompetencyVersion, Framework, FrameworkVersion, Role
from discussions.models import Post
from discussions.queries import page_of, posts_open_to, shown_name
from learning.models import LessonPage, ModulePage
from learning.queries import courses_open_to
from organisations.models import User
from organisations.permissions import Access
from search.enums import Kind, Languages


@dataclass(frozen=True)
class Seeker:
    """Who looks, in which language, and in which languages of pages."""

    person: User | AnonymousUser
    access: Access
    language: str
    languages: Languages
    on: date

    @cached_property
    def private_paths(self) -> list[str]:
        """Where pages begin that an editor has put behind a password or a group. One query."""
        return list(PageViewRestriction.objects.values_list("page__path", flat=True))


@dataclass(frozen=True)
class Shown:
    """One thing as it reads in a list; ``texts`` are what to quote from, the best first."""

    title: str
    texts: Sequence[str]
    url: str
    where: str
    language: str


@dataclass(frozen=True)
class Source:
    """One kind of thing: what somebody may find of it, and how a few of them read.

    ``along`` is what to fetch along with the few that are shown, ``titles`` where their titles are,
    ``bodies`` where there are more words to tell what may have been meant.
    """

    kind: Kind
    open_to: Callable[[Seeker], QuerySet[Any]]
    show: Callable[[Sequence[Any], Seeker], list[Shown]]
    along: Sequence[str]
    titles: str = "title"
    bodies: Sequence[str] = ()


# Pages ---------------------------------------------------------------------------------


def _pages(pages: Any, seeker: Seeker) -> Any:
    """Narrow live pages down to what is not private, in the languages looked in."""
    for path in seeker.private_paths:
        pages = pages.exclude(path__startswith=path)
    if seeker.languages == Languages.MINE:
        return pages.filter(locale__in=_locale(seeker))
    own = Page.objects.filter(alias_of__isnull=True)
    return pages.filter(pk__in=own.values("pk"))


def _locale(seeker: Seeker) -> Any:
    return Locale.objects.filter(language_code=seeker.language).values("pk")


def _courses(seeker: Seeker) -> Any:
    return _pages(courses_open_to(seeker.person), seeker)


def _inside(model: type[Page], depth: int, paths: QuerySet[Any]) -> Any:
    """Return keys of pages whose ancestor, ``depth`` steps up, has one of these paths."""
    # PostgreSQL may work this out for every page there is, before it looks at its kind
    length = Greatest(Length("path") - depth * Page.steplen, Value(0))
    above = Substr("path", 1, length)
    return (
        model.objects.annotate(above=above)
        .filter(above__in=paths.order_by().values("path"))
        .values("pk")
    )


def _modules(seeker: Seeker) -> Any:
    inside = _inside(ModulePage, 1, courses_open_to(seeker.person))
    return _pages(ModulePage.objects.live().filter(pk__in=inside), seeker)


def _lessons(seeker: Seeker) -> Any:
    in_course = _inside(LessonPage, 2, courses_open_to(seeker.person))
    in_module = _inside(LessonPage, 1, ModulePage.objects.live())
    live = LessonPage.objects.live()
    return _pages(live.filter(pk__in=in_course).filter(pk__in=in_module), seeker)


def _guides(seeker: Seeker) -> Any:
    return _pages(GuidePage.objects.live(), seeker)


def _show_pages(pages: Sequence[BasePage], seeker: Seeker) -> list[Shown]:
    """Show pages, each with the titles of the course and module it is in. One query."""
    above = _titles_above(pages)
    return [
        Shown(
            title=page.title,
            texts=[page.summary, _body_of(page)],
            url=page.get_url() or "",
            where=" · ".join([*above(page), *_minutes(page)]),
            language=(page.alias_of or page).locale.language_code,
        )
        for page in pages
    ]


def _titles_above(pages: Sequence[BasePage]) -> Callable[[BasePage], list[str]]:
    steps = {ModulePage: 1, LessonPage: 2}

    def paths(page: BasePage) -> list[str]:
        up = range(steps.get(type(page), 0), 0, -1)
        return [page.path[: -step * Page.steplen] for step in up]

    wanted = {path for page in pages for path in paths(page)}
    titles: Mapping[str, str] = (
        dict(Page.objects.filter(path__in=wanted).values_list("path", "title")) if wanted else {}
    )
    return lambda page: [titles[path] for path in paths(page) if path in titles]


def _minutes(page: BasePage) -> list[str]:
    if not isinstance(page, LessonPage):
        return []
    return [
        ngettext("%(minutes)s minute", "%(minutes)s minutes", page.minutes)
        % {"minutes": page.minutes}
    ]


def _body_of(page: BasePage) -> str:
    for name in ("body", "intro"):
        if hasattr(page, name):
            stream = page._meta.get_field(name)
            return " ".join(stream.get_searchable_content(getattr(page, name)))
    return ""


# Frameworks and roles ------------------------------------------------------------------


def _frameworks(seeker: Seeker) -> QuerySet[FrameworkVersion]:
    return FrameworkVersion.objects.filter(
        status=FrameworkStatus.PUBLISHED,
        framework__in=Framework.objects.visible_to(seeker.access),
    )


def _competencies(seeker: Seeker) -> QuerySet[CompetencyVersion]:
    items = CompetencyVersion.objects.filter(version__in=_frameworks(seeker))
    return CompetencyVersion.objects.filter(pk__in=items.values("pk"))


def _show_competencies(items: Sequence[CompetencyVersion], seeker: Seeker) -> list[Shown]:
    """Show competencies in the seeker's language where they are translated. One query."""
    subjects = {item.competency.uuid for item in items}
    subjects |= {item.version.framework.uuid for item in items}
    texts = texts_for(subject_uuids=subjects, language=seeker.language)
    shown = []
    for item in items:
        written_in = item.version.language
        uuid = item.competency.uuid
        title = texts.say(uuid, "title", item.title, original_language=written_in)
        statement = texts.say(uuid, "statement", item.statement, original_language=written_in)
        framework = texts.say(
            item.version.framework.uuid,
            "title",
            item.version.title,
            original_language=written_in,
        )
        shown.append(
            Shown(
                title=title.value or statement.value[:120],
                texts=[statement.value, item.notes],
                url=reverse("competencies:item", args=[item.version.framework.slug, uuid]),
                where=" · ".join(
                    part
                    for part in (str(CompetencyKind(item.kind).label), item.code, framework.value)
                    if part
                ),
                language=(title if title.value else statement).language,
            )
        )
    return shown


def _roles(seeker: Seeker) -> QuerySet[Role]:
    roles = Role.objects.filter(framework__in=_frameworks(seeker).values("framework"))
    return Role.objects.filter(pk__in=roles.values("pk"))


def _show_roles(roles: Sequence[Role], seeker: Seeker) -> list[Shown]:
    """Show roles in the seeker's language where they are translated. One query."""
    texts = texts_for(subject_uuids=[role.uuid for role in roles], language=seeker.language)
    shown = []
    for role in roles:
        title = texts.say(role.uuid, "title", role.title)
        also = ", ".join(str(name) for name in role.also_called)
        shown.append(
            Shown(
                title=title.value,
                texts=[texts.say(role.uuid, "summary", role.summary).value],
                url=reverse("competencies:role", args=[role.slug]),
                where=_("also called %(names)s") % {"names": also} if also else "",
                language=title.language,
            )
        )
    return shown


# Discussions ---------------------------------------------------------------------------


def _posts(seeker: Seeker) -> QuerySet[Post]:
    return Post.objects.filter(pk__in=posts_open_to(seeker.access).values("pk"))


def _show_posts(posts: Sequence[Post], seeker: Seeker) -> list[Shown]:
    """Show contributions under the title of their discussion. One query."""
    spaces = {post.thread.space.uuid for post in posts}
    texts = texts_for(subject_uuids=spaces, language=seeker.language)
    shown = []
    for post in posts:
        space = post.thread.space
        title = texts.say(space.uuid, "title", space.title, original_language=space.language)
        address = reverse("discussions:thread", args=[space.slug, post.thread.uuid])
        page = page_of(post)
        shown.append(
            Shown(
                title=post.thread.title,
                texts=[post.text],
                url=f"{address}{f'?page={page}' if page > 1 else ''}#post-{post.number}",
                where=" · ".join(
                    [title.value, shown_name(post), date_format(post.created_at, "DATE_FORMAT")]
                ),
                language=post.language,
            )
        )
    return shown


PAGE = ("locale", "alias_of__locale")
ITEM = ("competency", "version__framework")
POST = ("thread__space", "author")

SOURCES: tuple[Source, ...] = (
    Source(Kind.COURSE, _courses, _show_pages, PAGE, bodies=("summary",)),
    Source(Kind.MODULE, _modules, _show_pages, PAGE, bodies=("summary",)),
    Source(Kind.LESSON, _lessons, _show_pages, PAGE, bodies=("summary", "body")),
    Source(Kind.COMPETENCY, _competencies, _show_competencies, ITEM, bodies=("statement",)),
    Source(Kind.ROLE, _roles, _show_roles, (), bodies=("summary",)),
    Source(Kind.DISCUSSION, _posts, _show_posts, POST, titles="thread__title", bodies=("text",)),
    Source(Kind.GUIDE, _guides, _show_pages, PAGE, bodies=("body",)),
)
