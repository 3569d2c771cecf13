"""Counts for those who plan for a place or a partnership, and see no names."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.models import Team
from workforce import services
from workforce.queries import ScopeKind
from workforce.rules import disclosure
from workforce.views.looking import Looking, crumbs, looking


def team_counts_page(request: HttpRequest, team: Team, look: Looking) -> HttpResponse:
    """Return how one team stands, in protected counts."""
    counts = services.open_team_counts(
        access=look.access, team=team, moment=look.moment, language=look.language
    )
    return render(
        request,
        "workforce/team_counts.html",
        {
            "team": team,
            "counts": counts,
            "fewest": disclosure.FEWEST_PEOPLE,
            "breadcrumbs": crumbs(),
        },
    )


@never_cache
@require_safe
@login_required
def partnership(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _scope(request, ScopeKind.PARTNERSHIP, uuid)


@never_cache
@require_safe
@login_required
def place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _scope(request, ScopeKind.PLACE, uuid)


def _scope(request: HttpRequest, kind: ScopeKind, uuid: UUID) -> HttpResponse:
    look = looking(request)
    try:
        scope, counts = services.open_scope_counts(
            access=look.access,
            kind=kind,
            uuid=uuid,
            moment=look.moment,
            language=look.language,
        )
    except services.TeamProfileClosed as error:
        raise Http404 from error
    return render(
        request,
        "workforce/scope_counts.html",
        {
            "scope": scope,
            "is_partnership": kind == ScopeKind.PARTNERSHIP,
            "counts": counts,
            "fewest": disclosure.FEWEST_PEOPLE,
            "breadcrumbs": crumbs(),
        },
    )
