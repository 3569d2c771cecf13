"""Taking a course, leaving it, and what comes after it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning import services
from learning.models import LearnIndexPage
from learning.queries import course_outline, what_next
from learning.views.pages import address_of, course_of_key, language_of_now, person_of
from learning.views.record import own_standing
from learning.views.signing_in import only_posted


@require_safe
def courses(request: HttpRequest) -> HttpResponseBase:
    """Go to the list of courses in the language read."""
    page = LearnIndexPage.objects.live().filter(locale__language_code=language_of_now()).first()
    if page is None:
        raise Http404
    return redirect(address_of(page, request))


@require_safe
def course(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Go to a course by its lasting key, in the language read."""
    try:
        return redirect(address_of(course_of_key(request, key), request))
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request.get_full_path())


@only_posted(page="learning:course")
def enrol_in_course(request: HttpRequest, key: UUID) -> HttpResponseBase:
    page = course_of_key(request, key)
    services.enrol(
        person=person_of(request), course=page, at=timezone.now(), language=language_of_now()
    )
    messages.success(request, _("You are enrolled. Start whenever you have ten minutes."))
    return redirect(address_of(page, request))


@only_posted(page="learning:course")
def leave(request: HttpRequest, key: UUID) -> HttpResponseBase:
    services.leave_course(person=person_of(request), course_key=key, at=timezone.now())
    messages.success(
        request, _("The course is off your list. What you did is kept, should you come back.")
    )
    return redirect("learning:me")


@never_cache
@require_safe
@login_required
def finished(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What finishing a course shows, what is worth doing next, and the way to the record."""
    page = course_of_key(request, key)
    outline = course_outline(viewer=person_of(request), course=page)
    if outline.enrolment is None or outline.enrolment.finished_at is None:
        return redirect(address_of(page, request))
    standing = own_standing(request)
    return render(
        request,
        "learning/finished.html",
        {
            "outline": outline,
            "standing": standing,
            "next_things": what_next(
                viewer=person_of(request), standing=standing, language=language_of_now()
            ),
        },
    )
