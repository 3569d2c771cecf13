"""A quiz: one question a page, saved as one goes."""

import random
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import hooks

from assessments.forms.answers import AnswerForm
from assessments.models import Attempt, Quiz
from assessments.queries.quizzes import (
    AskedQuestion,
    QuizWords,
    asked_questions,
    attempts_of,
    quiz_overview,
    quiz_words,
    quizzes_shown_to,
)
from assessments.services.attempts import (
    AttemptAlreadyMarked,
    AttemptsUsedUp,
    NotAnAnswer,
    QuizNotOpen,
    Unanswered,
    save_answers,
    start_attempt,
    submit_attempt,
)
from assessments.signals import WAY_TO_QUIZ_HOOK
from assessments.views.reader import language_of_now, person_of, viewer_of
from organisations.permissions import Access

BACK = "quiz_back"


@require_safe
@login_required
@never_cache
def quiz(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the quiz asks for, and where one is with it."""
    viewer = viewer_of(request)
    found = _quiz(viewer, uuid)
    _remember_way_back(request, uuid)
    return render(
        request,
        "assessments/quiz.html",
        {
            "quiz": found,
            "words": quiz_words(quiz=found, language=language_of_now()),
            "overview": quiz_overview(viewer=viewer, quiz=found),
            **_way(request, found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Start an attempt, or go on with it; read instead of sent to, it leads to the quiz."""
    if request.method != "POST":
        return redirect("assessments:quiz", uuid)
    viewer = viewer_of(request)
    found = _quiz(viewer, uuid)
    try:
        attempt = start_attempt(
            person=person_of(request), quiz=found, at=timezone.now(), source=random.SystemRandom()
        )
    except AttemptsUsedUp:
        messages.warning(request, _("You have used all your attempts at this quiz."))
        return redirect("assessments:quiz", uuid)
    except QuizNotOpen:
        messages.warning(request, _("This quiz is not open. Try again later."))
        return redirect("assessments:quiz", uuid)
    asked = asked_questions(viewer=viewer, attempt=attempt, language=language_of_now())
    return redirect(_next_place(asked, uuid=uuid))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def question(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """One question; saving goes on to the next that has no answer."""
    viewer = viewer_of(request)
    attempt = _open_attempt(viewer, uuid)
    if attempt is None:
        return redirect("assessments:quiz", uuid)
    asked = asked_questions(viewer=viewer, attempt=attempt, language=language_of_now())
    this = next((one for one in asked if one.position == position), None)
    if this is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=this)
    status = 200
    if form.is_bound:
        if form.is_valid():
            try:
                save_answers(attempt=attempt, chosen={position: form.uuids()}, at=timezone.now())
            except AttemptAlreadyMarked:
                return redirect("assessments:quiz", uuid)
            except NotAnAnswer:
                form.add_error("chosen", _("Choose one of the answers on this page."))
            else:
                return redirect(_after(asked, position, uuid=uuid, check="check" in request.GET))
        status = 422
    return render(
        request,
        "assessments/question.html",
        {
            "quiz": attempt.quiz,
            "words": quiz_words(quiz=attempt.quiz, language=language_of_now()),
            "one": this,
            "form": form,
            "errors": [
                {"text": error, "href": "#answer-1"} for error in form.errors.get("chosen", [])
            ],
            "total": len(asked),
            "answered": sum(one.is_answered for one in asked),
            "previous": position - 1,
            "skip": _after(asked, position, uuid=uuid, check="check" in request.GET),
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All questions with what was chosen, before handing in."""
    viewer = viewer_of(request)
    attempt = _open_attempt(viewer, uuid)
    if attempt is None:
        return _to_latest_result(viewer, uuid)
    asked = asked_questions(viewer=viewer, attempt=attempt, language=language_of_now())
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            marked = submit_attempt(attempt=attempt, at=timezone.now(), language=language_of_now())
        except Unanswered as error:
            errors = [
                {
                    "text": _("Answer question %(number)s.") % {"number": position},
                    "href": _question_url(uuid, position) + "?check",
                }
                for position in error.positions
            ]
        else:
            return redirect("assessments:result", uuid, marked.number)
    return render(
        request,
        "assessments/check_answers.html",
        {
            "quiz": attempt.quiz,
            "words": quiz_words(quiz=attempt.quiz, language=language_of_now()),
            "asked": asked,
            "errors": errors,
        },
        status=422 if errors else 200,
    )


@require_safe
@login_required
@never_cache
def result(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """How an attempt went, with a word on every answer chosen."""
    viewer = viewer_of(request)
    attempt = get_object_or_404(attempts_of(viewer=viewer).marked(), quiz__uuid=uuid, number=number)
    overview = quiz_overview(viewer=viewer, quiz=attempt.quiz)
    asked = asked_questions(viewer=viewer, attempt=attempt, language=language_of_now())
    words = quiz_words(quiz=attempt.quiz, language=language_of_now())
    return render(
        request,
        "assessments/result.html",
        {
            "quiz": attempt.quiz,
            "words": words,
            "attempt": attempt,
            "overview": overview,
            "can_try_again": overview.can_start
            and quizzes_shown_to(viewer=viewer).filter(pk=attempt.quiz_id).exists(),
            "asked": asked,
            "look_again": [one for one in asked if not one.is_right],
            "reveals": attempt.is_passed or not overview.can_start,
            **_way(request, attempt.quiz, words=words),
        },
    )


def _quiz(viewer: Access, uuid: UUID) -> Quiz:
    return get_object_or_404(quizzes_shown_to(viewer=viewer), uuid=uuid)


def _open_attempt(viewer: Access, uuid: UUID) -> Attempt | None:
    """Return the viewer's open attempt; 404 for a quiz that has no page for them."""
    found = attempts_of(viewer=viewer).open().filter(quiz__uuid=uuid).first()
    if found is None:
        _quiz(viewer, uuid)
    return found


def _to_latest_result(viewer: Access, uuid: UUID) -> HttpResponse:
    latest = attempts_of(viewer=viewer).marked().filter(quiz__uuid=uuid).order_by("-number").first()
    if latest is None:
        return redirect("assessments:quiz", uuid)
    return redirect("assessments:result", uuid, latest.number)


def _question_url(uuid: UUID, position: int) -> str:
    return reverse("assessments:question", args=[uuid, position])


def _next_place(asked: list[AskedQuestion], *, uuid: UUID) -> str:
    """Return where to go on: the first question without an answer, or the check of them all."""
    for one in asked:
        if not one.is_answered:
            return _question_url(uuid, one.position)
    return reverse("assessments:check", args=[uuid])


def _after(asked: list[AskedQuestion], position: int, *, uuid: UUID, check: bool) -> str:
    """Return the address after this question: back to the check, or the next one in order."""
    if check or position >= len(asked):
        return reverse("assessments:check", args=[uuid])
    return _question_url(uuid, position + 1)


def _remember_way_back(request: HttpRequest, uuid: UUID) -> None:
    back = request.GET.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        ways = request.session.get(BACK, {})
        request.session[BACK] = {**ways, str(uuid): back[:500]}


def _way(request: HttpRequest, quiz: Quiz, *, words: QuizWords | None = None) -> dict[str, Any]:
    """Return the way back to what holds a quiz, and the breadcrumbs; below the quiz with words."""
    back = str(request.session.get(BACK, {}).get(str(quiz.uuid), ""))
    crumbs = [
        crumb for found in hooks.get_hooks(WAY_TO_QUIZ_HOOK) for crumb in found(request, quiz, back)
    ]
    if crumbs and not back:
        back = crumbs[-1]["url"]
    if words is not None:
        address = reverse("assessments:quiz", args=[quiz.uuid])
        crumbs.append({"title": words.title.value, "url": address})
    return {"back": back, "breadcrumbs": crumbs}
