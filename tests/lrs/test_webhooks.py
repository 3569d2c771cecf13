"""Webhooks: who hears of what, and how a receiver knows that it was us."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from lrs.enums import TargetKind
from lrs.models import SendingTarget, Tenant, UnsentStatement
from lrs.rules.webhooks import is_secret, new_secret, signed_headers
from lrs.services import (
    BadTarget,
    TargetSettings,
    make_target,
    new_webhook_secret,
    send_on,
    store_statements,
    tenant_of,
    try_target,
)
from organisations.models import Organisation
from tests.lrs.receiver import Receiver
from tests.lrs.samples import VERBS, agent, statement
from tests.lrs.test_sending import HERE, QUICK, now

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def tenant() -> Tenant:
    return tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))


def hook(tenant: Tenant, receiver: Receiver, **wanted: Any) -> SendingTarget:
    return make_target(
        tenant=tenant,
        kind=TargetKind.WEBHOOK,
        settings=TargetSettings(
            label="Rota", address=f"http://127.0.0.1:{receiver.port}/hook", **wanted
        ),
        secret=SECRET,
        from_beginning=True,
        reachable=HERE,
        at=now(),
    )


def store(tenant: Tenant, *statements: dict[str, Any]) -> None:
    store_statements(tenant=tenant, authority=agent("authority"), statements=statements)


def send(target: SendingTarget) -> None:
    send_on(target_id=target.pk, reachable=HERE, clock=now, pace=QUICK)


def heard(receiver: Receiver) -> list[int]:
    return [UUID(json.loads(body)["data"]["statement"]["id"]).int for _, body in receiver.messages]


def test_a_message_can_be_verified_by_a_library_that_others_wrote(
    tenant: Tenant, receiver: Receiver
) -> None:
    target = hook(tenant, receiver)
    store(tenant, statement(1))

    send(target)

    headers, body = receiver.messages[0]
    told = Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
    assert told["type"] == "statement.stored"
    assert told["data"]["statement"]["id"] == statement(1)["id"]
    assert told["data"]["is_void"] is False
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(
            body + b" ", {name.lower(): value for name, value in headers.items()}
        )


def test_only_results_that_were_asked_for_are_told(tenant: Tenant, receiver: Receiver) -> None:
    target = hook(tenant, receiver, verbs=[f"{VERBS}passed"], success=True, completion=True)
    passed = {"id": f"{VERBS}passed"}
    store(
        tenant,
        statement(1, verb=passed, result={"success": True, "completion": True}),
        statement(2, verb=passed, result={"success": False, "completion": True}),
        statement(3, verb=passed, result={"success": True}),
        statement(4, verb=passed),
        statement(5, result={"success": True, "completion": True}),
        statement(6, verb=passed, result={"success": True, "completion": True}),
    )

    send(target)

    assert heard(receiver) == [1, 6]


def test_a_message_sent_again_has_the_same_id(tenant: Tenant, receiver: Receiver) -> None:
    target = hook(tenant, receiver)
    store(tenant, statement(1), statement(2))
    receiver.fault = lambda number, sent: "ack-drop" if number == 1 else ""

    send(target)
    SendingTarget.objects.update(next_attempt_at=None)
    send(target)

    ids = [headers["webhook-id"] for headers, _ in receiver.messages]
    assert heard(receiver) == [1, 1, 2]
    assert ids[0] == ids[1] != ids[2]


def test_what_a_webhook_will_not_have_is_put_aside(tenant: Tenant, receiver: Receiver) -> None:
    target = hook(tenant, receiver)
    store(tenant, statement(1), statement(2), statement(3))
    receiver.fault = lambda number, sent: "400" if number == 2 else ""

    send(target)

    assert heard(receiver) == [1, 3]
    assert UnsentStatement.objects.get().uuid.int == 2


def test_two_secrets_are_valid_while_one_takes_over(tenant: Tenant, receiver: Receiver) -> None:
    target = hook(tenant, receiver)
    fresh = new_webhook_secret(target=target, at=now())
    store(tenant, statement(1))

    send(target)

    headers, body = receiver.messages[0]
    sent = {name.lower(): value for name, value in headers.items()}
    for secret in (SECRET, fresh):
        Webhook(secret).verify(body, sent)
    SendingTarget.objects.update(former_secret_ends_at=now() - timedelta(seconds=1))
    store(tenant, statement(2))
    send(target)
    headers, body = receiver.messages[1]
    sent = {name.lower(): value for name, value in headers.items()}
    Webhook(fresh).verify(body, sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, sent)


def test_a_try_speaks_of_no_statement(tenant: Tenant, receiver: Receiver) -> None:
    store(tenant, statement(1))

    verdict = try_target(target=hook(tenant, receiver), reachable=HERE, clock=now)

    assert verdict.trouble == ""
    assert json.loads(receiver.messages[0][1])["type"] == "connection.tried"
    assert json.loads(receiver.messages[0][1])["data"] == {}


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!"])
def test_a_secret_of_another_form_is_refused(
    tenant: Tenant, receiver: Receiver, secret: str
) -> None:
    with pytest.raises(BadTarget, match="whsec_"):
        make_target(
            tenant=tenant,
            kind=TargetKind.WEBHOOK,
            settings=TargetSettings(label="x", address="https://rota.example/hook"),
            secret=secret,
            from_beginning=True,
            reachable=HERE,
            at=now(),
        )
    assert is_secret(new_secret(lambda count: b"x" * count))


def test_the_signature_covers_id_time_and_body() -> None:
    made = signed_headers(
        message_id="msg_1", at_seconds=1_700_000_000, body=b"{}", secrets=[SECRET]
    )

    expected = hmac.digest(
        b"0123456789abcdef0123456789abcdef", b"msg_1.1700000000.{}", hashlib.sha256
    )
    assert made == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1," + base64.b64encode(expected).decode(),
    }


def test_the_guides_snippet_tells_ours_from_others() -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "guides" / "integrators.md"
    snippet = re.search(r"```python\n(import base64, hashlib.*?)```", guide.read_text(), re.S)
    assert snippet
    names: dict[str, Any] = {}
    exec(snippet[1], names)
    is_ours = names["is_from_careweave"]
    at = int(now().timestamp())
    made = signed_headers(message_id="msg_1", at_seconds=at, body=b"{}", secrets=[SECRET])
    old = signed_headers(message_id="msg_1", at_seconds=at - 600, body=b"{}", secrets=[SECRET])
    other = "whsec_" + base64.b64encode(b"y" * 32).decode()

    assert is_ours(made, b"{}", SECRET) is True
    assert is_ours(made, b"{} ", SECRET) is False
    assert is_ours(made, b"{}", other) is False
    assert is_ours(old, b"{}", SECRET) is False
    assert is_ours({}, b"{}", SECRET) is False
