"""Telling a worker what came, and not more often than it can hear."""

from typing import Any

import pytest

from lrs.services import store_statements, tenant_of
from organisations.models import Organisation
from records import receivers, tasks
from tests.lrs.samples import agent, statement


@pytest.mark.django_db(transaction=True)
def test_many_requests_from_outside_nudge_the_worker_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudges: list[float] = []
    monkeypatch.setattr(
        tasks.catch_up, "apply_async", lambda *, countdown: nudges.append(countdown)
    )
    monkeypatch.setattr(receivers, "_nudged_at", float("-inf"))
    tenant = tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))

    def send(number: int) -> None:
        store_statements(
            tenant=tenant, authority=agent("authority"), statements=[statement(number)]
        )

    settings.RECORDS_NUDGE_SECONDS = 600.0
    for number in range(1, 4):
        send(number)
    assert nudges == [600.0]

    settings.RECORDS_NUDGE_SECONDS = 0.0
    send(4)
    send(5)
    assert nudges == [600.0, 0.0, 0.0]
