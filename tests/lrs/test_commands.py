"""Keys from the command line."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lrs.models import Credential
from organisations.models import Organisation
from tests.lrs.conftest import Store

pytestmark = pytest.mark.django_db


def issue(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    call_command("create_lrs_credential", *options)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_key_is_made_that_opens_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    made = issue(capsys, "--organisation", "Aber Trust", "--create", "--scope", "all")

    kept = Credential.objects.get(key=made["key"])
    store = Store(kept.tenant, made["key"], made["secret"])
    assert store.get()["statements"] == []
    assert Organisation.objects.get().name == "Aber Trust"
    assert kept.scopes == ["all"]


def test_scopes_may_be_several(capsys: pytest.CaptureFixture[str]) -> None:
    made = issue(
        capsys,
        *("--organisation", "Aber Trust", "--create", "--label", "Rota system"),
        *("--scope", "statements/write", "--scope", "define"),
    )

    kept = Credential.objects.get(key=made["key"])
    assert (kept.scopes, kept.label) == (["define", "statements/write"], "Rota system")


def test_an_unknown_organisation_or_scope_makes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Organisation.objects.create(name="Aber Trust", sector="other")

    with pytest.raises(CommandError, match="there are Aber Trust"):
        issue(capsys, "--organisation", "Abber Trust")
    with pytest.raises(CommandError, match="There is no scope everything"):
        issue(capsys, "--organisation", "New Trust", "--create", "--scope", "everything")

    assert not Credential.objects.exists()
    assert Organisation.objects.count() == 1
