"""After an erasure no table and no file says who somebody was: filters, labels and notes too."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from lrs.enums import ActStatus, CredentialKind, TargetKind, UnsentState
from lrs.models import (
    Credential,
    ImportCursor,
    LegalHold,
    LifeCycleAct,
    RetentionPolicy,
    SendingTarget,
    SharingAgreement,
    Statement,
    TokenIssuer,
    UnsentStatement,
)
from lrs.outside import Reachable
from lrs.queries.sending import learner_key, wanted_by
from lrs.rules.retention import Terms
from lrs.services import (
    CredentialLimits,
    TargetSettings,
    ask_change,
    ask_erasure,
    carry_out_change,
    erase_actor,
    issue_credential,
    learn_actors,
    make_policy,
    make_target,
    tenant_of,
)
from lrs.services.refusals import refusals_of
from organisations.models import Organisation
from records.models import IdentityLink
from tests.factories.organisations import PersonFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, statement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ACCOUNT = "account::https://hr.example|ffion-8731"
MAIL = "mbox::mailto:ffion@example.org"
GWIL = "account::https://hr.example|gwil-1002"
FFION = {"objectType": "Agent", "mbox": "mailto:ffion@example.org"}
SUM = hashlib.sha1(b"mailto:ffion@example.org", usedforsecurity=False).hexdigest()
WORDS = ("ffion@", "ffion%40", "ffion-8731", SUM)
REACHABLE = Reachable(frozenset({"127.0.0.1"}))


def say_all_of_them(store: Store) -> None:
    """Have every kind of statement, document and definition name her."""
    page = {
        **activity("ffion@example.org"),
        "definition": {"name": {"en": "For ffion@example.org"}},
    }
    answer = store.post(
        statement(1, actor={**FFION, "name": "ffion@example.org"}),
        statement(2, actor=agent("ffion-8731")),
        statement(3, actor=agent("gwil-1002"), object=FFION),
        statement(4, actor=agent("gwil-1002"), context={"instructor": FFION}),
        statement(5, actor=agent("gwil-1002"), result={"response": "With ffion@example.org"}),
        statement(6, actor=agent("gwil-1002"), object=page),
        statement(7, actor={"mbox_sha1sum": SUM}),
    )
    assert answer.status_code == 200
    place = {"activityId": "a:b", "agent": FFION, "stateId": "place"}
    assert store.send("PUT", "activities/state", place, {"a": 1}).status_code == 204
    called = {"activityId": "a:b", "profileId": "marks of ffion@example.org"}
    sent = store.send("PUT", "activities/profile", called, {"a": 1}, if_none_match="*")
    assert sent.status_code == 204
    bad = {"activityId": "a:b", "agent": {"mbox": "ffion@example.org"}, "stateId": "x"}
    assert store.send("PUT", "activities/state", bad, {"a": 1}).status_code == 400
    learn_actors()


def target(store: Store, kind: str, *actors: str, **more: Any) -> SendingTarget:
    return make_target(
        tenant=store.tenant,
        kind=kind,
        settings=TargetSettings(
            label="For the manager of ffion@example.org",
            address="http://127.0.0.1:9/xapi",
            key="us",
            actors=actors,
            **more,
        ),
        secret="whsec_" + "YQ" * 16 if kind == TargetKind.WEBHOOK else "secret",
        from_beginning=True,
        reachable=REACHABLE,
        at=NOW,
    )


def set_up_about_her(store: Store) -> dict[str, Any]:
    """Have everything that can be set up in a store name her."""
    organisation = store.tenant.organisation
    assert organisation is not None
    other = tenant_of(organisation=Organisation.objects.create(name="Brecon", sector="other"))
    alone = target(store, TargetKind.STORE, MAIL)
    among = target(
        store, TargetKind.WEBHOOK, GWIL, ACCOUNT, activities=["https://x.example/ffion@example.org"]
    )
    for number, state in ((1, UnsentState.WAITING), (2, UnsentState.DEAD)):
        row = Statement.objects.get(uuid=UUID(int=number))
        UnsentStatement.objects.create(
            target=alone,
            seq=row.seq,
            stored=row.stored,
            uuid=row.uuid,
            learner_key=learner_key(row.uuid, row.actor_key),
            state=state,
            trouble_detail="400: mailto:ffion@example.org is nobody here",
        )
    policy = make_policy(
        tenant=store.tenant, name="Hers", terms=Terms(months=12, actor=MAIL), at=NOW
    )
    kept = make_policy(
        tenant=store.tenant, name="Gwil's", terms=Terms(months=9, actor=GWIL), at=NOW
    )
    keys = [
        issue_credential(
            organisation=organisation,
            scopes=["all"],
            label="Tablet of ffion@example.org",
            limits=limits,
            starts_at=NOW,
        ).credential
        for limits in (CredentialLimits(agent=MAIL), CredentialLimits(activities=["a:b"]))
    ]
    issuer = TokenIssuer.objects.create(
        tenant=store.tenant, label="As ffion-8731 asked", issuer="i", audience="a", starts_at=NOW
    )
    Credential.objects.create(
        tenant=store.tenant,
        kind=CredentialKind.SUBJECT,
        label="ffion@example.org",
        key="account-1",
        issuer=issuer,
        starts_at=NOW,
    )
    SharingAgreement.objects.create(
        giver=store.tenant,
        reader=other,
        purpose="Secondment of ffion@example.org",
        activities=["https://x.example/ffion@example.org"],
        starts_at=NOW,
    )
    LegalHold.objects.create(
        tenant=store.tenant,
        name="Case of ffion-8731",
        reason="She, ffion@example.org, asked",
        starts_at=NOW - timedelta(days=9),
        ends_at=NOW - timedelta(days=1),
    )
    ImportCursor.objects.create(
        tenant=store.tenant,
        source="s",
        address="https://old.example/ffion@example.org/xapi",
        stored_until=NOW,
        moved_at=NOW,
    )
    ask_erasure(tenant=store.tenant, identifiers=[ACCOUNT], reason="Left", at=NOW, is_offer=True)
    ask_erasure(
        tenant=store.tenant, identifiers=[ACCOUNT, GWIL], reason="Left", at=NOW, is_offer=True
    )
    change = ask_change(
        tenant=store.tenant,
        old="account::https://hr.example|f-1",
        new="account::https://hr.example|f-2",
        reason="Confused with ffion@example.org",
        at=NOW,
    )
    carry_out_change(act=change, at=NOW)
    IdentityLink.objects.create(
        actor=ACCOUNT,
        actor_key=1,
        person=PersonFactory(),
        proof="account",
        organisation=organisation,
        starts_at=NOW,
    )
    return {"alone": alone, "among": among, "policy": policy, "kept": kept, "keys": keys}


def tables_that_say(*words: str) -> set[str]:
    """Every table of the database in which one of these words stands, in whatever column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                texts = [
                    bytes(one).decode("latin-1")
                    if isinstance(one, bytes | memoryview)
                    else str(one)
                    for one in row
                ]
                if any(word in text.lower() for word in words for text in texts):
                    found.add(table)
    return found


def files_that_say(*words: str) -> list[str]:
    return [
        str(file)
        for file in settings.VAR_DIR.rglob("*")
        if file.is_file() and any(word.encode() in file.read_bytes().lower() for word in words)
    ]


def test_no_table_and_no_file_says_who_was_erased(
    store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        say_all_of_them(store)
    about = set_up_about_her(store)
    before = tables_that_say(*WORDS)
    credentials = list(Credential.objects.filter(tenant=store.tenant))
    assert refusals_of(credentials=credentials)

    act = erase_actor(tenant=store.tenant, identifiers=[MAIL, ACCOUNT], reason="She asked", at=NOW)

    assert before >= {
        "lrs_statement",
        "lrs_document",
        "lrs_activitydefinition",
        "lrs_seenactor",
        "lrs_sendingtarget",
        "lrs_unsentstatement",
        "lrs_retentionpolicy",
        "lrs_credential",
        "lrs_tokenissuer",
        "lrs_sharingagreement",
        "lrs_legalhold",
        "lrs_importcursor",
        "lrs_lifecycleact",
        "records_identitylink",
    }
    assert act.status == ActStatus.DONE
    assert tables_that_say(*WORDS) == set()
    assert files_that_say(*WORDS) == []
    assert refusals_of(credentials=credentials) == []
    act = LifeCycleAct.objects.get(pk=act.pk)
    assert act.scope["beside"].pop("texts") > 8
    assert act.scope["beside"] == {"keys": 1, "targets": 2, "policies": 1, "offers": 2}
    assert not RetentionPolicy.objects.filter(pk=about["policy"].pk).exists()
    assert RetentionPolicy.objects.get(pk=about["kept"].pk).actor == GWIL


def test_a_filter_that_named_them_alone_lets_nobody_through(store: Store) -> None:
    say_all_of_them(store)
    about = set_up_about_her(store)

    erase_actor(tenant=store.tenant, identifiers=[MAIL, ACCOUNT], reason="She asked", at=NOW)

    alone = SendingTarget.objects.get(pk=about["alone"].pk)
    among = SendingTarget.objects.get(pk=about["among"].pk)
    assert among.actors == [GWIL]
    assert not any(wanted_by(alone).by_keys(row) for row in Statement.objects.all())
    assert (
        SendingTarget.objects.get(pk=among.pk).activities[0].startswith("https://x.example/erased")
    )


def test_what_waits_waits_for_who_stands_in_their_place(store: Store) -> None:
    say_all_of_them(store)
    set_up_about_her(store)

    erase_actor(tenant=store.tenant, identifiers=[MAIL, ACCOUNT], reason="She asked", at=NOW)

    stands = set(Statement.objects.filter(uuid=UUID(int=1)).values_list("actor_key", flat=True))
    assert set(UnsentStatement.objects.values_list("learner_key", flat=True)) == stands


def test_what_was_declined_and_another_store_stay_as_they_were(
    store: Store, make_store: Any
) -> None:
    other = make_store("Cardiff Council")
    kept = target(other, TargetKind.STORE, MAIL)
    policy = make_policy(
        tenant=other.tenant, name="Theirs", terms=Terms(months=12, actor=MAIL), at=NOW
    )
    store.post(statement(1, actor=FFION))

    act = erase_actor(tenant=store.tenant, identifiers=[MAIL], reason="She asked", at=NOW)

    assert "beside" not in act.scope
    kept.refresh_from_db()
    policy.refresh_from_db()
    assert (kept.actors, policy.actor) == ([MAIL], MAIL)
    assert "ffion@example.org" in kept.label


def test_an_offer_about_two_goes_on_about_the_other(store: Store) -> None:
    offer = ask_erasure(
        tenant=store.tenant, identifiers=[ACCOUNT, GWIL], reason="Left", at=NOW, is_offer=True
    )

    erase_actor(tenant=store.tenant, identifiers=[ACCOUNT], reason="She asked", at=NOW)

    offer.refresh_from_db()
    assert offer.status == ActStatus.OFFERED
    assert offer.working["identifiers"] == [GWIL]
