"""One person in a team, for who leads it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.queries import courses_for_activities
from workforce import services
from workforce.views.looking import crumbs, looking, team_or_404


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
            "sharing_url": request.build_absolute_uri(reverse("organisations:sharing")),
            "is_self": profile.person.id == look.access.person_id,
            "breadcrumbs": crumbs((team.name, reverse("workforce:team", args=[team.uuid]))),
        },
    )
