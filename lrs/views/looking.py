"""What the pages that show statements share: whose words, who was shown, and where links go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone, translation

from lrs.models import Statement
from lrs.rules.times import parse_instant
from lrs.rules.wording import Telling, parties_in, telling
from lrs.signals import statements_seen
from lrs.views.stores import Store
from lrs.views.verbs import verb_words
from organisations.enums import PageSeen


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as a sentence on a page, with the ways on from it."""

    told: Telling
    stored: datetime
    timestamp: datetime | None
    href: str
    who_href: str
    what_href: str
    target_href: str


def my_languages() -> list[str]:
    """Return the languages in which the reader wants words, best first."""
    language = translation.get_language() or "en"
    return [language.lower(), "en"]


def actor_href(store: Store, identifier: str) -> str:
    """Return the page about an actor."""
    query = urlencode({"agent": identifier}, errors="surrogatepass")
    return f"{reverse('lrs:actor', args=[store.slug])}?{query}"


def activity_href(store: Store, iri: str) -> str:
    """Return the page about an activity."""
    query = urlencode({"iri": iri}, errors="surrogatepass")
    return f"{reverse('lrs:activity', args=[store.slug])}?{query}"


def statement_href(store: Store, statement_id: Any) -> str:
    """Return the page about one statement."""
    return reverse("lrs:statement", args=[store.slug, statement_id])


def shown(
    store: Store, statements: Iterable[Mapping[str, Any]], languages: Sequence[str]
) -> list[Shown]:
    """Return statements as a page shows them."""
    return [_shown(store, one, languages) for one in statements]


def _shown(store: Store, statement: Mapping[str, Any], languages: Sequence[str]) -> Shown:
    told = telling(statement, languages)
    told = replace(told, verb=verb_words(told.verb_iri, told.verb))
    what = told.what
    what_href = activity_href(store, what.iri) if what.iri else ""
    if what.party is not None and what.party.identifier:
        what_href = actor_href(store, what.party.identifier)
    return Shown(
        told=told,
        stored=parse_instant(statement["stored"]),
        timestamp=parse_instant(told.timestamp) if told.timestamp else None,
        href=statement_href(store, told.id),
        who_href=actor_href(store, told.who.identifier) if told.who.identifier else "",
        what_href=what_href,
        target_href=statement_href(store, what.target) if what.target else "",
    )


def note_look(
    store: Store,
    statements: Iterable[Mapping[str, Any]],
    page: PageSeen,
    *,
    more: Iterable[str] = (),
) -> None:
    """Tell who was shown to whom, once a page.

    Args:
        store: and who looked.
        statements: as shown.
        page: which page it was.
        more: identifiers of actors shown besides.
    """
    actors = {one for statement in statements for one in parties_in(statement)} | set(more)
    if actors:
        statements_seen.send(
            sender=Statement,
            viewer=store.viewer,
            organisation=store.organisation,
            actors=sorted(actors),
            page=page,
            at=timezone.now(),
        )
