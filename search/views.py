"""One box over everything a person may see."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search.enums import Kind, Languages
from search.queries import A_PAGE, Answer, find

LONGEST = 200


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What holds the words asked for; an empty question shows where to browse."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    kind = _one_of(Kind, request.GET.get("kind"))
    languages = _one_of(Languages, request.GET.get("language")) or Languages.MINE
    page = request.GET.get("page", "")
    answer = find(
        viewer=request.user,
        text=text,
        on=timezone.localdate(),
        language=get_language() or "en",
        languages=languages,
        kind=kind,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
    )
    return render(
        request,
        "search/search.html",
        {
            "answer": answer,
            "kinds": _kinds(answer),
            "meant_url": _address(answer, q=answer.meant) if answer.meant else "",
            "languages_url": _address(answer, language=_other(languages)),
            "looks_everywhere": languages == Languages.ALL,
            "page_obj": _page_of(answer) if kind else None,
            "page_query": f"{_query(answer)}&",
            "browse": [
                (_("Courses"), "/learn/"),
                (_("Roles"), "/roles/"),
                (_("Functions and competencies"), "/frameworks/"),
                (_("Discussions"), "/discussions/"),
            ],
        },
    )


def _one_of(choices: Any, given: str | None) -> Any:
    return choices(given) if given in choices.values else None


def _other(languages: Languages) -> str:
    return "" if languages == Languages.ALL else Languages.ALL.value


def _kinds(answer: Answer) -> list[dict[str, Any]]:
    """Every kind with how much was found of it, as tabs; the first is all of them."""
    tabs = [
        {
            "text": _("Everything"),
            "total": answer.total,
            "href": _address(answer, kind=""),
            "is_current": answer.kind is None,
        }
    ]
    tabs += [
        {
            "text": section.kind.label,
            "total": section.total,
            "href": _address(answer, kind=section.kind.value),
            "is_current": section.kind == answer.kind,
        }
        for section in answer.sections
        if section.total or section.kind == answer.kind
    ]
    return tabs


def _query(answer: Answer, **changed: str) -> str:
    given = {
        "q": answer.text,
        "kind": answer.kind.value if answer.kind else "",
        "language": "all" if answer.languages == Languages.ALL else "",
    } | changed
    return urlencode({name: value for name, value in given.items() if value})


def _address(answer: Answer, **changed: str) -> str:
    return f"{reverse('search:search')}?{_query(answer, **changed)}"


def _page_of(answer: Answer) -> Page[int]:
    total = sum(section.total for section in answer.sections if section.kind == answer.kind)
    return Paginator(range(total), A_PAGE).get_page(answer.page)
