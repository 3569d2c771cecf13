"""Finding things by words, among what somebody may see."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, TextField, Window
from django.db.models.functions import Cast
from django.utils.safestring import SafeString, mark_safe
from wagtail.search.backends import get_search_backend
from wagtail.search.query import PlainText

from organisations.models import User
from organisations.queries import access_of
from search.enums import Kind, Languages
from search.rules.highlight import holds_any, marked, snippet
from search.rules.spelling import meant
from search.rules.words import beginnings_of, is_enough
from search.sources import SOURCES, Seeker, Shown, Source

OF_EACH_KIND = 3
A_PAGE = 10
TITLES_TO_COMPARE = 500
BODIES_TO_COMPARE = 200


@dataclass(frozen=True)
class Result:
    """One thing found; ``title`` and ``text`` are safe HTML with the matches marked."""

    title: SafeString
    text: SafeString
    url: str
    where: str
    language: str


@dataclass(frozen=True)
class Section:
    """What was found of one kind: how many in all, and a few of them or a page of them."""

    kind: Kind
    total: int
    results: list[Result]

    @property
    def more(self) -> int:
        """How many there are besides those shown."""
        return self.total - len(self.results)


@dataclass(frozen=True)
class Answer:
    """What a question found.

    ``is_partial``: nothing holds all of the words, so these hold some. ``meant``: what may have
    been meant, when nothing was found at all. ``is_too_little``: no word was asked for, or one
    letter alone, and nothing was looked for.
    """

    text: str
    kind: Kind | None
    languages: Languages
    sections: list[Section]
    page: int = 1
    is_partial: bool = False
    meant: str = ""
    is_too_little: bool = False

    @property
    def total(self) -> int:
        """How many things were found, of every kind."""
        return sum(section.total for section in self.sections)

    @property
    def shown(self) -> list[Section]:
        """The kinds of which there is something to show."""
        return [section for section in self.sections if section.results]

    @property
    def pages(self) -> int:
        """How many pages there are of the chosen kind."""
        totals = [section.total for section in self.sections if section.kind == self.kind]
        return max(1, -(-sum(totals) // A_PAGE))


def find(
    *,
    viewer: User | AnonymousUser,
    text: str,
    on: date,
    language: str,
    languages: Languages = Languages.MINE,
    kind: Kind | None = None,
    page: int = 1,
) -> Answer:
    """Return what holds the words of ``text``, of what ``viewer`` may see.

    A few of every kind, or a page of one ``kind`` with how many there are of the others. Words are
    compared without case and accents, and match how a word begins. When nothing holds them all,
    what holds some. The number of queries does not depend on how much is found.

    Args:
        viewer: who looks, signed in or not.
        text: what was typed.
        on: today.
        language: in which translated things are shown, and pages looked for.
        languages: whether to look at pages of every language.
        kind: the one kind to show a page of.
        page: which page of it, from 1; a page past the end shows the last.
    """
    beginnings = beginnings_of(text)
    if not is_enough(beginnings):
        return Answer(text, kind, languages, sections=[], is_too_little=bool(text))
    seeker = Seeker(
        person=viewer,
        access=access_of(viewer, on=on),
        language=language,
        languages=languages,
        on=on,
    )
    search = _Search(seeker, text, beginnings, kind, page)
    answer = search.answer("and")
    if not answer.total and len(beginnings) > 1:
        answer = search.answer("or", is_partial=True)
    if not answer.total:
        return Answer(text, kind, languages, sections=[], meant=_meant(search))
    return answer


@dataclass(frozen=True)
class _Search:
    seeker: Seeker
    text: str
    beginnings: Collection[str]
    kind: Kind | None
    page: int

    def answer(self, operator: str, *, is_partial: bool = False) -> Answer:
        query = PlainText(self.text, operator=operator)
        sections = [
            self._few(source, query) if self.kind is None else self._counted(source, query)
            for source in SOURCES
        ]
        page = self.page
        for place, (source, section) in enumerate(zip(SOURCES, sections, strict=True)):
            if source.kind == self.kind:
                page = min(max(1, self.page), max(1, -(-section.total // A_PAGE)))
                sections[place] = self._page(source, query, section.total, page)
        return Answer(
            self.text, self.kind, self.seeker.languages, sections, page, is_partial=is_partial
        )

    def _few(self, source: Source, query: PlainText) -> Section:
        """Return the first few and, in the same query, how many there are."""
        rows = source.open_to(self.seeker).annotate(found_in_all=Window(Count("pk")))
        found = list(_matching(query, rows.only("pk"))[:OF_EACH_KIND])
        total = found[0].found_in_all if found else 0
        return Section(source.kind, total, self._results(source, found))

    def _counted(self, source: Source, query: PlainText) -> Section:
        return Section(source.kind, _matching(query, source.open_to(self.seeker)).count(), [])

    def _page(self, source: Source, query: PlainText, total: int, page: int) -> Section:
        rows = _matching(query, source.open_to(self.seeker).only("pk"))
        start = (page - 1) * A_PAGE
        found = list(rows[start : start + A_PAGE])
        return Section(source.kind, total, self._results(source, found))

    def _results(self, source: Source, found: list[Any]) -> list[Result]:
        """Fetch what was found by its keys: sorting whole bodies of text would be slow."""
        if not found:
            return []
        keys = [row.pk for row in found]
        rows = type(found[0]).objects.select_related(*source.along).in_bulk(keys)
        shown = source.show([rows[key] for key in keys if key in rows], self.seeker)
        return [self._result(one) for one in shown]

    def _result(self, shown: Shown) -> Result:
        words = list(self.beginnings)
        texts = [text for text in shown.texts if text]
        best = next((text for text in texts if holds_any(text, words)), next(iter(texts), ""))
        return Result(
            title=mark_safe(marked(shown.title, words)),  # noqa: S308 - marked escapes
            text=mark_safe(marked(snippet(best, words), words)),  # noqa: S308 - marked escapes
            url=shown.url,
            where=shown.where,
            language=shown.language,
        )


def _matching(query: PlainText, rows: QuerySet[Any]) -> Any:
    return get_search_backend().search(query, rows)


def _meant(search: _Search) -> str:
    """Return what may have been meant, if that finds something this viewer may see."""
    for texts in (_titles(search.seeker), _bodies(search.seeker)):
        text = meant(list(search.beginnings), texts)
        if text and replace(search, text=text, beginnings=beginnings_of(text)).answer("and").total:
            return text
    return ""


def _titles(seeker: Seeker) -> list[str]:
    titles: list[str] = []
    for source in SOURCES:
        rows = source.open_to(seeker).order_by("-pk")
        titles += rows.values_list(source.titles, flat=True)[:TITLES_TO_COMPARE]
    return titles


def _bodies(seeker: Seeker) -> list[str]:
    """Return the words of some things of each kind, as they are stored."""
    texts: list[str] = []
    for source in SOURCES:
        rows = source.open_to(seeker).order_by("-pk")
        for field in source.bodies:
            stored = rows.annotate(words=Cast(field, TextField()))
            texts += stored.values_list("words", flat=True)[:BODIES_TO_COMPARE]
    return [_unescaped(text) for text in texts if text]


def _unescaped(text: str) -> str:
    """Return a text as people read it: a stream of blocks is stored with its letters escaped."""
    if not text.startswith("["):
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
