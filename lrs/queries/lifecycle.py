"""What an act on a store would touch: who is named where, what a hold covers, what is too old."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from lrs.models import (
    Document,
    LegalHold,
    Reference,
    Statement,
    StatementId,
    StatementKey,
    Tenant,
)
from lrs.queries.folding import with_text, with_whole
from lrs.rules.facts import RELATED_ACTIVITY
from lrs.rules.identity import (
    ACTIVITY,
    AGENT,
    REGISTRATION,
    VERB,
    key_of,
    keys_of_agent,
    split_identifier,
)
from lrs.rules.retention import Terms
from lrs.rules.who import Who

Place = tuple[int, datetime]
"""The number of a statement and when it was stored."""

SOURCES: Final = ("actor_key", "object_key", "authority_key", "around")
"""Where the index finds somebody."""
_ESCAPES: Final = Q(payload__contains="\\u") | Q(payload__contains="\\/")


class Bytes(Func):
    """The size of a text in bytes."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]  # as Django's
        return self.as_sql(
            compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **extra
        )


def standing_holds(*, tenant: Tenant, at: datetime) -> list[LegalHold]:
    """Return the holds that stand in a store, the oldest first.

    A hold stands from when it is placed, and what asks may have begun before that: whoever goes
    on with long work says the time at which it began.
    """
    rows = LegalHold.objects.filter(
        Q(tenant=tenant) | Q(tenant__isnull=True),
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
    )
    return list(rows.order_by("starts_at", "pk"))


def covered_by(hold: LegalHold) -> Q:
    """Return which statements a hold covers."""
    rule = Q(seq__isnull=False)
    if hold.actor:
        who = Who.known_as([hold.actor])
        rule &= _is_agent(who) | Q(Exists(_keys_beside(who.related_keys))) | _spelt_otherwise(who)
    if hold.activity:
        around = Exists(_keys_beside([key_of(RELATED_ACTIVITY, hold.activity)]))
        rule &= Q(object_key=key_of(ACTIVITY, hold.activity)) | Q(around)
    if hold.since is not None:
        rule &= Q(timestamp__gte=hold.since)
    if hold.until is not None:
        rule &= Q(timestamp__lte=hold.until)
    return rule


def documents_covered_by(hold: LegalHold) -> Q:
    """Return which documents a hold covers; for them, what counts is when they last changed."""
    rule = Q(pk__isnull=False)
    if hold.actor:
        rule &= _document_of(Who.known_as([hold.actor]))
    if hold.activity:
        rule &= Q(activity_key=key_of(ACTIVITY, hold.activity))
    if hold.since is not None:
        rule &= Q(updated_at__gte=hold.since)
    if hold.until is not None:
        rule &= Q(updated_at__lte=hold.until)
    return rule


def hold_on(*, tenant: Tenant, who: Who, at: datetime) -> LegalHold | None:
    """Return a hold that covers something in which somebody is named; None if there is none."""
    for hold in standing_holds(tenant=tenant, at=at):
        rule = covered_by(hold)
        beside = Statement.objects.filter(rule, seq=OuterRef("seq"), stored=OuterRef("stored"))
        if (
            any(
                Statement.objects.filter(
                    rule, tenant=tenant, **{f"{source}__in": who.agent_keys}
                ).exists()
                for source in SOURCES[:3]
            )
            or StatementKey.objects.filter(
                Exists(beside), tenant=tenant, key__in=who.related_keys
            ).exists()
            or documents_of(tenant=tenant, who=who).filter(documents_covered_by(hold)).exists()
            or Statement.objects.filter(rule, _spelt_otherwise(who), tenant=tenant).exists()
        ):
            return hold
    return None


def documents_of(*, tenant: Tenant, who: Who) -> "QuerySet[Document]":
    """Return state and profiles of an agent."""
    return Document.objects.filter(_document_of(who), tenant=tenant)


def newest_place(tenant: Tenant) -> Place | None:
    """Return the place of what was stored last in a store; None if nothing is there."""
    rows = Statement.objects.filter(tenant=tenant).order_by("-stored", "-seq")
    return rows.values_list("seq", "stored").first()


def places_naming(
    *,
    tenant: Tenant,
    who: Who,
    source: str,
    after: Place | None,
    limit: int,
    until: Place | None = None,
) -> list[Place]:
    """Return where an index finds somebody, in the order of storing, up to a place if one is given."""
    if source == "around":
        keys = StatementKey.objects.filter(tenant=tenant, key__in=who.related_keys)
        beside = keys.filter(later(after), up_to(until)).values_list("seq", "stored").distinct()
        return list(beside.order_by("stored", "seq")[:limit])
    found = Statement.objects.filter(tenant=tenant, **{f"{source}__in": who.agent_keys})
    rows = found.filter(later(after), up_to(until)).values_list("seq", "stored")
    return list(rows.order_by("stored", "seq")[:limit])


def how_many_name(*, tenant: Tenant, who: Who) -> int:
    """Return how many statements name somebody as an agent."""
    direct = Statement.objects.filter(_is_agent(who), tenant=tenant)
    same = direct.filter(seq=OuterRef("seq"), stored=OuterRef("stored"))
    around = StatementKey.objects.filter(~Exists(same), tenant=tenant, key__in=who.related_keys)
    return direct.count() + around.values("seq").distinct().count()


def window_after(
    *, tenant: Tenant, after: Place | None, size: int, until: Place | None = None
) -> tuple[list[Place], int]:
    """Return the last place of the next so many statements of a store, as a list, and how many.

    The list is empty at the end, or beyond a place if one is given.
    """
    rows = Statement.objects.filter(later(after), up_to(until), tenant=tenant)
    places = list(rows.order_by("stored", "seq").values_list("seq", "stored")[:size])
    return places[-1:], len(places)


def unsettled_from() -> str:
    """Return the number of the oldest transaction that may still be storing, as text.

    Empty on SQLite, where nobody stores while a reader's transaction writes.
    """
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return str(cursor.fetchone()[0])


def payloads_with_attachments_since(*, tenant: Tenant, xid: str) -> list[str]:
    """Return what was stored of a store with attachments by that transaction and later ones.

    Args:
        tenant: whose.
        xid: as `unsettled_from` gave it.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM lrs_statement WHERE tenant_id = %s AND xid >= %s::text::xid8"
            """ AND payload LIKE '%%"sha2"%%'""",
            [tenant.pk, xid],
        )
        return [payload for (payload,) in cursor.fetchall()]


def places_mentioning(
    *, tenant: Tenant, clues: Sequence[str], after: Place | None, until: Place
) -> list[Place]:
    """Return what may hold one of these texts, in whatever case and however it is escaped."""
    rule = _ESCAPES
    for clue in clues:
        rule |= with_text("payload", clue)
    rows = Statement.objects.filter(later(after), up_to(until), tenant=tenant)
    return list(rows.filter(rule).order_by("stored", "seq").values_list("seq", "stored"))


def going(*, tenant: Tenant, terms: Terms, before: datetime, at: datetime) -> "QuerySet[Statement]":
    """Return the statements that go: too old, under no hold, and not the void of one that stays.

    What voids a statement that never was here stays too: that may come yet, and is void then. An
    id whose statement went stays taken, so it cannot come back.

    Args:
        tenant: whose.
        terms: of the policy.
        before: what is older goes.
        at: now, for the holds that stand.
    """
    rule = _meets(terms, before)
    for hold in standing_holds(tenant=tenant, at=at):
        rule &= ~covered_by(hold)
    staying = Statement.objects.filter(
        ~rule, tenant=tenant, seq=OuterRef("seq"), stored=OuterRef("stored"), is_voiding=False
    )
    targets = StatementId.objects.filter(tenant=tenant, uuid=OuterRef("target"))
    voids = Reference.objects.filter(
        Exists(targets.filter(Exists(staying))) | ~Exists(targets),
        seq=OuterRef("seq"),
        is_voiding=True,
    )
    return Statement.objects.filter(rule, tenant=tenant).exclude(Q(is_voiding=True), Exists(voids))


@dataclass(frozen=True, slots=True)
class MonthOf:
    """What there is of one month."""

    month: str
    """As 2026-11."""
    statements: int
    bytes: int


def by_month(statements: "QuerySet[Statement]", *, is_by_timestamp: bool = False) -> list[MonthOf]:
    """Return how many statements and bytes there are of each month, the oldest first."""
    month = TruncMonth("timestamp" if is_by_timestamp else "stored", tzinfo=UTC)
    rows = (
        statements.annotate(month=month)
        .values("month")
        .annotate(count=Count("seq"), size=Sum(Bytes("payload")))
        .order_by("month")
    )
    return [MonthOf(row["month"].strftime("%Y-%m"), row["count"], int(row["size"])) for row in rows]


def _meets(terms: Terms, before: datetime) -> Q:
    age = "timestamp__lt" if terms.is_by_timestamp else "stored__lt"
    rule = Q(**{age: before})
    if terms.verb:
        rule &= Q(verb_key=key_of(VERB, terms.verb))
    if terms.activity:
        rule &= Q(object_key=key_of(ACTIVITY, terms.activity))
    if terms.actor:
        rule &= Q(actor_key__in=keys_of_agent(terms.actor, kind=AGENT))
    if terms.registration:
        rule &= Q(registration_key=key_of(REGISTRATION, terms.registration.lower()))
    return rule


def _document_of(who: Who) -> Q:
    """Which documents are theirs, in whatever case their address was written."""
    rule = Q(agent_key__in=who.agent_keys)
    for mailbox in who.mailboxes:
        rule |= with_whole("agent", mailbox)
    return rule


def _spelt_otherwise(who: Who) -> Q:
    """Which statements have an address of theirs as a whole value, in whatever case.

    A key is of one spelling, so the keys do not find the others.
    """
    rule = Q(pk__in=[])
    for mailbox in who.mailboxes:
        rule |= with_text("payload", json.dumps(split_identifier(mailbox)[2], ensure_ascii=False))
    return rule


def _is_agent(who: Who) -> Q:
    keys = who.agent_keys
    return Q(actor_key__in=keys) | Q(object_key__in=keys) | Q(authority_key__in=keys)


def _keys_beside(keys: Sequence[int]) -> "QuerySet[StatementKey]":
    return StatementKey.objects.filter(
        tenant=OuterRef("tenant"), key__in=keys, stored=OuterRef("stored"), seq=OuterRef("seq")
    )


def later(place: Place | None) -> Q:
    """Return what comes after a place in the order of storing."""
    if place is None:
        return Q(seq__isnull=False)
    seq, stored = place
    return Q(stored__gte=stored) & (Q(stored__gt=stored) | Q(seq__gt=seq))


def up_to(place: Place | None) -> Q:
    """Return what comes up to a place in the order of storing, it among them."""
    if place is None:
        return Q(seq__isnull=False)
    seq, stored = place
    return Q(stored__lte=stored) & (Q(stored__lt=stored) | Q(seq__lte=seq))
