"""The people one supervises: one list, one screen a person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.ratings import Row, SupervisorForm
from assessments.queries.ratings import RatedRole, RatingShown
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
    lines = [line for function in rated.functions for line in function.lines] if rated else []
    form = SupervisorForm(request.POST if request.method == "POST" else None, lines=lines)
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
        )
        return redirect(request.get_full_path())
    rows = {row.line.item.pk: row for row in form.rows()}
    return render(
        request,
        "assessments/supervision_person.html",
        {
            "person": found,
            "roles": roles,
            "role": role,
            "rated": rated,
            "functions": [
                (function, [_screen_row(rows[line.item.pk], viewer) for line in function.lines])
                for function in (rated.functions if rated else ())
            ],
            "errors": errors_of(form),
        },
        status=422 if form.is_bound else 200,
    )


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
