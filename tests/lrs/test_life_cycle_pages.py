"""The pages on a store's life cycle: shown before it is done, by those who may, with proof."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lrs.enums import ActKind, ActStatus
from lrs.models import LegalHold, LifeCycleAct, RetentionPolicy, Statement
from lrs.rules.retention import Terms
from lrs.services import ask_erasure, count_store, fingerprint, make_policy, place_hold
from lrs.services import store_statements as keep
from organisations.enums import GrantKind
from tests.factories.organisations import GrantFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement

NOW = datetime.now(UTC)
FFION = "account::https://hr.example|ffion"
FORM = {"who": "https://hr.example|ffion", "reason": "Asked for it"}


@pytest.fixture
def administrator(client: Client, store: Store) -> Client:
    person = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=store.tenant.organisation
    ).person
    client.force_login(person)
    return client


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)
    return client


def address(name: str, store: Store, *args: Any) -> str:
    return reverse(f"lrs:{name}", args=[store.tenant.organisation.uuid, *args])


def test_an_erasure_is_shown_before_it_is_done(
    administrator: Client, store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    store.post(statement(1), statement(2, actor=agent("gwil")))
    page = address("life-cycle-erase", store)

    asked = administrator.post(page, FORM)

    assert asked.status_code == 200
    assert dict(asked.context["facts"])["Statements that name them"] == 1
    assert not LifeCycleAct.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = administrator.post(page, {**FORM, "confirmed": "yes"}, follow=True)
    act = LifeCycleAct.objects.get()
    assert (act.status, act.statements) == (ActStatus.DONE, 1)
    assert done.redirect_chain == [(address("life-cycle", store), 302)]
    assert "Asked for it" in done.text
    assert "hr.example|ffion" not in done.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"who": ""}, "Say who is meant."),
        ({"who": "ffion"}, "Write an e-mail address"),
        ({"reason": ""}, "Give the reason."),
        ({"reason": "https://hr.example/ffion left", "confirmed": "yes"}, "without naming"),
    ],
)
def test_what_is_wrong_with_a_form_is_said(
    administrator: Client, store: Store, wrong: dict[str, str], words: str
) -> None:
    answer = administrator.post(address("life-cycle-erase", store), {**FORM, **wrong})

    assert words in answer.text
    assert not LifeCycleAct.objects.exists()


def test_a_change_is_shown_then_done_and_refused_under_a_hold(
    administrator: Client, store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    store.post(statement(1))
    page = address("life-cycle-change", store)
    form = {"old": FORM["who"], "new": "f@example.org", "reason": "Married"}

    assert dict(administrator.post(page, form).context["facts"])["Statements that name them"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(page, {**form, "confirmed": "yes"})
    assert store.numbers(agent={"mbox": "mailto:f@example.org"}) == [1]

    place_hold(tenant=store.tenant, name="Inquest", reason="Asked", at=NOW)
    back = {"old": "f@example.org", "new": FORM["who"], "reason": "Back", "confirmed": "yes"}
    assert "“Inquest”" in administrator.post(page, back).text


def test_a_policy_shows_what_would_go_before_it_is_switched_on(
    administrator: Client, store: Store
) -> None:
    keep(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[statement(1), statement(2, object={"id": "https://a.example/'b'&hostile"})],
        received_at=NOW - timedelta(days=400),
    )
    form = {"name": "A year", "months": "12", "age_by": "stored"}

    shown = administrator.post(address("new-policy", store), form, follow=True)

    policy = RetentionPolicy.objects.get()
    assert policy.is_on is False
    assert shown.context["forecast"].statements == 2
    assert "'b'&hostile" not in shown.text
    assert Statement.objects.count() == 2
    administrator.post(address("policy", store, policy.uuid), {"step": "on"})
    policy.refresh_from_db()
    assert policy.is_on is True
    administrator.post(address("policy", store, policy.uuid), {"step": "drop"})
    assert not RetentionPolicy.objects.exists()
    told = [act.scope["what"] for act in LifeCycleAct.objects.order_by("pk")]
    assert told == ["switched on", "taken away"]
    again = administrator.post(address("new-policy", store), {**form, "months": "0"})
    assert again.status_code == 200
    assert again.context["form"].errors["months"]


def test_a_hold_is_placed_and_ended_with_a_reason(administrator: Client, store: Store) -> None:
    form = {"name": "Inquest", "reason": "Asked", "until": "2026-01-31", "since": "2026-01-01"}

    administrator.post(address("hold", store), form)

    hold = LegalHold.objects.get()
    assert (hold.since, hold.until and hold.until.date()) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 31, tzinfo=UTC).date(),
    )
    assert "Inquest" in administrator.get(address("life-cycle", store)).text
    end = address("end-hold", store, hold.uuid)
    assert "Give the reason." in administrator.post(end, {}).text
    administrator.post(end, {"reason": "Over"})
    assert administrator.get(end).status_code == 404
    kinds = LifeCycleAct.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [ActKind.HOLD, ActKind.RELEASE]


@pytest.mark.parametrize(("agrees", "status"), [("yes", "done"), ("no", "declined")])
def test_what_is_offered_is_decided(
    administrator: Client,
    store: Store,
    django_capture_on_commit_callbacks: Any,
    agrees: str,
    status: str,
) -> None:
    store.post(statement(1))
    act = ask_erasure(
        tenant=store.tenant, identifiers=[FFION], reason="Left", at=NOW, is_offer=True
    )
    assert FORM["who"] in administrator.get(address("life-cycle", store)).text
    page = address("life-cycle-decide", store, act.uuid)

    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(page, {"agrees": agrees})

    act.refresh_from_db()
    assert act.status == status
    assert "decided already" in administrator.post(page, {"agrees": agrees}, follow=True).text
    assert administrator.post(page, {"agrees": "perhaps"}).status_code == 404


def test_the_proof_can_be_taken_along(administrator: Client, store: Store) -> None:
    ask_erasure(tenant=store.tenant, identifiers=[FFION], reason="=1+1", at=NOW)

    answer = administrator.get(address("life-cycle-file", store))

    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["fingerprints"] == fingerprint(FFION)
    assert row["reason"] == "'=1+1"
    assert "ffion" not in answer.text


def test_an_operator_sees_sizes_and_places_holds_and_touches_nothing(
    operator: Client, store: Store
) -> None:
    store.post(statement(1))
    count_store(tenant=store.tenant, at=NOW)
    terms = Terms(months=1, actor=FFION)
    policy = make_policy(tenant=store.tenant, name="Theirs", terms=terms, at=NOW)
    ask_erasure(tenant=store.tenant, identifiers=[FFION], reason="Left", at=NOW, is_offer=True)

    page = operator.get(address("life-cycle", store))

    assert page.status_code == 200
    assert "Theirs" in page.text
    assert "ffion" not in page.text
    assert operator.get(address("hold", store)).status_code == 200
    for name, args in (
        ("life-cycle-erase", ()),
        ("life-cycle-change", ()),
        ("new-policy", ()),
        ("policy", (policy.uuid,)),
    ):
        assert operator.get(address(name, store, *args)).status_code == 404
    act = LifeCycleAct.objects.get(status=ActStatus.OFFERED)
    decide = operator.post(address("life-cycle-decide", store, act.uuid), {"agrees": "yes"})
    assert decide.status_code == 404


def test_an_operator_finds_how_large_every_store_is(
    operator: Client, store: Store, django_assert_num_queries: Any, make_store: Any
) -> None:
    store.post(statement(1), statement(2))
    count_store(tenant=store.tenant, at=NOW)

    page = operator.get(reverse("lrs:stores"))

    assert [(one.name, size.statements) for one, size in page.context["rows"]] == [
        ("Aber Trust", 2)
    ]
    with CaptureQueriesContext(connection) as first:
        operator.get(reverse("lrs:stores"))
    for name in ("Brecon Council", "Cwm Care"):
        count_store(tenant=make_store(name).tenant, at=NOW)
    with django_assert_num_queries(len(first)):
        operator.get(reverse("lrs:stores"))


def test_another_organisations_things_are_not_there(
    administrator: Client, store: Store, make_store: Any
) -> None:
    other = make_store("Brecon Council")
    hold = place_hold(tenant=other.tenant, name="Theirs", reason="Asked", at=NOW)
    policy = make_policy(tenant=other.tenant, name="Theirs", terms=Terms(months=1), at=NOW)
    act = ask_erasure(
        tenant=other.tenant, identifiers=[FFION], reason="Left", at=NOW, is_offer=True
    )

    for name, uuid in (
        ("end-hold", hold.uuid),
        ("policy", policy.uuid),
        ("life-cycle-decide", act.uuid),
    ):
        assert administrator.post(address(name, store, uuid), {"agrees": "yes"}).status_code == 404
        assert administrator.post(address(name, other, uuid), {"agrees": "yes"}).status_code == 404
    assert administrator.get(address("life-cycle", other)).status_code == 404
    assert Client().get(address("life-cycle", store)).status_code == 302


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_asks_the_same_however_much_there_is(
    administrator: Client, store: Store, django_assert_num_queries: Any, how_many: int
) -> None:
    for number in range(how_many):
        place_hold(tenant=store.tenant, name=f"Hold {number}", reason="Asked", at=NOW)
        terms = Terms(months=number + 1)
        make_policy(tenant=store.tenant, name=f"Policy {number}", terms=terms, at=NOW)
        ask_erasure(
            tenant=store.tenant,
            identifiers=[f"openid::https://id.example/{number}"],
            reason="Left",
            at=NOW,
            is_offer=number % 2 == 0,
        )
    page = address("life-cycle", store)
    administrator.get(page)

    with django_assert_num_queries(13):
        assert administrator.get(page).status_code == 200
