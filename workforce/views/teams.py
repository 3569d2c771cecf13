"""The teams somebody leads, works in and plans for; and a team as its own members see it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.models import Team
from workforce import queries
from workforce.views.looking import Looking, crumbs, looking


@never_cache
@require_safe
@login_required
def teams(request: HttpRequest) -> HttpResponse:
    """Where to find each team."""
    look = looking(request)
    return render(
        request,
        "workforce/teams.html",
        {"open": queries.teams_open_to(viewer=look.access), "breadcrumbs": crumbs()[:1]},
    )


def member_page(request: HttpRequest, team: Team, look: Looking) -> HttpResponse:
    """Return what a member sees of the team they work in: what it is, and what they share."""
    return render(
        request,
        "workforce/member_team.html",
        {
            "team": team,
            "own": queries.own_membership(viewer=look.access, team=team, moment=look.moment),
            "breadcrumbs": crumbs(),
        },
    )
