"""From one of our own stores into another, over HTTP: on by sending, in by an address."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from lrs.enums import TargetKind
from lrs.models import Attachment, SendingTarget, Statement
from lrs.outside import Reachable
from lrs.services import (
    TargetSettings,
    issue_credential,
    make_target,
    send_on,
    store_statements,
    tenant_of,
)
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO
from tests.lrs.samples import VERBS, agent, full_statement, statement

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"an essay"
SUM = hashlib.sha256(CONTENT).hexdigest()
HERE = Reachable(frozenset({"localhost", "127.0.0.1"}))


def fill(organisation: Organisation) -> None:
    attached = {
        "usageType": "https://e.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/plain",
        "length": len(CONTENT),
        "sha2": SUM,
    }
    target = {"objectType": "StatementRef", "id": str(UUID(int=2))}
    for statements, contents in (
        ([full_statement(1), statement(2)], {}),
        ([statement(3, attachments=[attached])], {SUM: CONTENT}),
        ([statement(4, verb={"id": f"{VERBS}voided"}, object=target)], {}),
    ):
        store_statements(
            tenant=tenant_of(organisation=organisation),
            authority=agent("authority"),
            statements=statements,
            attachments=contents or None,
        )


def said_in(organisation: Organisation) -> dict[UUID, dict[str, Any]]:
    rows = Statement.objects.filter(tenant__organisation=organisation)
    return {
        row.uuid: {
            name: value
            for name, value in json.loads(row.payload).items()
            if name not in ("stored", "authority")
        }
        for row in rows
    }


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_statements_go_from_store_to_store_and_come_by_address(
    live_server: Any, version: str, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    first, second = (
        Organisation.objects.create(name=name, sector="other") for name in ("Aber", "Bryn")
    )
    fill(first)
    key = issue_credential(organisation=second, scopes=["all"], starts_at=LONG_AGO)
    target = make_target(
        tenant=tenant_of(organisation=first),
        kind=TargetKind.STORE,
        settings=TargetSettings(
            label="Bryn", address=f"{live_server.url}/xapi", version=version, key=key.key
        ),
        secret=key.secret,
        from_beginning=True,
        reachable=HERE,
        at=datetime.now(UTC),
    )

    for _ in range(2):  # the second time there is nothing to do
        send_on(target_id=target.pk, reachable=HERE, clock=lambda: datetime.now(UTC))
    SendingTarget.objects.update(position="")  # as if nothing had been noted: all are there already
    send_on(target_id=target.pk, reachable=HERE, clock=lambda: datetime.now(UTC))

    target.refresh_from_db()
    assert (target.trouble_detail, target.delivered) == ("", 8)
    assert said_in(second) == said_in(first)
    monkeypatch.setenv("IMPORT_SECRET", key.secret)
    call_command(
        "import_statements", "--url", f"{live_server.url}/xapi", "--key", key.key,
        "--xapi-version", version, "--organisation", "Clwyd", "--create", "--page", "2",
    )  # fmt: skip
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (summary["stored"], summary["attachments"], summary["voided_not_had"]) == (4, 1, 0)
    assert said_in(Organisation.objects.get(name="Clwyd")) == said_in(first)
    assert Attachment.objects.count() == 3
