"""Pages on where a store's statements go."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lrs.enums import SendingTrouble, TargetKind, UnsentState
from lrs.models import SendingTarget, UnsentStatement
from lrs.outside import Reachable
from lrs.services import TargetSettings, make_target, store_statements, tenant_of
from organisations.enums import GrantKind
from organisations.models import Organisation
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory
from tests.lrs.receiver import Receiver
from tests.lrs.samples import VERBS, agent, statement

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FORM = {
    "label": "The county's",
    "address": "https://lrs.example.org/xapi",
    "version": "1.0.3",
    "key": "us",
    "secret": "very secret",
    "begin": "beginning",
    "verbs": f"{VERBS}passed\n\n{VERBS}completed",
    "actors": "Mair@Example.org\nhttps://hr.example ffion",
}


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def keeper(client: Client, trust: Organisation) -> Client:
    grant = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust)
    client.force_login(grant.person)
    return client


def page(trust: Organisation, *parts: object, name: str = "sending") -> str:
    return reverse(f"lrs:{name}", args=[trust.uuid, *parts])


def target_of(trust: Organisation, label: str = "The county's", **options: Any) -> SendingTarget:
    return make_target(
        tenant=tenant_of(organisation=trust),
        kind=options.get("kind", TargetKind.STORE),
        settings=TargetSettings(
            label=label, address=options.get("address", "https://lrs.example.org/xapi"), key="us"
        ),
        secret=options.get("secret", "very secret"),
        from_beginning=True,
        reachable=Reachable(frozenset({"127.0.0.1"})),
        at=AT,
    )


def dead(target: SendingTarget, number: int, detail: str = "") -> UnsentStatement:
    return UnsentStatement.objects.create(
        target=target,
        seq=number,
        stored=AT,
        uuid=statement(number)["id"],
        learner_key=1,
        state=UnsentState.DEAD,
        trouble=SendingTrouble.REFUSED,
        trouble_detail=detail,
        failed_at=AT,
    )


def test_a_record_store_is_set_up_and_its_secret_is_never_shown(
    keeper: Client, trust: Organisation
) -> None:
    answer = keeper.post(page(trust, "store", name="sending-add"), FORM, follow=True)

    made = SendingTarget.objects.get()
    assert answer.redirect_chain[-1][0] == page(trust, made.uuid, name="sending-target")
    assert made.verbs == [f"{VERBS}passed", f"{VERBS}completed"]
    assert made.actors == ["mbox::mailto:Mair@example.org", "account::https://hr.example|ffion"]
    change = keeper.get(page(trust, made.uuid, name="sending-change")).text
    listed = keeper.get(page(trust)).text
    for text in (answer.text, change, listed):
        assert "very secret" not in text
        assert made.secret not in text
    assert "https://hr.example ffion" in change
    assert "The county&#x27;s" in listed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"address": "http://lrs.example.org/xapi"}, "Use https"),
        ({"address": "https://lrs.example.org/xapi/statements"}, "above /statements"),
        ({"verbs": "passed"}, "passed is not a whole IRI"),
        ({"actors": "somebody"}, "Write somebody as an e-mail address"),
        ({"secret": ""}, "Secret"),
    ],
)
def test_what_cannot_be_set_up_is_said_beside_the_field(
    keeper: Client, trust: Organisation, changed: dict[str, str], words: str
) -> None:
    answer = keeper.post(page(trust, "store", name="sending-add"), FORM | changed)

    assert answer.status_code == 200
    assert words in answer.text
    assert "There is a problem" in answer.text
    assert not SendingTarget.objects.exists()


def test_a_webhooks_secret_is_shown_once(keeper: Client, trust: Organisation) -> None:
    form = {"label": "Rota", "address": "https://rota.example.org/hook", "begin": "now"}
    first = keeper.post(page(trust, "webhook", name="sending-add"), form, follow=True).text

    made = SendingTarget.objects.get()
    assert "whsec_" in first
    assert "whsec_" not in keeper.get(page(trust, made.uuid, name="sending-target")).text
    act = page(trust, made.uuid, name="sending-act")
    again = keeper.post(act, {"deed": "secret"}, follow=True).text
    assert "whsec_" in again
    assert SendingTarget.objects.get().former_secret == made.secret


def test_a_target_is_paused_resumed_changed_and_removed(
    keeper: Client, trust: Organisation
) -> None:
    target = target_of(trust)
    act = page(trust, target.uuid, name="sending-act")

    keeper.post(act, {"deed": "pause"})
    assert "Paused" in keeper.get(page(trust)).text
    keeper.post(act, {"deed": "resume"})
    assert SendingTarget.objects.get().paused_at is None
    change = page(trust, target.uuid, name="sending-change")
    elsewhere = {**FORM, "address": "https://other.example.org/xapi", "secret": ""}
    assert "this is another host" in keeper.post(change, elsewhere).text
    assert keeper.post(change, {**FORM, "label": "Now", "secret": ""}).status_code == 302
    assert SendingTarget.objects.get().label == "Now"
    assert SendingTarget.objects.get().secret == target.secret
    keeper.post(act, {"deed": "remove"})
    assert not SendingTarget.objects.exists()
    assert keeper.post(act, {"deed": "pause"}).status_code == 404


def test_what_was_given_up_shows_its_reason_and_is_sent_again(
    keeper: Client, trust: Organisation
) -> None:
    target = target_of(trust)
    hostile = "400: <script>alert(1)</script>"
    one, _two, _three = dead(target, 1, hostile), dead(target, 2), dead(target, 3)
    home, act = (page(trust, target.uuid, name=f"sending-{name}") for name in ("target", "act"))

    shown = keeper.get(home).text
    assert "It refused the statement." in shown
    assert "400: &lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown

    keeper.post(act, {"deed": "resend", "unsent": one.pk})
    assert UnsentStatement.objects.filter(state=UnsentState.WAITING).get().pk == one.pk
    answer = keeper.post(act, {"deed": "resend"}, follow=True)
    assert "2 statements are sent again within seconds." in answer.text
    assert not UnsentStatement.objects.filter(state=UnsentState.DEAD).exists()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


def test_the_connection_is_tried_in_plain_words(
    keeper: Client, trust: Organisation, receiver: Receiver
) -> None:
    target = target_of(trust, address=receiver.endpoint)
    act = page(trust, target.uuid, name="sending-act")

    good = keeper.post(act, {"deed": "try"}, follow=True).text
    receiver.stop()
    bad = keeper.post(act, {"deed": "try"}, follow=True).text

    assert "It answers, and it knows our key." in good
    assert "It could not be reached." in bad


def test_how_far_behind_a_target_is_shows(keeper: Client, trust: Organisation) -> None:
    store_statements(
        tenant=tenant_of(organisation=trust),
        authority=agent("authority"),
        statements=[statement(1), statement(2)],
    )
    target = target_of(trust)
    SendingTarget.objects.update(trouble=SendingTrouble.UNREACHABLE, next_attempt_at=AT)

    shown = keeper.get(page(trust, target.uuid, name="sending-target"))

    assert shown.context["behind"].count == 2
    assert "It could not be reached." in shown.text
    assert "Nothing is lost; the next attempt is at" in shown.text


def test_another_stores_targets_are_not_there(keeper: Client, trust: Organisation) -> None:
    other = OrganisationFactory()
    theirs = target_of(other)

    assert keeper.get(page(trust, theirs.uuid, name="sending-target")).status_code == 404
    assert keeper.get(page(other)).status_code == 404
    assert (
        keeper.post(page(trust, theirs.uuid, name="sending-act"), {"deed": "remove"}).status_code
        == 404
    )
    assert SendingTarget.objects.exists()


def test_only_those_who_keep_a_store_find_its_pages(client: Client, trust: Organisation) -> None:
    target = target_of(trust)
    addresses = [
        page(trust),
        page(trust, "store", name="sending-add"),
        page(trust, target.uuid, name="sending-target"),
        page(trust, target.uuid, name="sending-change"),
    ]

    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(PersonFactory())
    assert {client.get(address).status_code for address in addresses} == {404}


def test_an_operator_sees_that_something_is_wrong_and_not_what_was_said(
    client: Client, trust: Organisation
) -> None:
    target = target_of(trust)
    dead(target, 1, "400: Zebedee is not known here")
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)

    shown = client.get(page(trust, target.uuid, name="sending-target")).text

    assert "It refused the statement." in shown
    assert "Zebedee" not in shown


def test_the_list_takes_the_same_queries_for_one_target_and_for_three(
    keeper: Client, trust: Organisation
) -> None:
    target_of(trust)
    keeper.get(page(trust))
    with CaptureQueriesContext(connection) as one:
        keeper.get(page(trust))
    target_of(trust, "Second")
    target_of(trust, "Third")

    with CaptureQueriesContext(connection) as three:
        shown = keeper.get(page(trust))

    assert len(three) == len(one)
    assert [row.is_up_to_date for row in shown.context["standings"]] == [True] * 3


def test_an_operator_who_may_not_read_says_not_who_gets_the_statements(
    client: Client, trust: Organisation
) -> None:
    webhook = target_of(trust, kind=TargetKind.WEBHOOK, secret=f"whsec_{'A' * 32}")
    sealed = webhook.secret
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)
    act, change = (
        page(trust, webhook.uuid, name=name) for name in ("sending-act", "sending-change")
    )

    assert client.post(page(trust, "store", name="sending-add"), FORM).status_code == 404
    assert client.get(page(trust, "webhook", name="sending-add")).status_code == 404
    assert client.post(change, {**FORM, "address": "https://elsewhere.example"}).status_code == 404
    assert client.post(act, {"deed": "secret"}).status_code == 404
    webhook.refresh_from_db()
    assert webhook.secret == sealed
    shown = (
        client.get(page(trust)).text
        + client.get(page(trust, webhook.uuid, name="sending-target")).text
    )
    assert change not in shown
    assert page(trust, "store", name="sending-add") not in shown
    assert client.post(act, {"deed": "pause"}).status_code == 302
