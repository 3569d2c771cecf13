"""The largest counts with the names of what was counted, for pages."""

from collections.abc import Sequence
from typing import Final

import orjson

from lrs.models import Tenant
from lrs.queries.counting import CountFilters, count_by
from lrs.queries.matching import statements_matching
from lrs.queries.searching import Filters
from lrs.queries.seen import Choice, names_of_activities, names_of_actors, newest_with
from lrs.rules.wording import Words, last_part, plain, thing_of, words_of

TOP: Final = 10
_LOOKED_THROUGH: Final = 500


def top_verbs(
    *, tenant: Tenant, filters: CountFilters, languages: Sequence[str], most: int = TOP
) -> list[tuple[Choice, int]]:
    """Return the verbs used most."""
    lines = count_by(tenant=tenant, filters=filters, column="verb", limit=most)
    texts = newest_with(tenant=tenant, column="verb_key", keys=[line.key for line in lines])
    found = []
    for line in lines:
        if line.key in texts:
            verb = orjson.loads(texts[line.key])["verb"]
            words = words_of(verb.get("display"), languages) or Words(last_part(verb["id"]))
            choice = Choice(verb["id"], words.text, plain(verb["id"], 300), words.language)
            found.append((choice, line.statements))
    return found


def top_actors(
    *, tenant: Tenant, filters: CountFilters, most: int = TOP
) -> list[tuple[Choice, int]]:
    """Return who did most."""
    lines = count_by(tenant=tenant, filters=filters, column="actor", limit=most)
    names = names_of_actors(tenant=tenant, keys=[line.key for line in lines])
    return [(names[line.key], line.statements) for line in lines if line.key in names]


def top_activities(
    *, tenant: Tenant, filters: CountFilters, languages: Sequence[str], most: int = TOP
) -> list[tuple[Choice, int]]:
    """Return what most was done with."""
    lines = count_by(tenant=tenant, filters=filters, column="activity", limit=most)
    names = names_of_activities(
        tenant=tenant, keys=[line.key for line in lines], languages=languages
    )
    return [(names[line.key], line.statements) for line in lines if line.key in names]


def children_of(*, tenant: Tenant, iri: str, languages: Sequence[str]) -> list[Choice]:
    """Return activities that named this one as their parent, in recent statements about it."""
    page = statements_matching(
        tenant=tenant,
        filters=Filters(activity=iri, related_activities=True),
        limit=_LOOKED_THROUGH,
    )
    found: dict[str, Choice] = {}
    for one in page.statements:
        statement = orjson.loads(one.payload)
        around = (statement.get("context") or {}).get("contextActivities") or {}
        parents = [parent["id"] for parent in around.get("parent") or ()]
        thing = thing_of(statement["object"], languages)
        if iri in parents and thing.iri and thing.iri != iri:
            found.setdefault(
                thing.iri,
                Choice(thing.iri, thing.words.text, plain(thing.iri, 300), thing.words.language),
            )
    return sorted(found.values(), key=lambda choice: (choice.name.lower(), choice.value))[:100]
