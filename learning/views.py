"""A learner's own pages, and what they can do in a course."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from competencies.queries import LearnerStanding, learner_standing
from learning import services
from learning.models import CoursePage, LearnIndexPage, LessonPage
from learning.queries import (
    course_of,
    courses_for_activities,
    courses_open_to,
    in_language,
    lesson_by_key,
    lesson_view,
    my_courses,
    what_next,
)
from learning.rules.answers import NoAnswerChosen, NoSuchOption
from organisations.permissions import Access
from organisations.queries import access_of, sources_open_to
from records.queries import entries_of, record_as_json


def _language() -> str:
    return get_language() or "en"


def _course(request: HttpRequest, key: UUID) -> CoursePage:
    pages = courses_open_to(request.user).filter(translation_key=key).select_related("locale")
    found = in_language(pages, language=_language())
    if not found:
        raise Http404
    return found[0]


def _lesson(request: HttpRequest, key: UUID) -> LessonPage:
    page = lesson_by_key(viewer=request.user, key=key, language=_language())
    if page is None:
        raise Http404
    return page


def _address(page: Page, request: HttpRequest) -> str:
    return page.get_url(request) or "/"


@require_safe
def courses(request: HttpRequest) -> HttpResponseBase:
    """Go to the list of courses in the language read."""
    page = LearnIndexPage.objects.live().filter(locale__language_code=_language()).first()
    if page is None:
        raise Http404
    return redirect(_address(page, request))


@require_safe
def lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Go to a lesson by its lasting key, in the language read."""
    return redirect(_address(_lesson(request, key), request))


@require_POST
@login_required
def enrol_in_course(request: HttpRequest, key: UUID) -> HttpResponseBase:
    course = _course(request, key)
    services.enrol(person=request.user, course=course, at=timezone.now(), language=_language())
    messages.success(request, _("You are enrolled. Start whenever you have ten minutes."))
    return redirect(_address(course, request))


@require_POST
@login_required
def leave(request: HttpRequest, key: UUID) -> HttpResponseBase:
    services.leave_course(person=request.user, course_key=key, at=timezone.now())
    messages.success(
        request, _("The course is off your list. What you did is kept, should you come back.")
    )
    return redirect("learning:me")


@require_POST
@login_required
def start_lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    page = _lesson(request, key)
    try:
        services.start_lesson(
            person=request.user, lesson=page, at=timezone.now(), language=_language()
        )
    except services.LessonLocked:
        return _locked(request, page)
    return redirect(_address(page, request))


def _locked(request: HttpRequest, page: LessonPage) -> HttpResponseBase:
    messages.info(
        request, _("This lesson opens when the ones before it are finished. Here is the next one.")
    )
    return redirect(_address(course_of(page), request))


@require_POST
@login_required
def complete_lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Finish a lesson, and go on to the next."""
    page = _lesson(request, key)
    try:
        done = services.complete_lesson(
            person=request.user, lesson=page, at=timezone.now(), language=_language()
        )
    except services.LessonLocked:
        return _locked(request, page)
    except services.QuizNotPassed as error:
        messages.info(request, _("Pass the quiz first: that finishes this lesson."))
        return redirect(f"{_address(page, request)}#quiz-{error.quiz.uuid}")
    if done.has_finished_course:
        messages.success(
            request,
            _("You have finished “%(course)s”. It is in your record.")
            % {"course": done.outline.course.title},
        )
        return redirect(_address(done.outline.course, request))
    following = done.outline.after(page.translation_key)
    if done.is_first_time:
        left = done.outline.progress.required - done.outline.progress.done
        messages.success(
            request,
            ngettext(
                "“%(lesson)s” is finished and in your record. %(left)d lesson to go.",
                "“%(lesson)s” is finished and in your record. %(left)d lessons to go.",
                left,
            )
            % {"lesson": page.title, "left": left},
        )
    if following is None or not following.is_open:
        return redirect(_address(done.outline.course, request))
    return redirect(_address(following.page, request))


@require_POST
@login_required
def answer_step(request: HttpRequest, key: UUID, block_key: str) -> HttpResponseBase:
    """Keep an answer; back to the step, where the feedback is."""
    page = _lesson(request, key)
    try:
        if "text" in request.POST:
            services.answer_reflection(
                person=request.user,
                lesson=page,
                block_key=block_key,
                text=request.POST["text"],
                at=timezone.now(),
                language=_language(),
            )
        else:
            services.answer_check(
                person=request.user,
                lesson=page,
                block_key=block_key,
                chosen=[int(place) for place in request.POST.getlist("chosen")],
                at=timezone.now(),
                language=_language(),
            )
    except services.LessonLocked:
        return _locked(request, page)
    except services.NoSuchStep as error:
        raise Http404 from error
    except (ValueError, NoSuchOption) as error:
        said = (
            _("Choose an answer first, then check it.")
            if isinstance(error, NoAnswerChosen)
            else _("That answer is not one of the choices. Please choose again.")
        )
        return _step(request, page, block_key, error=said)
    except services.AnswerMissing:
        return _step(request, page, block_key, error=_("Write a few words first, then save."))
    except services.AnswerTooLong:
        return _step(
            request, page, block_key, error=_("That is too long to keep. Please shorten it.")
        )
    if request.htmx:
        return _step(request, page, block_key)
    return redirect(f"{_address(page, request)}#step-{block_key}")


def _step(
    request: HttpRequest, page: LessonPage, block_key: str, *, error: str = ""
) -> HttpResponse:
    """Answer with one step to htmx, with the whole page to everyone else."""
    view = lesson_view(viewer=request.user, lesson=page)
    context = {"page": page, "view": view, "error": error, "error_key": block_key}
    status = 422 if error else 200
    if request.htmx:
        block = next((one for one in view.blocks if one.key == block_key), None)
        if block is None:
            raise Http404
        return render(request, "learning/_step.html", {**context, "one": block}, status=status)
    return render(request, "learning/lesson_page.html", context, status=status)


def _access(request: HttpRequest) -> Access:
    return access_of(request.user, on=timezone.localdate())


def _standing(request: HttpRequest, access: Access) -> LearnerStanding:
    return learner_standing(
        viewer=request.user,
        learner=request.user,
        visible=sources_open_to(viewer=access, moment=timezone.now()),
        on=access.on,
    )


@never_cache
@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """What I did, where I stand, and what is next."""
    access = _access(request)
    standing = _standing(request, access)
    courses = my_courses(viewer=request.user, language=_language())
    return render(
        request,
        "learning/me.html",
        {
            "is_supervisor": access.is_supervisor,
            "standing": standing,
            "courses": courses,
            "carry_on": next((one for one in courses if not one.progress.is_finished), None),
            "next_things": what_next(viewer=request.user, standing=standing, language=_language()),
            "entries": entries_of(viewer=request.user, learner=request.user, most=10),
        },
    )


@never_cache
@require_safe
@login_required
def my_reasons(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Why I stand where I stand in one competency, and what would move me on."""
    standing = _standing(request, _access(request))
    for function in standing.functions:
        for line in function.lines:
            if line.item.competency.uuid == uuid:
                pages = courses_for_activities(
                    viewer=request.user,
                    activity_iris={
                        row.mapping.activity_iri for row in line.evidence if row.mapping
                    },
                    language=_language(),
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
        record_as_json(viewer=request.user, learner=request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="careweave-record.json"'
    return answer
