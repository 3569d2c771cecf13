"""Place, end and list legal holds."""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from lrs.management.stores import add_store, identifier_of, stores_of
from lrs.models import LegalHold
from lrs.services import (
    HoldHasEnded,
    NoSuchTime,
    ReasonNamesPerson,
    carry_out_acts,
    end_hold,
    place_hold,
)


class Command(BaseCommand):
    help = (
        "Without a name, list the holds that stand. With one and --reason, place it: what it "
        "covers is then neither erased, removed nor changed. With --end, end it; what waited "
        "for it is then done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?")
        parser.add_argument("--reason")
        parser.add_argument("--end", action="store_true", help="end the hold of this name")
        parser.add_argument("--actor", default="", help="only what names this agent")
        parser.add_argument("--activity", default="", help="only what is about this activity")
        parser.add_argument("--since", help="only what happened from then on, ISO 8601")
        parser.add_argument("--until", help="only what happened until then, ISO 8601")
        add_store(parser, every=True)

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["name"]:
            if not options["reason"]:
                raise CommandError("Give a --reason; it is kept.")
            if options["end"]:
                self._end(options, at)
            else:
                self._place(options, at)
        rows = [row for row in LegalHold.objects.order_by("pk") if row.stands_at(at)]
        for row in rows:
            where = "every store" if row.tenant is None else str(row.tenant)
            self.stderr.write(f"{row.name} ({where}, since {row.starts_at:%Y-%m-%d}): {row.reason}")
        self.stdout.write(json.dumps({"standing": [row.name for row in rows]}))

    def _place(self, options: dict[str, Any], at: datetime) -> None:
        try:
            place_hold(
                tenant=None if options["all"] else stores_of(options)[0],
                name=options["name"],
                reason=options["reason"],
                at=at,
                actor=identifier_of(options["actor"]) if options["actor"] else "",
                activity=options["activity"],
                since=_instant(options["since"]),
                until=_instant(options["until"]),
            )
        except (NoSuchTime, ReasonNamesPerson) as error:
            raise CommandError(str(error)) from error

    def _end(self, options: dict[str, Any], at: datetime) -> None:
        tenant = None if options["all"] else stores_of(options)[0]
        holds = LegalHold.objects.filter(tenant=tenant, name=options["name"]).order_by("-pk")
        standing = [row for row in holds if row.stands_at(at)]
        if not standing:
            raise CommandError(f"No legal hold {options['name']!r} stands there.")
        try:
            end_hold(hold=standing[0], reason=options["reason"], at=at)
        except HoldHasEnded as error:
            raise CommandError("It has ended already.") from error
        carry_out_acts(at=timezone.now())


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    found = parse_datetime(text) or parse_datetime(f"{text}T00:00:00")
    if found is None:
        raise CommandError(f"{text!r} is not a time; write 2026-11-22 or 2026-11-22T09:30:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
