"""What to begin from: good statements, headers, tokens and times, from our own builders."""

import copy
import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lrs.rules.multipart import Part, write_parts
from lrs.rules.paging import Position, write_token
from tests.lrs.samples import activity, agent, full_statement, statement

SUB = {
    "objectType": "SubStatement",
    **{name: value for name, value in full_statement().items() if name not in ("id",)},
}
CONTEXT_2 = {
    "contextAgents": [{"objectType": "contextAgent", "agent": agent(), "relevantTypes": ["a:b"]}],
    "contextGroups": [
        {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [agent()]}}
    ],
}
INTERACTIONS = {
    "true-false": {},
    "fill-in": {},
    "numeric": {"correctResponsesPattern": ["1[:]2"]},
    "likert": {"scale": [{"id": "a", "description": {"en": "A"}}]},
    "matching": {"source": [{"id": "a"}], "target": [{"id": "b"}]},
    "performance": {"steps": [{"id": "a"}]},
    "sequencing": {"choices": [{"id": "a"}]},
}
GROUP = {"objectType": "Group", "member": [agent(), {"mbox": "mailto:b@aber.example"}]}


def statements() -> list[dict[str, Any]]:
    """Valid statements that between them use everything there is."""
    ref = {"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"}
    made = [
        full_statement(),
        statement(object=SUB),
        statement(context=CONTEXT_2),
        statement(object=agent(), actor=GROUP),
        statement(context={"contextActivities": {"parent": activity()}}),
        statement(object=ref, verb={"id": "http://adlnet.gov/expapi/verbs/voided"}),
        statement(object={**GROUP, "openid": "https://id.example/x"}, timestamp=None, id=None),
        statement(actor={"mbox_sha1sum": hashlib.sha1(b"x", usedforsecurity=False).hexdigest()}),
    ]
    for kind, parts in INTERACTIONS.items():
        definition = {"interactionType": kind, **parts}
        made.append(statement(object={**activity(), "definition": definition}))
    for number, one in enumerate(made, start=1):
        if "id" in one:
            one["id"] = str(UUID(int=number))
    return copy.deepcopy(made)


def bodies() -> list[bytes]:
    """Bodies of requests: single, several, with white space, in ASCII and not."""
    texts = [json.dumps(one).encode() for one in statements()]
    texts += [json.dumps(one, ensure_ascii=False, indent=1).encode() for one in statements()[:3]]
    texts.append(b"[" + b",".join(texts[:3]) + b"]")
    return texts


def multiparts() -> list[bytes]:
    """Bodies with attachments; the boundary is `xx`."""
    content = b"Who is missing from the room?\r\n--x"
    headers = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
    }
    first = Part({"Content-Type": "application/json"}, bodies()[0])
    return [
        write_parts([first], "xx"),
        write_parts([first, Part(headers, content)], "xx"),
        b"preamble\r\n--xx\r\n\r\nempty head\r\n--xx--  \r\nepilogue",
    ]


def tokens() -> list[bytes]:
    """Tokens of further pages."""
    position = Position(datetime(2026, 11, 22, tzinfo=UTC), 7)
    return [
        write_token(parameters, position).encode()
        for parameters in ({}, {"verb": "a:b"}, {"agent": json.dumps(agent()), "limit": "2"})
    ]


WORDS: dict[str, list[bytes]] = {
    "headers": [b'"abc"', b'W/"abc", "d"', b"*", b'"', b"abc, def", b""],
    "languages": [b"en", b"cy;q=0.5, en-GB;q=1, *;q=0", b"zh-Hant-TW", b"en;q=1.2.3", b""],
    "times": [
        *(b"2026-11-22T09:30:00.000Z", b"2026-11-22T09:30:00+05:30", b"20261122T0930Z"),
        *(b"2026-12-31T23:59:60Z", b"0001-01-01T00:00:00+14:00", b"PT1M30.5S", b"P3W", b"P1Y2M"),
    ],
    "queries": [b"a=b&c=%C3%A9", b"method=PUT", b"a=b&a=c", b"a=%ff", b"%00=1;2"],
    "types": [
        *(b"multipart/mixed; boundary=xx", b'multipart/mixed; a="b;boundary=c"; boundary="x y"'),
        *(b"application/json; charset=utf-8", b"en-GB", b"https://a.example/b?c#d", b"x-y"),
    ],
    "keys": [b"Basic YTpi", b"Basic Og==", b"basic \xc3\xa9", b"Bearer x", b""],
}
