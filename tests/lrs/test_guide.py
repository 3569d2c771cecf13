"""What the guides show works as it is shown: requests, code and commands, in their order."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandParser

from lrs.models import Credential, SharingAgreement
from lrs.services import agree_to_share, tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO, Store

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
GUIDE = (GUIDES / "integrators.md").read_text()
MANAGE = ".venv/bin/python manage.py "


def blocks(kind: str, word: str = "") -> list[str]:
    """The blocks of a kind in the integrators' guide that have a word."""
    return [one for one in re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL) if word in one]


def commands_in(text: str) -> list[list[str]]:
    """Every `manage.py` command of a text, as its words."""
    found = [one.replace("\\\n", " ") for one in re.findall(r"(?:.*\\\n)*.*", text)]
    return [shlex.split(one.partition(MANAGE)[2], comments=True) for one in found if MANAGE in one]


def run(block: str, **variables: str) -> str:
    """Paste a block into a shell; an answer of 400 or more is a failure."""
    curl = 'set -euo pipefail\ncurl() { command curl -sS --fail-with-body "$@"; }\n'
    done = subprocess.run(
        ["bash", "-c", curl + block],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, (block, done.stdout, done.stderr)
    return done.stdout


def test_the_statement_of_the_guide_is_taken_and_read_back(any_store: Store) -> None:
    sent = json.loads(re.search(r"-d '(.*?)'", GUIDE, re.DOTALL)[1])  # type: ignore[index]

    answer = any_store.post(sent)

    assert answer.status_code == 200
    found = any_store.get(limit="5")["statements"]
    assert [one["actor"] for one in found] == [sent["actor"]]


def test_the_refusal_of_the_guide_is_what_is_answered(store: Store) -> None:
    shown = json.loads(blocks("json", '{"status": 400')[0])

    answer = store.send(
        "POST",
        "statements",
        body={"actor": {"mbox": "x"}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}},
    )

    assert answer.json() == shown


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed: apt install curl")
@pytest.mark.django_db(transaction=True)
def test_every_request_of_the_guide_works_when_it_is_pasted(
    live_server: Any, make_store: Callable[..., Store]
) -> None:
    own, other = make_store("Aber Trust", scopes=["all"]), make_store("Bryn Council")
    agreement = agree_to_share(
        giver=other.tenant, reader=own.tenant, purpose="Joint", starts_at=LONG_AGO
    )
    values = {
        "SITE": live_server.url,
        "KEY": own.key,
        "SECRET": own.secret,
        "OTHER": str(Organisation.objects.get(name="Bryn Council").uuid),
    }
    answers = {}
    for block in blocks("sh", "curl"):
        answers[block] = run(block, **values)
        if 'keys/launch"' in block:
            values["LAUNCH"] = json.loads(answers[block])["key"]

    def answer_to(part: str) -> Any:
        return json.loads(next(text for block, text in answers.items() if part in block))

    assert len(answers) == 8
    stored = answer_to("-d '{")
    assert [one["id"] for one in answer_to("xapi/statements?limit=5")["statements"]] == stored
    followed = answer_to("record-store/statements?limit=100")
    assert [one["statement"]["id"] for one in followed["statements"]] == stored
    assert len(answer_to("oauth/token")["statements"]) == 1
    assert answer_to("xapi/shared")["statements"] == []
    assert [one["statements"] for one in answer_to("counts?by=month")["counts"]] == [1]
    assert Credential.objects.get(key=values["LAUNCH"]).revoked_at is not None
    assert SharingAgreement.objects.get() == agreement


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_guide_gets_every_statement(live_server: Any, store: Store) -> None:
    names: dict[str, Any] = {}
    exec(blocks("python", "def follow")[0], names)
    sent = json.loads(re.search(r"-d '(.*?)'", GUIDE, re.DOTALL)[1])  # type: ignore[index]
    assert store.post(sent).status_code == 200

    page, cursor = next(names["follow"](live_server.url, store.key, store.secret))

    assert [one["statement"]["actor"] for one in page] == [sent["actor"]]
    nothing, again = next(names["follow"](live_server.url, store.key, store.secret, cursor))
    assert (nothing, bool(again)) == ([], True)


@pytest.mark.django_db(transaction=True)
def test_moving_out_and_in_works_as_the_guide_shows_it(
    live_server: Any,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMPORT_SECRET", store.secret)
    sent = json.loads(re.search(r"-d '(.*?)'", GUIDE, re.DOTALL)[1])  # type: ignore[index]
    name = store.tenant.organisation.name if store.tenant.organisation else ""
    assert store.post(sent).status_code == 200
    values = {"$SITE": live_server.url, "$KEY": store.key, "Aber Trust": name}

    told = []
    for words in commands_in(GUIDE):
        for shown, value in values.items():
            words = [word.replace(shown, value) for word in words]
        call_command(*words)
        told.append(json.loads(capsys.readouterr().out.splitlines()[-1]))

    assert set(told[0]) == {"key", "secret"}
    assert told[1]["exported"] == 1
    assert (told[2]["stored"], told[2]["already"]) == (1, 0)
    assert (told[3]["stored"], told[3]["already"]) == (0, 1)
    bryn = tenant_of(organisation=Organisation.objects.get(name="Bryn Council"))
    assert bryn.pk != store.tenant.pk


def commands_of_guides() -> list[Any]:
    return [
        pytest.param(words, id=f"{path.stem}-{number}-{words[0]}")
        for path in sorted(GUIDES.glob("*.md"))
        for number, words in enumerate(commands_in(path.read_text()))
    ]


@pytest.mark.parametrize("words", commands_of_guides())
def test_every_command_of_a_guide_is_understood(words: list[str]) -> None:
    name, *arguments = words
    command = load_command_class(get_commands()[name], name)
    parser: CommandParser = command.create_parser("manage.py", name)

    parser.called_from_command_line = False  # a word too many is an error that says which
    parser.parse_args(arguments)


def test_the_guides_show_commands() -> None:
    assert {param.values[0][0] for param in commands_of_guides()} >= {
        "create_lrs_credential",
        "import_statements",
        "export_statements",
        "erase_statements_of",
        "legal_hold",
        "start",
    }
