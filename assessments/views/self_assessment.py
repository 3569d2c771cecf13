"""One's own view of what one's role asks for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.ratings import SelfAssessmentForm
from assessments.queries.ratings import (
    RatedRole,
    own_ratings,
    rated_role,
    role_ids_of,
    role_titles,
    roles_open_to,
)
from assessments.services.ratings import submit_self_assessment
from assessments.views.errors import errors_of
from assessments.views.reader import language_of_now, person_of, viewer_of
from organisations.permissions import Access


@require_safe
@login_required
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """The roles one fills, and the others one may look at oneself against."""
    viewer = viewer_of(request)
    mine = role_ids_of(person_id=person_of(request).pk, on=viewer.on)
    found = list(roles_open_to(viewer=viewer).order_by("title", "pk"))
    titles = role_titles(roles=found, language=language_of_now())
    return render(
        request,
        "assessments/self_assessment_roles.html",
        {
            "mine": [(role, titles[role.pk]) for role in found if role.pk in mine],
            "others": [(role, titles[role.pk]) for role in found if role.pk not in mine],
        },
    )


@require_safe
@login_required
@never_cache
def tasks(request: HttpRequest, role_slug: str) -> HttpResponse:
    """A role's core functions, and how far one is with each."""
    rated = _rated(request, viewer_of(request), role_slug)
    return render(request, "assessments/self_assessment_tasks.html", {"rated": rated})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def function(request: HttpRequest, role_slug: str, code: str) -> HttpResponse:
    """One core function: a level for each competency; saving goes on to the next function."""
    viewer = viewer_of(request)
    rated = _rated(request, viewer, role_slug, code=code)
    if not rated.functions:
        raise Http404
    this = rated.functions[0]
    form = SelfAssessmentForm(request.POST if request.method == "POST" else None, lines=this.lines)
    if form.is_valid():
        submit_self_assessment(
            person=person_of(request),
            judgements=form.judgements(),
            left_out=form.left_out(),
            at=timezone.now(),
            language=language_of_now(),
        )
        messages.success(request, _("Saved: %(title)s") % {"title": this.title.value})
        return redirect(_following(request, viewer, role_slug, code))
    return render(
        request,
        "assessments/self_assessment_function.html",
        {
            "rated": rated,
            "function": this,
            "form": form,
            "rows": list(form.rows()),
            "errors": errors_of(form),
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
@login_required
@never_cache
def review(request: HttpRequest, role_slug: str) -> HttpResponse:
    """All that one said, beside what others said."""
    rated = _rated(request, viewer_of(request), role_slug)
    return render(request, "assessments/self_assessment_review.html", {"rated": rated})


def _rated(
    request: HttpRequest, viewer: Access, role_slug: str, *, code: str | None = None
) -> RatedRole:
    return rated_role(
        viewer=viewer,
        person=person_of(request),
        role=get_object_or_404(roles_open_to(viewer=viewer), slug=role_slug),
        ratings=own_ratings(viewer=viewer),
        on=viewer.on,
        language=language_of_now(),
        function_key=code,
    )


def _following(request: HttpRequest, viewer: Access, role_slug: str, code: str) -> str:
    codes = [one.key for one in _rated(request, viewer, role_slug).functions]
    place = codes.index(code) + 1
    if place < len(codes):
        return reverse("assessments:self-assessment-function", args=[role_slug, codes[place]])
    return reverse("assessments:self-assessment-review", args=[role_slug])
