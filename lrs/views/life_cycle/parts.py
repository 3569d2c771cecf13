"""What the pages of the life cycle share: a form, what is confirmed, and the way back."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from lrs import tasks
from lrs.views.stores import Store, kept_store, store_page


def sent(request: HttpRequest) -> QueryDict | None:
    """Return the form that was sent, None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def may_act(store: Store) -> bool:
    """Return whether the viewer may erase, change and remove here.

    What an organisation recorded is its own: operators do so in the platform's store only.
    """
    return store.may_read or store.organisation is None


def acting_store(request: HttpRequest, store: str) -> Store:
    """Return a store in which the viewer may act; 404 for anyone else."""
    kept = kept_store(request, store)
    if not may_act(kept):
        raise Http404
    return kept


def carry_out_soon() -> None:
    """Have a worker do what was asked, once it is committed; the beat finds what was missed."""
    transaction.on_commit(lambda: tasks.carry_out_acts.delay(), robust=True)


def back(request: HttpRequest, store: Store, words: str) -> HttpResponse:
    """Return to the life cycle and say what came of it."""
    messages.success(request, words)
    return redirect("lrs:life-cycle", store.slug)


def form_page(
    request: HttpRequest, store: Store, form: forms.Form, title: str, button: str, lede: str = ""
) -> HttpResponse:
    """Return the page of one form."""
    page = {"form": form, "title": title, "button": button, "lede": lede, "up": _up(store)}
    return store_page(request, "lrs/life_cycle_form.html", store, page)


def confirm_page(request: HttpRequest, store: Store, form: forms.Form, **page: Any) -> HttpResponse:
    """Return what an act would touch, with the form once more, hidden, for the yes.

    Args:
        request: of the page.
        store: in which it would be done.
        form: as it was sent.
        page: ``title``, ``button``, ``note``: words; ``facts``: (what, how much); ``hold``: one in
            the way, or None.
    """
    page["kept"] = [(name, form.data[name]) for name in form.fields if form.data.get(name)]
    return store_page(request, "lrs/life_cycle_confirm.html", store, {**page, "up": _up(store)})


def first_of(month: str) -> date:
    """Return the first day of a month told like 2026-11."""
    return date.fromisoformat(f"{month}-01")


def _up(store: Store) -> str:
    return reverse("lrs:life-cycle", args=[store.slug])
