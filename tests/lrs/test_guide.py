"""What the guide for integrators shows works as it is shown."""

import json
import re
from pathlib import Path

from tests.lrs.conftest import Store

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "integrators.md"


def test_the_statement_of_the_guide_is_taken_and_read_back(any_store: Store) -> None:
    text = GUIDE.read_text()
    sent = json.loads(re.search(r"-d '(.*?)'", text, re.DOTALL)[1])

    answer = any_store.post(sent)

    assert answer.status_code == 200
    found = any_store.get(limit="5")["statements"]
    assert [one["actor"] for one in found] == [sent["actor"]]


def test_the_refusal_of_the_guide_is_what_is_answered(store: Store) -> None:
    text = GUIDE.read_text()
    shown = json.loads(re.search(r'```json\n(\{"status": 400.*?)```', text, re.DOTALL)[1])

    answer = store.send(
        "POST",
        "statements",
        body={"actor": {"mbox": "x"}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}},
    )

    assert answer.json() == shown
