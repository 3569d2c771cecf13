"""The last requests of each key that were refused, so that who sets up a tool sees why.

Kept for a day in the cache and nowhere else, without anything of the statements sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache

from lrs.models import Credential, Tenant

KEPT: Final = 8
_SECONDS: Final = 24 * 60 * 60
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """A request that proved a key and was refused."""

    at: datetime
    key: str
    """What the key is for, else the key."""
    method: str
    resource: str
    status: int
    path: str
    """Where in the request, as a JSON path; empty where that says nothing."""
    clause: str
    message: str


def note_refusal(*, credential: Credential, refused: RefusedRequest) -> None:
    """Keep a refusal, and forget the oldest beyond ``KEPT``.

    Writes: the cache. Two at once may lose one.
    """
    name = _name(credential)
    cache.set(name, [refused, *cache.get(name, [])][:KEPT], timeout=_SECONDS)


def refusals_of(*, credentials: Sequence[Credential]) -> list[RefusedRequest]:
    """Return the last refusals of these keys, newest first."""
    found = cache.get_many([_name(one) for one in credentials])
    refused = [one for some in found.values() for one in some]
    return sorted(refused, key=lambda one: one.at, reverse=True)[:KEPT]


def forget_refusals(*, tenant: Tenant) -> None:
    """Forget the refusals of all keys of a store. Writes: the cache."""
    cache.delete_many([_name(one) for one in Credential.objects.filter(tenant=tenant).only("pk")])


def shortened(text: str) -> str:
    """Return what is kept of a text."""
    return text[:_LONGEST]


def _name(credential: Credential) -> str:
    return f"lrs-refusals-{credential.pk}"
