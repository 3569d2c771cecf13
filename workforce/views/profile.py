"""A team's heatmap, its functions from inside, and the same as a file."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.enums import PageSeen
from organisations.models import Team
from organisations.permissions import may_see_names_in, may_see_team_profile
from workforce import services
from workforce.enums import Showing, StandingRule
from workforce.exporters.profile_csv import profile_csv
from workforce.forms import FilterForm
from workforce.queries import TeamProfile
from workforce.views.counts import team_counts_page
from workforce.views.looking import Looking, crumbs, looking, team_or_404
from workforce.views.presenting import cover_threads, sentences
from workforce.views.teams import member_page


@never_cache
@require_safe
@login_required
def team(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The heatmap for who leads the team, counts for who plans, its own page for a member."""
    look = looking(request)
    found = team_or_404(uuid)
    if may_see_names_in(look.access, found.pk):
        return _heatmap(request, found, look)
    if may_see_team_profile(look.access, found.pk):
        return team_counts_page(request, found, look)
    if found.pk in look.access.team_ids:
        return member_page(request, found, look)
    raise Http404


@never_cache
@require_safe
@login_required
def function(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """People by the competencies of one function."""
    return _heatmap(request, team_or_404(uuid), looking(request), into=code)


@never_cache
@require_safe
@login_required
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The people of the heatmap, as filtered, as CSV; a look like any other.

    Filters that make no sense lead back to the page, which says so.
    """
    look, found = looking(request), team_or_404(uuid)
    form = FilterForm(request.GET, today=look.access.on)
    if not form.is_valid():
        page = reverse("workforce:team", args=[found.uuid])
        return redirect(_with_query(page, request.GET.urlencode()))
    profile = _opened(
        found, look, form, into=request.GET.get("into", ""), page=PageSeen.TEAM_EXPORT
    )
    answer = HttpResponse(
        profile_csv(profile).encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    name = slugify(found.name) or "team"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{profile.on.isoformat()}.csv"'
    return answer


def _opened(
    found: Team,
    look: Looking,
    form: FilterForm,
    *,
    into: str = "",
    page: PageSeen = PageSeen.TEAM_PROFILE,
) -> TeamProfile:
    try:
        return services.open_team_profile(
            viewer=look.viewer,
            access=look.access,
            team=found,
            on=form.day,
            moment=look.moment,
            language=look.language,
            filters=form.filters,
            into=into,
            page=page,
        )
    except services.TeamProfileClosed as error:
        raise Http404 from error


def _heatmap(request: HttpRequest, found: Team, look: Looking, *, into: str = "") -> HttpResponse:
    form = FilterForm(request.GET, today=look.access.on)
    form.is_valid()
    profile = _opened(found, look, form, into=into)
    form.offer(profile)
    team_url = reverse("workforce:team", args=[found.uuid])
    kept = request.GET.copy()
    asked = kept.urlencode() if form.is_valid() else ""
    if into:
        kept["into"] = into
    return render(
        request,
        "workforce/team_profile.html",
        {
            "team": found,
            "profile": profile,
            "form": form,
            "rule_words": StandingRule(profile.filters.rule).label,
            "is_filtered": bool(asked),
            "sentences": sentences(profile),
            "threads": cover_threads(profile),
            "showing": _ways_of_showing(request, profile),
            "query": f"?{asked}" if asked else "",
            "csv_url": _with_query(
                reverse("workforce:profile-csv", args=[found.uuid]), kept.urlencode()
            ),
            "clear_url": request.path if asked else "",
            "breadcrumbs": crumbs((found.name, team_url)) if into else crumbs(),
        },
        status=200 if form.is_valid() else 400,
    )


def _ways_of_showing(request: HttpRequest, profile: TeamProfile) -> list[dict[str, object]]:
    """Return everyone, and those with gaps, as links that keep the other filters."""
    words = {
        Showing.EVERYONE: _("Everyone: %(n)d"),
        Showing.BELOW: _("Below what is needed: %(n)d"),
        Showing.UNSURE: _("Something needed is unknown: %(n)d"),
    }
    ways: list[dict[str, object]] = []
    for one in Showing:
        asked = request.GET.copy()
        asked.pop("showing", None)
        if one.value:
            asked["showing"] = one.value
        ways.append(
            {
                "text": words[one] % {"n": profile.fitting[one]},
                "href": _with_query(request.path, asked.urlencode()),
                "is_current": profile.filters.showing == one,
            }
        )
    return ways


def _with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url
