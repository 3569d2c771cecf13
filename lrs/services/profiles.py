"""Keeping profiles, and checking what a store holds against one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from lrs.models import Profile, Tenant
from lrs.queries import Filters, statements_matching
from lrs.rules.paging import Position
from lrs.rules.patterns import EndlessPattern, follows
from lrs.rules.profiles import Broken, ProfileDocument, Rule, check, read_profile

MOST: Final = 10_000
"""How many of the newest statements a check reads unless told."""
_EXAMPLES: Final = 3
_LONGEST_REGISTRATION: Final = 500


@dataclass(slots=True)
class RuleCount:
    """How often a rule of a template is broken, and by which statements for example."""

    template: str
    rule: Rule
    reason: str
    is_advice: bool
    times: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ProfileReport:
    """What a check found."""

    read: int = 0
    matched: int = 0
    """Statements that match some template."""
    clean: int = 0
    """Those of them that break no rule."""
    templates: Counter[str] = field(default_factory=Counter)
    rules: dict[tuple[str, str, str], RuleCount] = field(default_factory=dict)
    registrations: int = 0
    """Registrations with statements of the profile, all of whose statements were read."""
    in_order: int = 0
    """Those whose statements come as the primary pattern allows."""
    has_pattern: bool = False
    is_whole: bool = True
    """Whether every statement of the store was read."""


def import_profile(*, document: bytes, at: datetime) -> Profile:
    """Keep a profile's document, in place of an earlier one of the same name.

    Raises:
        UnreadableProfile: with what is wrong.
        ValueError: it is no JSON.

    Writes: Profile. Safe to repeat.
    """
    read = read_profile(orjson.loads(document))
    return Profile.objects.update_or_create(
        iri=read.iri,
        defaults={
            "version": read.version,
            "name": read.name,
            "document": document.decode(),
            "imported_at": at,
        },
    )[0]


def check_profile(
    *,
    tenant: Tenant,
    profile: Profile,
    most: int = MOST,
    progress: Callable[[int], None] = lambda read: None,
) -> ProfileReport:
    """Check the newest statements of a store against a profile; void ones count for nothing.

    Writes: nothing.
    """
    document = read_profile(orjson.loads(profile.document))
    report = ProfileReport()
    told: dict[str, list[tuple[str, frozenset[str]]]] = {}
    after: Position | None = None
    while report.read < most:
        page = statements_matching(
            tenant=tenant, filters=Filters(), limit=min(500, most - report.read), after=after
        )
        for found in page.statements:
            _count(report, document, orjson.loads(found.payload), told)
        progress(report.read)
        after = page.more
        if after is None:
            break
    report.is_whole = after is None
    _judge_order(report, document, told)
    return report


def _count(
    report: ProfileReport,
    document: ProfileDocument,
    statement: dict[str, Any],
    told: dict[str, list[tuple[str, frozenset[str]]]],
) -> None:
    report.read += 1
    checked = check(document, statement)
    if not checked.templates:
        return
    report.matched += 1
    report.clean += all(one.is_advice for one in checked.broken)
    report.templates.update(checked.templates)
    for broken in checked.broken:
        _note(report, broken, statement["id"])
    registration = (statement.get("context") or {}).get("registration")
    if registration:
        order = told.setdefault(registration, [])
        order.append((statement["timestamp"], frozenset(checked.templates)))


def _note(report: ProfileReport, broken: Broken, statement_id: str) -> None:
    key = (broken.template, broken.rule.location + broken.rule.selector, broken.reason)
    count = report.rules.setdefault(
        key, RuleCount(broken.template, broken.rule, broken.reason, broken.is_advice)
    )
    count.times += 1
    if len(count.examples) < _EXAMPLES:
        count.examples.append(statement_id)


def _judge_order(
    report: ProfileReport,
    document: ProfileDocument,
    told: dict[str, list[tuple[str, frozenset[str]]]],
) -> None:
    """Judge registrations, but only where the whole store was read: else the first part is missing."""
    patterns = {one.id: one for one in document.patterns}
    primary = [one.id for one in document.patterns if one.is_primary]
    if not primary or not report.is_whole:
        return
    report.has_pattern = True
    templates = frozenset(one.id for one in document.templates)
    for order in told.values():
        if len(order) > _LONGEST_REGISTRATION:
            continue
        sets = [ids for _, ids in sorted(order, key=lambda one: one[0])]
        report.registrations += 1
        try:
            report.in_order += any(
                follows(one, patterns=patterns, templates=templates, told=sets) for one in primary
            )
        except EndlessPattern:
            report.has_pattern = False
            return
