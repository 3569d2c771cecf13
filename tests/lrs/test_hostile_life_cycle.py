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
from tests.lrs.test_erasure import MAIL, NOW, erase, everything

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
