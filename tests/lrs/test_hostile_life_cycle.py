"""Holds that come in the middle, and traces that an erasure could leave."""

from datetime import timedelta
from typing import Any

import pytest

from lrs.enums import ActStatus, DocumentKind
from lrs.models import Credential, Document, Statement
from lrs.queries import DocumentPlace
from lrs.rules.retention import Terms
from lrs.services import (
    CredentialLimits,
    Preconditions,
    apply_retention,
    ask_erasure,
    carry_out_erasure,
    issue_credential,
    make_policy,
    place_hold,
    put_document,
)
from lrs.services import erasure as erasing
from lrs.services import retention as retaining
from tests.lrs.conftest import LONG_AGO, Store
from tests.lrs.samples import statement
from tests.lrs.test_erasure import MAIL, NOW, erase, everything, put

FFION = {"mbox": "mailto:ffion@example.org"}
LATER = NOW + timedelta(minutes=5)


def hold_in_the_middle(store: Store) -> Any:
    """Place a hold on the whole store, once, when something has been done already."""
    placed: list[object] = []

    def progress(act: Any) -> None:
        if act.statements and not placed:
            hold = {"tenant": store.tenant, "name": "Inquiry", "reason": "Asked for by a court"}
            placed.append(place_hold(**hold, at=LATER))

    return progress


def test_a_hold_placed_during_an_erasure_holds_what_is_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "WINDOW", 4)
    for number in range(1, 9):
        store.post(statement(number, actor=FFION))
    act = ask_erasure(tenant=store.tenant, identifiers=[MAIL], reason="They asked", at=NOW)

    act = carry_out_erasure(act=act, at=NOW, progress=hold_in_the_middle(store))

    assert act.status == ActStatus.HELD
    left = Statement.objects.filter(payload__contains="ffion@example.org").count()
    assert left == 8 - act.statements > 0


def test_a_hold_placed_during_a_retention_holds_what_is_left(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "AT_ONCE", 2)
    for number in range(1, 9):
        store.post(statement(number, timestamp="2020-01-01T00:00:00Z"))
    terms = Terms(months=12, is_by_timestamp=True)
    policy = make_policy(tenant=store.tenant, name="Old", terms=terms, at=NOW)

    act = apply_retention(policy=policy, at=NOW, progress=hold_in_the_middle(store))

    assert act is not None
    assert act.statements == 2
    assert Statement.objects.filter(tenant=store.tenant).count() == 6


def test_state_and_keys_under_an_address_in_another_case_go_too(store: Store) -> None:
    other_case = "mbox::mailto:Ffion@example.org"
    place = DocumentPlace(
        DocumentKind.STATE, activity="a:b", agent=other_case, document_id="bookmark"
    )
    put_document(
        tenant=store.tenant,
        place=place,
        content=b"{}",
        content_type="application/json",
        preconditions=Preconditions(),
        needs_precondition=False,
        at=NOW,
    )
    organisation = store.tenant.organisation
    assert organisation is not None
    issue_credential(
        organisation=organisation,
        scopes=["all"],
        starts_at=LONG_AGO,
        limits=CredentialLimits(agent=other_case),
    )
    assert "ffion" in everything(store)

    erase(store)

    assert not Document.objects.exists()
    assert "ffion" not in everything(store)
    assert not Credential.objects.exclude(agent="").exists()


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("Ffion@example.org", "ffion@example.org"),
        ("ffion@example.org", "FFION@example.org"),
        ("FF\u00cfON@example.org", "ff\u00efon@example.org"),
    ],
)
def test_a_hold_covers_an_address_in_whatever_case(store: Store, written: str, held: str) -> None:
    old = {"timestamp": "2020-01-01T00:00:00Z"}
    member = {"objectType": "Group", "member": [{"mbox": f"mailto:{written}"}]}
    store.post(
        statement(1, actor={"mbox": f"mailto:{written}"}, **old),
        statement(2, actor=member, **old),
        statement(3, **old),
    )
    hold = {"tenant": store.tenant, "name": "Inquest", "reason": "Asked for", "at": LONG_AGO}
    place_hold(**hold, actor=f"mbox::mailto:{held}")
    terms = Terms(months=12, is_by_timestamp=True)
    policy = make_policy(tenant=store.tenant, name="Old", terms=terms, at=NOW)

    apply_retention(policy=policy, at=NOW)
    act = erase(store, f"mbox::mailto:{held.lower()}")

    assert sorted(store.numbers()) == [1, 2]
    assert (act.status, act.statements) == (ActStatus.HELD, 0)


def test_letters_beyond_ascii_are_folded_too(store: Store) -> None:
    small, large = "mbox::mailto:ff\u00efon@example.org", "mbox::mailto:FF\u00cfON@example.org"
    store.post(
        statement(1, result={"response": "said FF\u00cfON@example.org twice"}),
        statement(2, actor={"mbox": large.removeprefix("mbox::")}),
    )
    put(store, large, "bookmark")
    put(store, MAIL, "of:FF\u00cfON@example.org")
    organisation = store.tenant.organisation
    assert organisation is not None
    issue_credential(
        organisation=organisation,
        scopes=["all"],
        starts_at=LONG_AGO,
        limits=CredentialLimits(agent=large),
    )

    act = erase(store, small)

    assert (act.statements, act.documents) == (2, 2)
    assert "ff\u00efon@" not in everything(store)
    assert not Credential.objects.exclude(agent="").exists()
