"""One person in a team, for who leads it."""

from dataclasses import replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.queries import courses_for_activities
from workforce import services
from workforce.queries import PersonFunction, PersonProfile
from workforce.views.looking import crumbs, looking, team_or_404

GAPS = "showing=gaps"


@never_cache
@require_safe
@login_required
def person(request: HttpRequest, uuid: UUID, person_uuid: UUID) -> HttpResponse:
    """Where one person stands, and why, as far as they let this team know."""
    look = looking(request)
    team = team_or_404(uuid)
    try:
        profile = services.open_person_profile(
            viewer=look.viewer,
            access=look.access,
            team=team,
            person_uuid=person_uuid,
            moment=look.moment,
            language=look.language,
        )
    except services.TeamProfileClosed as error:
        raise Http404 from error
    only_gaps = request.GET.get("showing") == "gaps"
    return render(
        request,
        "workforce/person_profile.html",
        {
            "team": team,
            "profile": profile,
            "pages": courses_for_activities(
                viewer=look.viewer,
                activity_iris=profile.activity_iris,
                language=look.language,
            ),
            "shown": _with_gaps(profile) if only_gaps else _with_lines(profile),
            "showing": [
                {
                    "text": _("Everything: %(n)d") % {"n": _count(_with_lines(profile))},
                    "href": request.path,
                    "is_current": not only_gaps,
                },
                {
                    "text": _("Only what is below or unknown: %(n)d")
                    % {"n": _count(_with_gaps(profile))},
                    "href": f"{request.path}?{GAPS}",
                    "is_current": only_gaps,
                },
            ],
            "is_self": profile.person.id == look.access.person_id,
            "breadcrumbs": crumbs((team.name, reverse("workforce:team", args=[team.uuid]))),
        },
    )


def _with_lines(profile: PersonProfile) -> list[PersonFunction]:
    return [function for function in profile.functions if function.lines]


def _with_gaps(profile: PersonProfile) -> list[PersonFunction]:
    """Return the functions with what is needed and below or unknown, and no more of them."""
    found = []
    for function in profile.functions:
        lines = tuple(line for line in function.lines if line.is_gap)
        if lines:
            found.append(replace(function, lines=lines))
    return found


def _count(functions: list[PersonFunction]) -> int:
    return sum(len(function.lines) for function in functions)
