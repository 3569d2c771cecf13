"""The people one supervises: one list, one screen a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.ratings import Row, SupervisorForm
from assessments.queries.ratings import RatedFunction, RatedRole, RatingShown
from assessments.queries.supervision import (
    people_supervised,
    ratings_given,
    roles_of,
)
from assessments.services.ratings import submit_supervisor_ratings, withdraw_rating
from assessments.services.supervision import (
    NotSupervised,
    open_supervised_role,
    open_supervision_list,
)
from assessments.views.errors import errors_of
from assessments.views.reader import language_of_now, person_of, viewer_of
from competencies.models import Role
from organisations.models import User
from organisations.permissions import Access
from organisations.queries import sources_open_to


@require_safe
@login_required
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Whom one supervises, and what waits; 404 for someone who supervises nobody."""
    viewer = viewer_of(request)
    now = timezone.now()
    try:
        found = open_supervision_list(
            viewer=viewer,
            supervisor=person_of(request),
            visible=sources_open_to(viewer=viewer, moment=now),
            at=now,
            language=language_of_now(),
        )
    except NotSupervised as error:
        raise Http404 from error
    return render(request, "assessments/supervision_list.html", {"people": found})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person: their own view and the latest evidence, and a level to give beside it."""
    viewer = viewer_of(request)
    found = _person(viewer, uuid)
    roles = roles_of(person_id=found.pk, on=viewer.on)
    chosen = next((role for role in roles if role.slug == request.GET.get("role")), None)
    role = chosen or (roles[0] if roles else None)
    rated = _open(request, viewer, found, role)
    functions = rated.functions if rated else ()
    part = next((one for one in functions if one.key == request.POST.get("function")), None)
    asked = (part,) if part else functions
    form = SupervisorForm(
        request.POST if request.method == "POST" else None,
        lines=[line for function in asked for line in function.lines],
    )
    if form.is_valid():
        given = submit_supervisor_ratings(
            rater=person_of(request),
            person=found,
            judgements=form.judgements(),
            at=timezone.now(),
            language=language_of_now(),
        )
        messages.success(
            request,
            ngettext("%(n)s rating saved.", "%(n)s ratings saved.", len(given)) % {"n": len(given)}
            if given
            else _("Nothing changed: no new level was chosen."),
            extra_tags=part.key if part else "",
        )
        return redirect(_address(request, role, part))
    told = _messages(request, functions)
    return render(
        request,
        "assessments/supervision_person.html",
        {
            "person": found,
            "roles": roles,
            "role": role,
            "rated": rated,
            "messages": told.pop(None, []),
            "parts": [
                _part(one, form=form, viewer=viewer, told=told.get(one.key, []))
                for one in functions
            ],
            "open": part.key if part else _open_first(request, functions, viewer),
            "errors": errors_of(form),
        },
        status=422 if form.is_bound else 200,
    )


@dataclass(frozen=True)
class Part:
    """A function on the screen, which is saved by itself: its rows, and how many are done."""

    function: RatedFunction
    rows: list[tuple[Row, RatingShown | None, list[RatingShown]]]
    done: int
    told: list[Message]


def _part(
    function: RatedFunction, *, form: SupervisorForm, viewer: Access, told: list[Message]
) -> Part:
    """Return a function with the fields of ``form`` where it is the one that was sent."""
    here = form if form.speaks_of(function.lines) else SupervisorForm(lines=function.lines)
    rows = {row.line.item.pk: row for row in here.rows()}
    return Part(
        function=function,
        rows=[_screen_row(rows[line.item.pk], viewer) for line in function.lines],
        done=function.said_by(viewer.person_id),
        told=told,
    )


def _address(request: HttpRequest, role: Role | None, part: RatedFunction | None) -> str:
    """Return where to go on: the same screen, at the function that was saved."""
    asked = {"role": role.slug} if role and "role" in request.GET else {}
    if part is None:
        return f"{request.path}?{urlencode(asked)}" if asked else request.path
    return f"{request.path}?{urlencode(asked | {'open': part.key})}#function-{part.key}"


def _open_first(request: HttpRequest, functions: Sequence[RatedFunction], viewer: Access) -> str:
    """Return which function is unfolded: the one asked for, else the first that is not done."""
    keys = [function.key for function in functions]
    if request.GET.get("open") in keys:
        return str(request.GET["open"])
    waiting = (one.key for one in functions if one.said_by(viewer.person_id) < len(one.lines))
    return next(waiting, keys[0] if keys else "")


def _messages(
    request: HttpRequest, functions: Sequence[RatedFunction]
) -> dict[str | None, list[Message]]:
    """Return what is to be told at each function, and under None what above the page."""
    keys = {function.key for function in functions}
    told: dict[str | None, list[Message]] = {}
    for message in get_messages(request):
        where = message.extra_tags if message.extra_tags in keys else None
        told.setdefault(where, []).append(message)
    return told


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask, then withdraw a rating that one gave."""
    viewer = viewer_of(request)
    rating = get_object_or_404(ratings_given(viewer=viewer), uuid=uuid)
    if request.method == "POST":
        withdraw_rating(rating=rating, by=person_of(request), at=timezone.now())
        messages.success(request, _("The rating is withdrawn. It no longer counts."))
        return redirect("assessments:supervision-person", rating.person.uuid)
    return render(request, "assessments/supervision_withdraw.html", {"rating": rating})


def _screen_row(row: Row, viewer: Access) -> tuple[Row, RatingShown | None, list[RatingShown]]:
    """Return a row of the form with one's own rating so far, and what others rated."""
    mine = row.line.by(viewer.person_id)
    return row, mine, [one for one in row.line.others if one is not mine]


def _person(viewer: Access, uuid: UUID) -> User:
    return get_object_or_404(people_supervised(viewer=viewer), uuid=uuid)


def _open(
    request: HttpRequest, viewer: Access, person: User, role: Role | None
) -> RatedRole | None:
    now = timezone.now()
    return open_supervised_role(
        viewer=viewer,
        supervisor=person_of(request),
        person=person,
        role=role,
        visible=sources_open_to(viewer=viewer, moment=now),
        at=now,
        language=language_of_now(),
    )
