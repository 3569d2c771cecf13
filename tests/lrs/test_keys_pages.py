"""Pages on a store's keys: who opens them, secrets shown once, new secrets, and ends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lrs.models import Credential, SharingAgreement, TokenIssuer
from lrs.services import (
    agree_to_share,
    issue_credential,
    issue_launch_key,
    register_issuer,
    tenant_of,
)
from organisations.enums import GrantKind
from organisations.models import Organisation
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory
from tests.lrs.conftest import LONG_AGO, Store
from tests.lrs.samples import activity, agent, statement

pytestmark = pytest.mark.django_db
LESSON = activity("lesson-1")["id"]
FORM = {"label": "Ward tablets", "scopes": ["statements/write", "statements/read/mine"]}
HOSTILE = "<script>alert(1)</script>\"'"


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def keeper(client: Client, trust: Organisation) -> Client:
    return signed_in(client, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust)


def signed_in(client: Client, **grant: Any) -> Client:
    client.force_login(GrantFactory(**grant).person)
    return client


def page(trust: Organisation, name: str = "keys", *parts: object) -> str:
    return reverse(f"lrs:{name}", args=[trust.uuid, *parts])


def key_of(trust: Organisation, label: str = "Ward tablets", **options: Any) -> Store:
    issued = issue_credential(
        organisation=trust,
        label=label,
        **{"scopes": ["statements/write"], "starts_at": LONG_AGO, **options},
    )
    return Store(tenant_of(organisation=trust), issued.key, issued.secret)


def credential_of(store: Store) -> Credential:
    return Credential.objects.get(key=store.key)


def secret_on(text: str) -> str:
    found = re.search(r'<code id="secret"[^>]*>([^<]+)<', text)
    assert found is not None
    return found[1]


def new_secret_form(text: str, old_until: str) -> dict[str, str]:
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen is not None
    return {"seen": seen[1], "old_until": old_until}


# Who may open them ----------------------------------------------------------------------


def test_only_those_who_keep_a_store_find_its_keys(client: Client, trust: Organisation) -> None:
    uuid = credential_of(key_of(trust)).uuid
    addresses = [
        page(trust),
        page(trust, "keys-issue"),
        page(trust, "key", uuid),
        page(trust, "key-revoke", uuid),
    ]

    def statuses() -> set[int]:
        return {client.get(address).status_code for address in addresses}

    def deeds() -> set[int]:
        names = ("key-secret", "key-revoke")
        return {client.post(page(trust, name, uuid), {}).status_code for name in names}

    assert (statuses(), deeds()) == ({302}, {302})
    assert "/login" in client.get(addresses[0])["Location"]
    client.force_login(PersonFactory())
    assert (statuses(), deeds()) == ({404}, {404})
    other = OrganisationFactory()
    signed_in(client, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=other)
    assert (statuses(), deeds()) == ({404}, {404})
    assert client.get(page(other, "key", uuid)).status_code == 404
    assert Credential.objects.get().revoked_at is None
    signed_in(client, kind=GrantKind.OPERATOR)
    assert statuses() == {200}
    signed_in(client, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust)
    assert statuses() == {200}


def test_an_operator_gets_no_key_that_opens_records(client: Client, trust: Organisation) -> None:
    reading = key_of(trust, scopes=["all/read"])
    sending = credential_of(key_of(trust, "Sends"))
    signed_in(client, kind=GrantKind.OPERATOR)

    asked = client.post(page(trust, "keys-issue"), {"label": "Mine", "scopes": ["all/read"]})
    home = client.get(page(trust, "key", credential_of(reading).uuid)).text
    form = new_secret_form(client.get(page(trust, "key", sending.uuid)).text, "now")
    again = client.post(page(trust, "key-secret", credential_of(reading).uuid), form)

    assert "all/read" not in client.get(page(trust, "keys-issue")).text
    assert "There is a problem" in asked.text
    assert "Make a new secret" not in home
    assert again.status_code == 404
    assert Credential.objects.count() == 2
    assert client.post(page(trust, "key-secret", sending.uuid), form).status_code == 302
    client.post(page(trust, "key-revoke", credential_of(reading).uuid))
    assert reading.send("GET", "statements").status_code == 401


def test_the_platforms_own_store_issues_no_keys(client: Client) -> None:
    signed_in(client, kind=GrantKind.OPERATOR)

    assert client.get(reverse("lrs:keys", args=["platform"])).status_code == 200
    assert client.get(reverse("lrs:keys-issue", args=["platform"])).status_code == 404


# Issuing --------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_works(keeper: Client, trust: Organisation) -> None:
    assert "No key yet" in keeper.get(page(trust)).text
    answer = keeper.post(page(trust, "keys-issue"), FORM, follow=True)

    made = Credential.objects.get()
    secret = secret_on(answer.text)
    address = answer.redirect_chain[-1][0]
    assert address == page(trust, "key", made.uuid)
    assert secret not in str(answer.redirect_chain)
    assert secret not in str(dict(keeper.session))
    assert answer["Cache-Control"].startswith("max-age=0")
    for again in (address, page(trust)):
        assert secret not in keeper.get(again).text
    assert made.scopes == sorted(FORM["scopes"])
    store = Store(made.tenant, made.key, secret)
    assert store.post(statement(1)).status_code == 200
    assert store.numbers() == [1]
    assert store.send("GET", "activities/state", {"activityId": LESSON}).status_code == 403


def test_a_key_keeps_within_the_limits_that_were_filled_in(
    keeper: Client, trust: Organisation
) -> None:
    today = timezone.localdate()
    limits = {
        "activities": f"{LESSON}\n\n https://courses.example/module/* \n{LESSON}",
        "agent": "ffion@Example.org",
        "origins": "https://content.example",
        "until": today.isoformat(),
    }
    answer = keeper.post(page(trust, "keys-issue"), {**FORM, **limits}, follow=True)

    made = Credential.objects.get()
    ffion = {"mbox": "mailto:ffion@example.org"}
    store = Store(made.tenant, made.key, secret_on(answer.text))
    good = statement(1, actor=ffion, object=activity("lesson-1"))
    assert made.activities == [LESSON, "https://courses.example/module/*"]
    assert store.post(statement(2, object=activity("lesson-1"))).status_code == 403
    assert store.post(good | {"object": activity("lesson-2")}).status_code == 403
    assert store.post(good).status_code == 200
    assert made.ends_at is not None
    assert timezone.localtime(made.ends_at).date() == today + timedelta(days=1)
    for shown in (LESSON, "ffion@example.org", "https://content.example"):
        assert shown in answer.text


def test_a_key_may_be_for_the_parts_of_an_activity_and_for_one_registration(
    keeper: Client, trust: Organisation
) -> None:
    taken = "6f1d9e9c-6a3b-4b7e-9a55-2f6f3f1b7a10"
    limits = {"activities": LESSON, "with_children": "on", "registration": taken}
    answer = keeper.post(page(trust, "keys-issue"), {**FORM, **limits}, follow=True)

    made = Credential.objects.get()
    store = Store(made.tenant, made.key, secret_on(answer.text))
    part = {
        "object": activity("page-1"),
        "context": {
            "registration": taken,
            "contextActivities": {"parent": [{"id": LESSON}]},
        },
    }
    assert store.post(statement(1, object=activity("page-1"))).status_code == 403
    assert store.post(statement(2, **part)).status_code == 200
    part["context"]["registration"] = taken.replace("6f", "7f")
    assert store.post(statement(3, **part)).status_code == 403
    assert taken in answer.text
    assert "and their parts" in keeper.get(page(trust)).text
    assert "statements/write" in answer.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": " "}, "Say what the key is for."),
        ({"scopes": []}, "Choose at least one thing it may do."),
        ({"scopes": ["everything"]}, "everything"),
        ({"activities": "lesson"}, "lesson is not a whole address."),
        ({"activities": "", "with_children": "on"}, "Name the activities whose parts are meant."),
        ({"registration": "first"}, "32 letters and digits with four hyphens"),
        ({"activities": "\n".join(f"a:{n}" for n in range(201))}, "Give at most 200 lines."),
        ({"agent": "somebody"}, "Write an e-mail address"),
        ({"origins": "https://content.example/"}, "without anything after its name"),
        ({"until": "2020-01-01"}, "Choose today or a day to come."),
        ({"until": "soon"}, "Give the day like this: 2027-03-31."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    keeper: Client, trust: Organisation, changed: dict[str, Any], words: str
) -> None:
    answer = keeper.post(page(trust, "keys-issue"), {**FORM, **changed})

    assert answer.status_code == 200
    assert words in answer.text
    assert "There is a problem" in answer.text
    for field in set(changed) - {"with_children"}:
        assert f'id="id_{field}_error"' in answer.text
    assert not Credential.objects.exists()


# New secrets and ends -------------------------------------------------------------------


def test_a_new_secret_is_shown_once_and_the_old_one_works_on(
    keeper: Client, trust: Organisation
) -> None:
    old = key_of(trust)
    uuid = credential_of(old).uuid
    home, address = page(trust, "key", uuid), page(trust, "key-secret", uuid)
    form = new_secret_form(keeper.get(home).text, "day")
    answer = keeper.post(address, form, follow=True)

    new = Store(old.tenant, old.key, secret_on(answer.text))
    assert new.secret not in keeper.get(home).text
    assert "The old secret works until" in keeper.get(page(trust)).text
    assert (old.post(statement(1)).status_code, new.post(statement(2)).status_code) == (200, 200)
    kept = Credential.objects.get()
    assert kept.old_ends_at is not None
    assert abs(kept.old_ends_at - timezone.now() - timedelta(days=1)) < timedelta(minutes=1)

    twice = keeper.post(address, form, follow=True)
    assert "has had a new secret since" in twice.text
    assert Credential.objects.get().secret_digest == kept.secret_digest
    keeper.post(address, new_secret_form(twice.text, "now"))
    assert {old.post(statement(3)).status_code, new.post(statement(4)).status_code} == {401}


def test_how_long_the_old_secret_lives_must_be_chosen(keeper: Client, trust: Organisation) -> None:
    credential = credential_of(key_of(trust))
    address = page(trust, "key-secret", credential.uuid)

    answer = keeper.post(address, {"seen": "x", "old_until": "for good"})

    assert "There is a problem" in answer.text
    assert Credential.objects.get().secret_digest == credential.secret_digest
    assert keeper.get(address).status_code == 405


def test_revoking_asks_first_and_ends_at_once(keeper: Client, trust: Organisation) -> None:
    store = key_of(trust, scopes=["all"])
    credential = credential_of(store)
    address = page(trust, "key-revoke", credential.uuid)
    issue_launch_key(
        issued_by=credential, actor=agent(), activity=LESSON, at=timezone.now(), minutes=5
    )

    assert "gave (1)" in keeper.get(address).text
    assert "that work now: 1" in keeper.get(page(trust)).text
    assert store.post(statement(1)).status_code == 200
    answer = keeper.post(address, follow=True)
    assert store.post(statement(2)).status_code == 401
    assert "What it sent stays." in answer.text
    assert "Revoked" in answer.text
    assert "that work now: 0" in answer.text
    home = keeper.get(page(trust, "key", credential.uuid)).text
    assert "Revoke this key" not in home
    assert "Make a new secret" not in home
    first = Credential.objects.get(pk=credential.pk).revoked_at
    assert keeper.post(address).status_code == 302
    assert Credential.objects.get(pk=credential.pk).revoked_at == first


def test_deeds_need_the_forms_own_token(trust: Organisation) -> None:
    uuid = credential_of(key_of(trust)).uuid
    client = Client(enforce_csrf_checks=True)
    signed_in(client, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust)

    for name, parts in (("keys-issue", []), ("key-secret", [uuid]), ("key-revoke", [uuid])):
        assert client.post(page(trust, name, *parts), FORM).status_code == 403
    assert Credential.objects.get().revoked_at is None


# Showing --------------------------------------------------------------------------------


def test_a_hostile_label_is_text(keeper: Client, trust: Organisation) -> None:
    uuid = credential_of(key_of(trust, HOSTILE)).uuid

    for address in (page(trust), page(trust, "key", uuid), page(trust, "key-revoke", uuid)):
        shown = keeper.get(address).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_what_has_ended_comes_last(keeper: Client, trust: Organisation) -> None:
    key_of(trust, "First")
    key_of(trust, "Over", ends_at=LONG_AGO + timedelta(days=1))
    key_of(trust, "Coming", starts_at=timezone.now() + timedelta(days=1))

    rows = keeper.get(page(trust)).context["rows"]

    found = [(one.credential.label, one.state.value) for one, _words in rows]
    assert found == [("Coming", "to_come"), ("First", "in_use"), ("Over", "ended")]


def test_the_list_takes_the_same_queries_for_one_key_and_for_three(
    keeper: Client, trust: Organisation
) -> None:
    key_of(trust)
    keeper.get(page(trust))
    with CaptureQueriesContext(connection) as one:
        keeper.get(page(trust))
    key_of(trust, "Second")
    key_of(trust, "Third")
    with CaptureQueriesContext(connection) as three:
        keeper.get(page(trust))
    assert len(one) == len(three)


# Sharing --------------------------------------------------------------------------------


def test_an_agreement_opens_statements_at_the_address_shown_until_it_ends(
    keeper: Client, client: Client, trust: Organisation
) -> None:
    other = OrganisationFactory(name="Aber Care")
    key_of(trust).post(
        statement(1, object=activity("lesson-2")), statement(2, object=activity("lesson-1"))
    )
    reader = key_of(other, scopes=["all/read"])
    said = {"reader": other.pk, "purpose": HOSTILE, "activities": LESSON}
    answer = keeper.post(page(trust, "keys-share"), said, follow=True)

    made = SharingAgreement.objects.get()
    address = f"/xapi/shared/{trust.uuid}/statements"
    assert address in answer.text
    assert "<script>alert" not in answer.text
    found = reader.send("GET", address).json()["statements"]
    assert [one["id"][-1] for one in found] == ["2"]
    signed_in(client, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=other)
    assert address in client.get(page(other, "keys-sharing")).text
    assert client.post(page(other, "keys-unshare", made.uuid)).status_code == 404

    client.force_login(made.made_by)
    assert "Aber Care" in client.get(page(trust, "keys-unshare", made.uuid)).text
    client.post(page(trust, "keys-unshare", made.uuid))
    assert reader.send("GET", address).status_code == 404
    assert "No other organisation reads" in client.get(page(trust, "keys-sharing")).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reader": ""}, "Choose an organisation."),
        ({"purpose": ""}, "Say what the agreement is for."),
        ({"verbs": "passed"}, "passed is not a whole IRI"),
        ({"activities": "lesson"}, "lesson is not a whole address."),
        ({"until": "2020-01-01"}, "Choose today or a day to come."),
    ],
)
def test_a_bad_agreement_is_not_made(
    keeper: Client, trust: Organisation, changed: dict[str, str], words: str
) -> None:
    other = OrganisationFactory()
    answer = keeper.post(
        page(trust, "keys-share"), {"reader": other.pk, "purpose": "Joint training", **changed}
    )

    assert words in answer.text
    assert "There is a problem" in answer.text
    assert not SharingAgreement.objects.exists()


def test_an_issuer_is_added_once_and_ended(keeper: Client, trust: Organisation) -> None:
    said = {
        "issuer": "https://login.example",
        "audience": "careweave",
        "keys_url": "https://login.example/jwks.json",
        "scopes": ["statements/write"],
    }
    for bad in ("http://login.example/jwks.json", "https://[", "keys"):
        answer = keeper.post(page(trust, "keys-add-issuer"), {**said, "keys_url": bad})
        assert "beginning with https://." in answer.text
    keeper.post(page(trust, "keys-add-issuer"), said)
    again = keeper.post(page(trust, "keys-add-issuer"), said)

    made = TokenIssuer.objects.get()
    assert "open a store already" in again.text
    assert "https://login.example/jwks.json" in keeper.get(page(trust, "keys-issuers")).text
    assert keeper.get(page(trust, "keys-end-issuer", made.uuid)).status_code == 200
    keeper.post(page(trust, "keys-end-issuer", made.uuid))
    assert TokenIssuer.objects.get().ended_at is not None
    assert "only keys open this store" in keeper.get(page(trust, "keys-issuers")).text


def test_an_operator_shares_nothing_and_ends_what_is_shared(
    client: Client, trust: Organisation
) -> None:
    tenant, reader = (tenant_of(organisation=one) for one in (trust, OrganisationFactory()))
    agreement = agree_to_share(giver=tenant, reader=reader, purpose="Joint", starts_at=LONG_AGO)
    issuer = register_issuer(
        tenant=tenant,
        issuer="https://login.example",
        audience="careweave",
        keys_url="https://login.example/jwks.json",
        scopes=["all"],
        starts_at=LONG_AGO,
    )
    addresses = [
        page(trust, "keys-sharing"),
        page(trust, "keys-unshare", agreement.uuid),
        page(trust, "keys-issuers"),
        page(trust, "keys-add-issuer"),
        page(trust, "keys-end-issuer", issuer.uuid),
    ]
    assert {client.get(one).status_code for one in addresses} == {302}
    client.force_login(PersonFactory())
    assert {client.get(one).status_code for one in addresses} == {404}
    signed_in(client, kind=GrantKind.OPERATOR)

    assert {client.get(one).status_code for one in addresses} == {200}
    assert client.get(page(trust, "keys-share")).status_code == 404
    assert "all/read" not in client.get(page(trust, "keys-add-issuer")).text
    client.post(page(trust, "keys-unshare", agreement.uuid))
    assert SharingAgreement.objects.get().ended_at is not None
    other = OrganisationFactory()
    assert client.post(page(other, "keys-end-issuer", issuer.uuid)).status_code == 404


def test_sharing_takes_the_same_queries_for_one_agreement_and_for_three(
    keeper: Client, trust: Organisation
) -> None:
    def agree() -> None:
        tenants = [tenant_of(organisation=one) for one in (trust, OrganisationFactory())]
        for giver, reader in (tenants, tenants[::-1]):
            agree_to_share(giver=giver, reader=reader, purpose="Joint", starts_at=LONG_AGO)

    agree()
    keeper.get(page(trust, "keys-sharing"))
    with CaptureQueriesContext(connection) as one:
        keeper.get(page(trust, "keys-sharing"))
    agree()
    agree()
    with CaptureQueriesContext(connection) as three:
        keeper.get(page(trust, "keys-sharing"))
    assert len(one) == len(three)
