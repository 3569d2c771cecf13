"""Opening a lesson, answering what it asks, and finishing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from learning import services
from learning.models import LessonPage
from learning.queries import course_of, lesson_view
from learning.rules.answers import NoAnswerChosen, NoSuchOption
from learning.views.pages import address_of, language_of_now, lesson_of_key, person_of
from learning.views.signing_in import Answer, keep_answer, only_posted, take_kept_answer


@require_safe
def lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Go to a lesson by its lasting key, in the language read."""
    try:
        return redirect(address_of(lesson_of_key(request, key), request))
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request.get_full_path())


@only_posted(page="learning:lesson")
def start_lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    page = lesson_of_key(request, key)
    try:
        services.start_lesson(
            person=person_of(request), lesson=page, at=timezone.now(), language=language_of_now()
        )
    except services.LessonLocked:
        return _locked(request, page)
    return redirect(address_of(page, request))


def _locked(request: HttpRequest, page: LessonPage) -> HttpResponseBase:
    messages.info(
        request, _("This lesson opens when the ones before it are finished. Here is the next one.")
    )
    return redirect(address_of(course_of(page), request))


@only_posted(page="learning:lesson")
def complete_lesson(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Finish a lesson, and go on to the next."""
    page = lesson_of_key(request, key)
    try:
        done = services.complete_lesson(
            person=person_of(request), lesson=page, at=timezone.now(), language=language_of_now()
        )
    except services.LessonLocked:
        return _locked(request, page)
    except services.QuizNotPassed as error:
        messages.info(request, _("Pass the quiz first: that finishes this lesson."))
        return redirect(f"{address_of(page, request)}#quiz-{error.quiz.uuid}")
    if done.has_finished_course:
        return redirect("learning:finished", done.outline.course.translation_key)
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
        return redirect(address_of(done.outline.course, request))
    return redirect(address_of(following.page, request))


def answer_step(request: HttpRequest, key: UUID, block_key: str) -> HttpResponseBase:
    """Keep an answer; back to the step, where the feedback is.

    Read instead of sent to, it leads to the step in its lesson; who had to sign in before the
    answer could be kept comes back this way, and then it is kept.
    """
    step = f"{key}/{block_key}"
    if request.method in {"GET", "HEAD"}:
        kept = take_kept_answer(request, step=step, at=timezone.now())
        if kept is None:
            return redirect(f"{reverse('learning:lesson', args=[key])}#step-{block_key}")
        return _answer(
            request,
            lesson_of_key(request, key),
            block_key,
            kept,
            said=_("You had been signed out. Your answer is saved now."),
        )
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    answer = Answer(text=request.POST.get("text"), chosen=request.POST.getlist("chosen"))
    if not request.user.is_authenticated:
        is_kept = keep_answer(
            request,
            step=step,
            answer=answer,
            writer=request.POST.get("writer", ""),
            at=timezone.now(),
        )
        messages.warning(
            request,
            _("You had been signed out. Sign in, and your answer is saved.")
            if is_kept
            else _("You had been signed out, and your answer could not be saved. Sign in first."),
        )
        return redirect_to_login(request.path)
    return _answer(request, lesson_of_key(request, key), block_key, answer)


def _answer(
    request: HttpRequest, page: LessonPage, block_key: str, answer: Answer, *, said: str = ""
) -> HttpResponseBase:
    try:
        if answer["text"] is not None:
            services.answer_reflection(
                person=person_of(request),
                lesson=page,
                block_key=block_key,
                text=answer["text"],
                at=timezone.now(),
                language=language_of_now(),
            )
        else:
            services.answer_check(
                person=person_of(request),
                lesson=page,
                block_key=block_key,
                chosen=[int(place) for place in answer["chosen"]],
                at=timezone.now(),
                language=language_of_now(),
            )
    except services.LessonLocked:
        return _locked(request, page)
    except services.NoSuchStep as error:
        raise Http404 from error
    except (ValueError, NoSuchOption) as error:
        wrong = (
            _("Choose an answer first, then check it.")
            if isinstance(error, NoAnswerChosen)
            else _("That answer is not one of the choices. Please choose again.")
        )
        return _step(request, page, block_key, error=wrong)
    except services.AnswerMissing:
        return _step(request, page, block_key, error=_("Write a few words first, then save."))
    except services.AnswerTooLong:
        return _step(
            request,
            page,
            block_key,
            error=_("That is too long to keep. Please shorten it."),
            written=answer["text"] or "",
        )
    if said:
        messages.success(request, said)
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return _step(request, page, block_key)
    return redirect(f"{address_of(page, request)}#step-{block_key}")


def _step(
    request: HttpRequest, page: LessonPage, block_key: str, *, error: str = "", written: str = ""
) -> HttpResponse:
    """Answer with one step to htmx, with the whole page to everyone else."""
    view = lesson_view(viewer=request.user, lesson=page)
    context = {
        "page": page,
        "view": view,
        "error": error,
        "error_key": block_key,
        "written": written,
    }
    status = 422 if error else 200
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        block = next((one for one in view.blocks if one.key == block_key), None)
        if block is None:
            raise Http404
        return render(request, "learning/_step.html", {**context, "one": block}, status=status)
    return render(request, "learning/lesson_page.html", context, status=status)
