# ruff: noqa: S608 - made of constants and whole numbers; every value is a parameter
"""What a store has seen: verbs, and actors and activities found by what a person types."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.core.cache import cache
from django.db import connection

from lrs.models import ActivityDefinition, SeenActor, Tenant
from lrs.rules.wording import Words, identity_of, last_part, party_of, plain, thing_of, words_of

_FRESH_SECONDS: Final = 60
_MOST_VERBS: Final = 300
COLUMNS: Final = {
    "actor": "actor_key",
    "verb": "verb_key",
    "activity": "object_key",
    "registration": "registration_key",
}


@dataclass(frozen=True, slots=True)
class SeenVerb:
    """A verb of a store and how many statements have it, void ones included."""

    iri: str
    words: Words
    statements: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may have been meant."""

    value: str
    """An identifier of an actor, or the IRI of an activity."""
    name: str
    detail: str
    language: str = ""
    """Of the name, where a statement says it."""


def verbs_seen(*, tenant: Tenant, languages: Sequence[str]) -> list[SeenVerb]:
    """Return the verbs of a store, most used first; counted anew once a minute."""
    rows = cache.get_or_set(
        f"lrs-verbs-{tenant.pk}", lambda: _count_verbs(tenant), timeout=_FRESH_SECONDS
    )
    verbs = [
        SeenVerb(
            verb["id"],
            words_of(verb.get("display"), languages) or Words(last_part(verb["id"])),
            statements,
        )
        for verb, statements in rows or ()
    ]
    return sorted(verbs, key=lambda seen: (-seen.statements, seen.iri))


def _count_verbs(tenant: Tenant) -> list[tuple[dict[str, Any], int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verb_key, count(*) FROM lrs_statement WHERE tenant_id = %s"
            f" GROUP BY verb_key ORDER BY 2 DESC LIMIT {_MOST_VERBS}",
            [tenant.pk],
        )
        counts = dict(cursor.fetchall())
    texts = newest_with(tenant=tenant, column="verb_key", keys=list(counts))
    return [(orjson.loads(text)["verb"], counts[key]) for key, text in texts.items()]


def newest_with(*, tenant: Tenant, column: str, keys: Iterable[int]) -> dict[int, str]:
    """Return, for each key of a column, the text of the newest statement that has it."""
    found: dict[int, str] = {}
    wanted = [int(key) for key in keys]
    for start in range(0, len(wanted), 200):
        part = wanted[start : start + 200]
        many = " UNION ALL ".join(f"SELECT CAST({key} AS bigint) AS key" for key in part)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT k.key, (SELECT s.payload FROM lrs_statement s WHERE s.tenant_id = %s"
                f" AND s.{column} = k.key ORDER BY s.stored DESC LIMIT 1) FROM ({many}) k",
                [tenant.pk],
            )
            found.update((key, text) for key, text in cursor.fetchall() if text)
    return found


def actors_like(*, tenant: Tenant, text: str, most: int = 20) -> list[Choice]:
    """Return actors whose name or identifier has this text in it, shortest first."""
    rows = SeenActor.objects.filter(tenant=tenant, folded__contains=text.strip().lower())
    found = sorted(rows.order_by("pk")[: most * 5], key=lambda row: (len(row.folded), row.pk))
    return [
        Choice(
            row.identifier,
            plain(row.name) or identity_of(row.identifier),
            identity_of(row.identifier),
        )
        for row in found[:most]
    ]


def names_of_actors(*, tenant: Tenant, keys: Iterable[int]) -> dict[int, Choice]:
    """Return who these keys are, looked up in the newest statement of each."""
    texts = newest_with(tenant=tenant, column=COLUMNS["actor"], keys=keys)
    parties = {key: party_of(orjson.loads(text)["actor"]) for key, text in texts.items()}
    return {
        key: Choice(party.identifier, party.name, party.identity) for key, party in parties.items()
    }


def names_of_activities(
    *, tenant: Tenant, keys: Iterable[int], languages: Sequence[str]
) -> dict[int, Choice]:
    """Return what these keys of objects are; those that are no activity are left out."""
    texts = newest_with(tenant=tenant, column=COLUMNS["activity"], keys=keys)
    things = {key: thing_of(orjson.loads(text)["object"], languages) for key, text in texts.items()}
    return {
        key: Choice(thing.iri, thing.words.text, plain(thing.iri, 300), thing.words.language)
        for key, thing in things.items()
        if thing.iri
    }


def activities_like(
    *, tenant: Tenant, text: str, languages: Sequence[str], most: int = 20
) -> list[Choice]:
    """Return activities whose name or IRI has this text in it, those named so first."""
    wanted = text.strip()
    rows = ActivityDefinition.objects.filter(tenant=tenant)
    by_iri = rows.filter(iri__icontains=wanted).order_by("pk")[:most]
    by_name = rows.filter(definition__icontains=wanted).order_by("pk")[: most * 5]
    named: list[Choice] = []
    others: list[Choice] = []
    for row in {row.pk: row for row in (*by_name, *by_iri)}.values():
        name = words_of(orjson.loads(row.definition).get("name"), languages)
        choice = Choice(row.iri, name.text if name else plain(row.iri), plain(row.iri, 300))
        is_named = wanted.lower() in choice.name.lower()
        if is_named or wanted.lower() in row.iri.lower():
            (named if is_named else others).append(choice)
    return [*named, *others][:most]


def actor_named(*, tenant: Tenant, identifier: str) -> Choice:
    """Return an actor as last named; the identifier itself if never."""
    row = SeenActor.objects.filter(tenant=tenant, identifier=identifier).first()
    name = plain(row.name) if row else ""
    return Choice(identifier, name or identity_of(identifier), identity_of(identifier))


__all__ = [
    "Choice",
    "SeenVerb",
    "activities_like",
    "actor_named",
    "actors_like",
    "names_of_activities",
    "names_of_actors",
    "newest_with",
    "verbs_seen",
]
