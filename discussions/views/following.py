"""Taking part, and how one hears of what is new."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from discussions import services
from discussions.enums import Delivery
from discussions.forms import DeliveryForm, JoinForm, UsualForm
from discussions.models import Subscription
from discussions.queries import followed_by, participant_of, space_to_read, thread_to_read
from discussions.views.doorway import (
    crumbs,
    language_of,
    person_of,
    refuses_kindly,
    safe_next,
    viewer_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join(request: HttpRequest) -> HttpResponseBase:
    """Choose the name others see, once, before the first contribution."""
    person = person_of(request)
    back = safe_next(request, default=reverse("discussions:index"))
    given = request.POST if request.method == "POST" else None
    form = JoinForm(given, initial={"display_name": person.display_name})
    if form.is_valid() and _join(request, form):
        return redirect(back)
    context = {"form": form, "next": back, "breadcrumbs": crumbs()}
    return render(request, "discussions/join.html", context, status=400 if form.errors else 200)


def _join(request: HttpRequest, form: JoinForm | UsualForm) -> bool:
    """Take part as the form says; or say in it what to change."""
    try:
        services.join_discussions(
            person=person_of(request),
            display_name=form.cleaned_data.get("display_name") or person_of(request).display_name,
            keeps_words=form.cleaned_data["keeps_words"],
            delivery=Delivery(form.cleaned_data["delivery"]),
            at=timezone.now(),
        )
    except services.NameNotUsable:
        form.add_error(
            "display_name" if "display_name" in form.fields else None,
            _("Choose a name without an @. An e-mail address would tell others who you are."),
        )
        return False
    return True


@require_POST
@login_required
@refuses_kindly
def follow_space(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Choose how to hear of what is new in a space."""
    space = space_to_read(viewer=viewer_of(request), slug=slug)
    services.subscribe(
        person=person_of(request), space=space, delivery=_chosen(request), at=timezone.now()
    )
    messages.success(request, _("Saved."))
    return redirect("discussions:space", slug)


@require_POST
@login_required
@refuses_kindly
def follow_thread(request: HttpRequest, slug: str, thread_uuid: UUID) -> HttpResponseBase:
    """Choose how to hear of what is new in a discussion."""
    thread = thread_to_read(viewer=viewer_of(request), thread_uuid=thread_uuid, slug=slug)
    services.subscribe(
        person=person_of(request), thread=thread, delivery=_chosen(request), at=timezone.now()
    )
    messages.success(request, _("Saved."))
    return redirect("discussions:thread", slug, thread_uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notifications(request: HttpRequest) -> HttpResponseBase:
    """How one hears of discussions, and what one decided about taking part."""
    person = person_of(request)
    participant = participant_of(person)
    given = request.POST if request.method == "POST" else None
    form = UsualForm(
        given,
        initial={
            "delivery": participant.delivery if participant else Delivery.WEEKLY,
            "keeps_words": participant.keeps_words if participant else False,
        },
        has_name=bool(person.display_name),
    )
    if form.is_valid() and _join(request, form):
        messages.success(request, _("Saved."))
        return redirect("discussions:notifications")
    followed = followed_by(person=person, language=language_of())
    context = {
        "form": form,
        "followed": followed,
        "deliveries": Delivery.choices,
    }
    return render(
        request, "discussions/notifications.html", context, status=400 if form.errors else 200
    )


@require_POST
@login_required
def change(request: HttpRequest, followed_uuid: UUID) -> HttpResponseBase:
    """Choose differently for one thing that one follows."""
    person = person_of(request)
    try:
        row = Subscription.objects.select_related("space", "thread").get(
            uuid=followed_uuid, person=person
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    services.subscribe(
        person=person,
        space=row.space,
        thread=row.thread,
        delivery=_chosen(request),
        at=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("discussions:notifications")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """Stop mails by the link in one. Mail programs post to it by themselves, without a page."""
    context: dict[str, object] = {"breadcrumbs": crumbs()}
    if request.method != "POST":
        return render(request, "discussions/stop.html", context | {"state": "asking"})
    try:
        thread = services.unsubscribe(token=token, at=timezone.now())
    except services.LinkNotValid:
        return render(request, "discussions/stop.html", context | {"state": "broken"}, status=404)
    return render(
        request,
        "discussions/stop.html",
        context | {"state": "stopped", "title": thread.title if thread else ""},
    )


def _chosen(request: HttpRequest) -> Delivery:
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        raise Http404
    return Delivery(form.cleaned_data["delivery"])
