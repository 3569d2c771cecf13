"""The commands of the life cycle: what they print, and when they fail."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lrs.models import LegalHold, RetentionPolicy, Statement
from lrs.services import store_statements
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement

NOW = datetime.now(UTC)
FFION = "https://hr.example|ffion"
WHERE = {"organisation": "Aber Trust"}


def run(name: str, *args: str, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=io.StringIO(), **options)
    last: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return last


def test_erasing_says_what_it_did_and_the_dry_run_what_it_would(store: Store) -> None:
    store.post(statement(1), statement(2, actor=agent("gwil")))

    told = run("erase_statements_of", FFION, dry_run=True, **WHERE)
    done = run("erase_statements_of", FFION, reason="Asked", all=True)

    assert told == {"statements": 1, "documents": 0}
    assert (done["statements"], done["held_by"]) == (1, [])
    assert "ffion" not in str(list(Statement.objects.values_list("payload", flat=True)))


def test_erasing_what_is_held_fails_and_the_end_of_the_hold_does_it(store: Store) -> None:
    store.post(statement(1))
    assert run("legal_hold", "Inquest", reason="Asked", **WHERE) == {"standing": ["Inquest"]}

    with pytest.raises(SystemExit):
        run("erase_statements_of", FFION, **WHERE)
    assert run("legal_hold", "Inquest", reason="Over", end=True, **WHERE) == {"standing": []}

    assert "ffion" not in Statement.objects.get().payload


def test_a_hold_wants_a_reason_and_a_time_that_is_one(store: Store) -> None:
    with pytest.raises(CommandError, match="--reason"):
        run("legal_hold", "Inquest", **WHERE)
    with pytest.raises(CommandError, match="not a time"):
        run("legal_hold", "Inquest", reason="Asked", since="yesterday", **WHERE)
    with pytest.raises(CommandError, match="stands there"):
        run("legal_hold", "Inquest", reason="Asked", end=True, **WHERE)
    run("legal_hold", "Inquest", reason="Asked", actor=FFION, since="2026-01-02", all=True)
    hold = LegalHold.objects.get()
    assert (hold.actor, hold.since, hold.tenant) == (
        f"account::{FFION}",
        datetime(2026, 1, 2, tzinfo=UTC),
        None,
    )


def test_changing_an_identifier(store: Store) -> None:
    store.post(statement(1))

    told = run("change_identifier", FFION, "f@example.org", dry_run=True, **WHERE)
    done = run("change_identifier", FFION, "f@example.org", **WHERE)

    assert told == {"statements": 1, "documents": 0, "conflicts": 0}
    assert (done["statements"], done["conflicts"]) == (1, 0)
    assert store.numbers(agent={"mbox": "mailto:f@example.org"}) == [1]
    with pytest.raises(CommandError, match="e-mail address"):
        run("change_identifier", "ffion", "f@example.org", **WHERE)


def test_retention_is_told_and_applied(store: Store) -> None:
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[statement(1), statement(2)],
        received_at=NOW - timedelta(days=400),
    )
    RetentionPolicy.objects.create(tenant=store.tenant, name="A year", months=12, made_at=NOW)

    assert run("apply_retention", **WHERE)["policies"] == 0
    told = run("apply_retention", policy="A year", dry_run=True, **WHERE)
    done = run("apply_retention", policy="A year", all=True)

    assert (told["statements"], done["statements"]) == (2, 2)
    assert told["bytes"] == done["bytes"]
    assert sum(told["policies"][0]["months"].values()) == 2


def test_sizes_are_counted_for_every_store(store: Store, make_store: Any) -> None:
    make_store("Brecon Council")
    store.post(statement(1))

    done = run("store_sizes")

    assert {one["store"]: one["statements"] for one in done["stores"]} == {
        "Aber Trust": 1,
        "Brecon Council": 0,
    }
    assert done["statements"] == 1
