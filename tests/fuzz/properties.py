"""What must hold of any statement that is accepted."""

from collections.abc import Mapping
from typing import Any

import msgspec
import orjson

from lrs.rules.equivalence import are_equivalent
from lrs.rules.facts import activities_in, facts_of
from lrs.rules.parsing import Parsed, parse_statements
from lrs.rules.parts import check_attachments_came
from lrs.rules.payload import close_payload, open_payload
from lrs.rules.presentation import canonical, ids_only
from lrs.rules.validation import validate_statements
from lrs.rules.versions import RuleBook

AUTHORITY = b'{"mbox":"mailto:store@aber.example"}'
MOMENT = "2026-11-22T09:30:00.000Z"
SPARE_ID = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
OURS = frozenset({"id", "stored", "authority", "version", "timestamp"})
_top = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def kept_text(parsed: Parsed, book: RuleBook) -> str:
    """The first of some statements as the store keeps it.

    Raises:
        Refusal: one is not a statement.
    """
    validate_statements(parsed.statements, book=book, is_batch=parsed.is_batch)
    check_attachments_came(parsed.statements, {}, is_batch=parsed.is_batch)
    sent = parsed.statements[0]
    facts = facts_of(sent)
    opened = open_payload(
        raw=parsed.raws[0],
        statement=sent,
        statement_id=sent.get("id", SPARE_ID),
        timestamp=facts.timestamp,
        authority=AUTHORITY,
        version=book.statement_version,
    )
    return close_payload(opened, stored=MOMENT, has_timestamp=facts.timestamp is not None)


def hold(body: bytes, book: RuleBook) -> None:
    """Check everything that must hold of a body of statements.

    Raises:
        Refusal: it is not one; that is as it should be.
        AssertionError: something does not hold.
    """
    parsed = parse_statements(body)
    if not parsed.statements:
        return
    text = kept_text(parsed, book)
    sent = parsed.statements[0]
    again = parse_statements(text.encode())
    kept = again.statements[0]
    validate_statements([kept], book=book, is_batch=False)
    assert are_equivalent(sent, kept)
    assert are_equivalent(kept, sent)
    assert are_equivalent(sent, sent)
    assert are_equivalent(backwards(sent), sent)
    facts, kept_facts = facts_of(sent), facts_of(kept)
    for name in ("actor_key", "verb_key", "object_key", "registration_key", "target", "related"):
        assert getattr(facts, name) == getattr(kept_facts, name), name
    assert facts.sums == kept_facts.sums
    assert facts.timestamp is None or facts.timestamp == kept_facts.timestamp
    _same_text(parsed.raws[0], again.raws[0], sent)
    _spaced(parsed, book, text)
    ids_only(kept)
    canonical(kept, languages=["cy", "*"], definitions={})
    list(activities_in(kept))


def backwards(value: Any) -> Any:
    """The same value with the keys of every object in the other order."""
    if isinstance(value, Mapping):
        return {key: backwards(value[key]) for key in reversed(list(value))}
    return [backwards(one) for one in value] if isinstance(value, list) else value


def _same_text(raw: bytes, kept: bytes, sent: Mapping[str, Any]) -> None:
    """Every part that is the sender's own is kept letter for letter."""
    before, after = _top(raw), _top(kept)
    may_change = set(OURS)
    if _has_single(sent):
        may_change.add("context")
    if _has_single(sent["object"]):
        may_change.add("object")
    for name, part in before.items():
        if name not in may_change:
            assert bytes(part) == bytes(after[name]), name
    assert after.keys() - before.keys() <= OURS
    assert orjson.loads(bytes(after["authority"])) == orjson.loads(AUTHORITY)


def _has_single(statement: Mapping[str, Any]) -> bool:
    groups = (statement.get("context") or {}).get("contextActivities") or {}
    return any(isinstance(group, dict) for group in groups.values())


def _spaced(parsed: Parsed, book: RuleBook, text: str) -> None:
    """White space between the parts changes nothing."""
    loose = msgspec.json.format(parsed.raws[0], indent=3)
    assert kept_text(parse_statements(loose), book) == text
