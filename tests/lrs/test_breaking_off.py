"""An import or export that somebody breaks off says how to go on, and goes on."""

import io
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lrs.models import Statement
from lrs.services import tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import Store
from tests.lrs.samples import statement

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_ctrl_c_is_heard"),
]


class Impatient(io.StringIO):
    """A terminal at which somebody presses Ctrl-C when the first progress is told."""

    was_pressed = False

    def write(self, text: str) -> int:
        if not self.was_pressed:
            self.was_pressed = True
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def break_off(*words: str, **options: Any) -> CommandError:
    with pytest.raises(CommandError) as stopped:
        call_command(*words, stderr=Impatient(), no_color=True, **options)
    return stopped.value


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """As at a terminal: what a shell starts in the background does not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "statements.jsonl"
    path.write_text("".join(json.dumps(statement(number)) + "\n" for number in range(1, 602)))
    return path


def test_an_import_that_is_broken_off_keeps_what_came_and_goes_on(
    file: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation = Organisation.objects.get()
    words = ("import_statements", str(file), "--organisation", organisation.name)

    error = break_off(*words)

    kept = Statement.objects.filter(tenant=tenant_of(organisation=organisation)).count()
    assert error.returncode == 130
    assert "what has come is kept" in str(error)
    assert kept % 500 == 0
    assert kept < 601
    call_command(*words)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == {"stored": 601 - kept, "already": kept, "refused": 0}


def test_a_rehearsal_that_is_broken_off_has_kept_nothing(file: Path, store: Store) -> None:
    name = Organisation.objects.get().name

    error = break_off("import_statements", str(file), "--organisation", name, "--dry-run")

    assert "nothing was kept" in str(error)
    assert not Statement.objects.exists()


def test_an_export_that_is_broken_off_goes_on_with_resume(
    file: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = Organisation.objects.get().name
    call_command("import_statements", str(file), "--organisation", name)
    out = tmp_path / "out.jsonl"

    error = break_off("export_statements", str(out), "--organisation", name)

    assert (error.returncode, out.exists()) == (130, False)
    assert "--resume" in str(error)
    call_command("export_statements", str(out), "--organisation", name, "--resume")
    ids = [json.loads(line)["id"] for line in out.read_text().splitlines()]
    assert len(ids) == len(set(ids)) == 601
