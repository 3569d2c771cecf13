"""Who is looking, at which team, and in which language."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organisations.models import Team, User
from organisations.permissions import Access
from organisations.queries import access_of


@dataclass(frozen=True)
class Looking:
    """One look: what the viewer may act as, when, and in which language they read."""

    viewer: User
    access: Access
    moment: datetime
    language: str


def looking(request: HttpRequest) -> Looking:
    """Return who is looking now; for views behind a sign-in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    now = timezone.now()
    return Looking(
        viewer=request.user,
        access=access_of(request.user, on=timezone.localdate(now)),
        moment=now,
        language=get_language() or "en",
    )


def team_or_404(uuid: UUID) -> Team:
    """Return a team by its uuid."""
    team = Team.objects.select_related("place", "partnership").filter(uuid=uuid).first()
    if team is None:
        raise Http404
    return team


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way down to a page about teams: home, teams, and ``steps`` of title and address."""
    return [
        {"title": _("Home"), "url": "/"},
        {"title": _("Teams"), "url": reverse("workforce:teams")},
        *({"title": title, "url": url} for title, url in steps),
    ]
