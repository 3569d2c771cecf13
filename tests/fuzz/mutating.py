"""Input changed at random, without knowing what the code does with it; needs no package."""

import json
from random import Random
from typing import Any

from tests.fuzz import corpus

_PIECES = [
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\xff", b"\x00", b"\\ud800", b"\\u0000"),
    *(b"1e999", b"NaN", b"-", b"%", b"%zz", b";", b"=", b"&", b"\r\n", b"--xx", b"--", b" ", b"*"),
    *(b'{"a":' * 40, b"[" * 2000, b"9" * 400, b"null", b"true", b"\xed\xa0\x80", b"\xef\xbb\xbf"),
]
_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 1.5, 1e308, -1e308, 2**53, 2**63, 2**64, 10**30, "", " ", "x"),
    *("a:b", "mailto:a@b.example", "en", "x-y", "\u0000", "\ufffe", "a" * 5000, "é", "💜"),
    *("2026-05-04T09:30:00Z", "9999-12-31T23:59:60-14:00", "0001-01-01T00:00:00+14:00", "PT1S"),
    *("Agent", "Group", "Activity", "SubStatement", "StatementRef", "contextAgent", "choice"),
    *("ec531277-b57b-4c15-8d91-d292c5b2b8f7", [], {}, [[]], [{}], {"": ""}, {"a:b": None}),
]
_KEYS = sorted(
    {key for one in corpus.statements() for place, key in [(one, name) for name in one]}
    | {"mbox", "mbox_sha1sum", "openid", "account", "homePage", "name", "member", "stored"}
    | {"definition", "extensions", "score", "raw", "contextAgents", "relevantTypes", "version"}
)


def changed_bytes(seed: bytes, random: Random, longest: int) -> bytes:
    """Return bytes with one to four changes."""
    body = bytearray(seed)
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(body))
        deed = random.randrange(4)
        if deed == 0 and at < len(body):
            body[at] = random.randrange(256)
        elif deed == 1:
            del body[at : at + random.randint(1, 30)]
        elif deed == 2:
            body[at:at] = random.choice(_PIECES)
        else:
            start = random.randint(0, len(body))
            body[at:at] = body[start : start + random.randint(1, 60)]
    return bytes(body[:longest])


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        found.append((value, key))
        if isinstance(inner, (dict, list)):
            found.extend(places(inner))
    return found


def changed_statement(seed: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return a statement with one to four changes that leave it JSON."""
    made: dict[str, Any] = json.loads(json.dumps(seed))
    for _ in range(random.randint(1, 4)):
        container, key = random.choice(places(made) or [(made, "id")])
        deed = random.randrange(5)
        value = json.loads(json.dumps(random.choice(_VALUES)))
        if deed == 0 and isinstance(container, dict):
            container.pop(key, None)
        elif deed == 1 and isinstance(container, dict):
            container[random.choice(_KEYS)] = value
        elif deed == 2:
            container[key] = json.loads(json.dumps(random.choice(places(seed))[0]))
        elif deed == 3 and isinstance(container, dict) and key in container:
            container[random.choice([key.upper(), key + "\u0000", " " + key])] = container.pop(key)
        else:
            container[key] = value
    return made
