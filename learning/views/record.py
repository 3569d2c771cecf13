"""A learner's own record: what they did, where they stand, and what is next."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.queries import texts_for
from competencies.queries import LearnerStanding, learner_standing
from learning.forms import HistoryForm
from learning.queries import (
    courses_for_activities,
    finished_courses,
    my_courses,
    subjects_of_standing,
    what_next,
)
from learning.views.pages import language_of_now, person_of
from organisations.models import Membership
from organisations.permissions import Access
from organisations.queries import access_of, sources_open_to
from records.queries import entries_of, evidence_of, history_of, record_as_json, years_of

LATEST = 10
ENTRIES_A_PAGE = 50


def own_standing(request: HttpRequest, access: Access | None = None) -> LearnerStanding:
    """Return where the person who asks stands, by all that is known of them."""
    access = access or access_of(person_of(request), on=timezone.localdate())
    return learner_standing(
        viewer=person_of(request),
        learner=person_of(request),
        visible=sources_open_to(viewer=access, moment=timezone.now()),
        on=access.on,
    )


@never_cache
@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """What I did, where I stand, and what is next."""
    language = language_of_now()
    access = access_of(person_of(request), on=timezone.localdate())
    standing = own_standing(request, access)
    courses = my_courses(viewer=person_of(request), language=language)
    entries = entries_of(viewer=person_of(request), learner=person_of(request), most=LATEST)
    return render(
        request,
        "learning/me.html",
        {
            "is_supervisor": access.is_supervisor,
            "standing": standing,
            "courses": courses,
            "carry_on": next((one for one in courses if not one.progress.is_finished), None),
            "next_things": what_next(
                viewer=person_of(request), standing=standing, language=language
            ),
            "entries": entries,
            "has_other_sources": any(entry.source_organisation_id for entry in entries),
        },
    )


@never_cache
@require_safe
@login_required
def my_reasons(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Why I stand where I stand in one competency, and what would move me on."""
    standing = own_standing(request)
    for function in standing.functions:
        for line in function.lines:
            if line.item.competency.uuid == uuid:
                pages = courses_for_activities(
                    viewer=person_of(request),
                    activity_iris={
                        row.mapping.activity_iri for row in line.evidence if row.mapping
                    },
                    language=language_of_now(),
                )
                return render(
                    request,
                    "learning/my_reasons.html",
                    {
                        "standing": standing,
                        "function": function,
                        "line": line,
                        "reasons": [
                            (row, pages.get(row.mapping.activity_iri) if row.mapping else None)
                            for row in line.evidence
                        ],
                        "decisive": {fact.reference for fact in line.standing.because},
                    },
                )
    raise Http404


@never_cache
@require_safe
@login_required
def my_record_json(request: HttpRequest) -> JsonResponse:
    """My whole record, to take along."""
    answer = JsonResponse(
        record_as_json(viewer=person_of(request), learner=person_of(request)),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="careweave-record.json"'
    return answer


@never_cache
@require_safe
@login_required
def my_record(request: HttpRequest) -> HttpResponse:
    """My record on paper: who I am, where I stand, and what it rests on."""
    standing = own_standing(request)
    evidence = evidence_of(viewer=person_of(request), learner=person_of(request))
    language = language_of_now()
    uuids = subjects_of_standing(standing)
    uuids += [row.competency.uuid for row in evidence]
    uuids += [row.level.uuid for row in evidence if row.level]
    return render(
        request,
        "learning/record.html",
        {
            "standing": standing,
            "evidence": evidence,
            "words": texts_for(subject_uuids=list(dict.fromkeys(uuids)), language=language),
            "memberships": Membership.objects.active_on(standing.on)
            .filter(person=person_of(request))
            .select_related("organisation", "team")
            .order_by("pk"),
            "courses": finished_courses(viewer=person_of(request), language=language),
            "made_on": standing.on,
            "breadcrumbs": _above(),
        },
    )


@never_cache
@require_safe
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """All of what I did, a page at a time."""
    form = HistoryForm(
        request.GET, years=years_of(viewer=person_of(request), learner=person_of(request))
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    found = history_of(
        viewer=person_of(request),
        learner=person_of(request),
        year=chosen.get("year"),
        kind=chosen.get("kind") or "",
    )
    pages = Paginator(found, ENTRIES_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "learning/history.html",
        {
            "form": form,
            "entries": page_obj.object_list,
            "page_obj": page_obj,
            "query": form.as_query(),
            "is_filtered": bool(form.as_query()),
            "has_other_sources": any(one.source_organisation_id for one in page_obj.object_list),
            "breadcrumbs": _above(),
        },
        status=200 if form.is_valid() else 400,
    )


def _above() -> list[dict[str, str]]:
    return [{"title": _("My record"), "url": reverse("learning:me")}]
