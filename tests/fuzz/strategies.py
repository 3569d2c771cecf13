"""Statements built from the standard's grammar: every one that comes out here is valid."""

import json
import string
from datetime import UTC, timedelta
from typing import Any

from hypothesis import strategies as st

from lrs.rules.times import format_instant

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
_WORD = st.text(string.ascii_lowercase + string.digits + "éλ", min_size=1, max_size=8)
_ASCII = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
NUMBER = st.integers(-(10**25), 10**25) | st.floats(-1e9, 1e9, allow_nan=False)
IRI = st.builds("https://{}.example/{}".format, _ASCII, _WORD) | st.builds(
    "urn:{}:{}".format, _ASCII, _WORD
)
UUID = st.uuids().map(str) | st.uuids().map(lambda one: str(one).upper())
LANGUAGE = st.sampled_from(["en", "en-GB", "cy", "zh-Hant-TW", "x-ours", "sr-Latn-RS", "i-klingon"])
LANGUAGES = st.dictionaries(LANGUAGE, TEXT, max_size=3)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
EXTENSIONS = st.dictionaries(IRI, ANYTHING, max_size=2)
INSTANT = st.datetimes(timezones=st.just(UTC)).filter(lambda one: 2 <= one.year <= 9998)
TIME = (
    INSTANT.map(format_instant)
    | INSTANT.map(lambda one: one.isoformat())
    | st.builds(
        lambda one, minutes: (
            (one + timedelta()).replace(tzinfo=None).isoformat("T", "seconds")
            + f"+{minutes // 60:02d}:{minutes % 60:02d}"
        ),
        INSTANT,
        st.integers(0, 14 * 60 - 1),
    )
)
DURATION = st.sampled_from(["PT1M30.5S", "P3W", "P1Y2M3DT4H5M6S", "PT0S", "P0.5D", "PT36H"])


def some(needed: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """An object with these keys and any of those."""
    return st.fixed_dictionaries(needed, optional=optional)


ACCOUNT = some({"homePage": IRI, "name": TEXT.filter(bool)})
IDENTIFIED = st.one_of(
    some({"mbox": st.builds("mailto:{}@{}.example".format, _ASCII, _ASCII)}),
    some({"mbox_sha1sum": st.text("0123456789abcdefABCDEF", min_size=40, max_size=40)}),
    some({"openid": IRI}),
    some({"account": ACCOUNT}),
)
_NAMED = some({}, name=TEXT)


def _joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(
        lambda found: {key: value for one in found for key, value in one.items()}
    )


AGENT = _joined(some({}, objectType=st.just("Agent")), _NAMED, IDENTIFIED)
MEMBERS = st.lists(AGENT, min_size=1, max_size=3)
GROUP = _joined(some({"objectType": st.just("Group")}), _NAMED, some({"member": MEMBERS})) | (
    _joined(some({"objectType": st.just("Group")}, member=MEMBERS), _NAMED, IDENTIFIED)
)
ACTOR = AGENT | GROUP
VERB = some({"id": IRI}, display=LANGUAGES)
_COMPONENTS = (
    st.lists(_WORD, min_size=1, max_size=3, unique=True)
    .flatmap(
        lambda ids: st.tuples(*(some({"id": st.just(one)}, description=LANGUAGES) for one in ids))
    )
    .map(list)
)
_PATTERNS = st.lists(TEXT, max_size=2)
_SHARED = {
    "name": LANGUAGES,
    "description": LANGUAGES,
    "type": IRI,
    "moreInfo": IRI,
    "extensions": EXTENSIONS,
}
DEFINITION = st.one_of(
    some({}, **_SHARED),
    some({"interactionType": st.sampled_from(["choice", "sequencing"])}, choices=_COMPONENTS),
    some({"interactionType": st.just("likert")}, scale=_COMPONENTS, **_SHARED),
    some({"interactionType": st.just("matching")}, source=_COMPONENTS, target=_COMPONENTS),
    some({"interactionType": st.just("performance")}, steps=_COMPONENTS),
    some(
        {"interactionType": st.sampled_from(["true-false", "fill-in", "long-fill-in", "other"])},
        correctResponsesPattern=_PATTERNS,
    ),
)
ACTIVITY = some({"id": IRI}, objectType=st.just("Activity"), definition=DEFINITION)
REF = some({"objectType": st.just("StatementRef"), "id": UUID})
SCORE = some(
    {},
    scaled=st.floats(-1, 1),
    raw=st.integers(0, 10),
    min=st.integers(-5, 0),
    max=st.integers(10, 20),
)
RESULT = some(
    {},
    score=SCORE,
    success=st.booleans(),
    completion=st.booleans(),
    response=TEXT,
    duration=DURATION,
    extensions=EXTENSIONS,
)
_ACTIVITIES = ACTIVITY | st.lists(ACTIVITY, max_size=2)
_CONTEXT = {
    "registration": UUID,
    "instructor": ACTOR,
    "team": GROUP,
    "contextActivities": some(
        {}, parent=_ACTIVITIES, grouping=_ACTIVITIES, category=_ACTIVITIES, other=_ACTIVITIES
    ),
    "language": LANGUAGE,
    "statement": REF,
    "extensions": EXTENSIONS,
}
ATTACHMENT = some(
    {
        "usageType": IRI,
        "display": LANGUAGES,
        "contentType": st.sampled_from(["text/plain", "image/png", "text/plain; charset=utf-8"]),
        "length": st.integers(0, 10**9),
        "sha2": st.text("0123456789abcdef", min_size=64, max_size=64),
        "fileUrl": IRI,
    },
    description=LANGUAGES,
)


def _statement(
    target: st.SearchStrategy[dict[str, Any]], *, about_activity: bool, **more: Any
) -> st.SearchStrategy[dict[str, Any]]:
    context = {**_CONTEXT, **({"platform": TEXT, "revision": TEXT} if about_activity else {})}
    return some(
        {"actor": ACTOR, "verb": VERB, "object": target},
        result=RESULT,
        context=some({}, **context),
        timestamp=TIME,
        attachments=st.lists(ATTACHMENT, max_size=2),
        **more,
    )


_SUB = st.one_of(
    _statement(ACTIVITY, about_activity=True),
    _statement(ACTOR.filter(lambda one: "objectType" in one), about_activity=False),
    _statement(REF, about_activity=False),
).map(lambda one: {"objectType": "SubStatement", **one})
_OWN = {"id": UUID, "stored": TIME, "authority": AGENT}
STATEMENT = st.one_of(
    _statement(ACTIVITY, about_activity=True, **_OWN),
    _statement(ACTOR.filter(lambda one: "objectType" in one), about_activity=False, **_OWN),
    _statement(REF, about_activity=False, **_OWN),
    _statement(_SUB, about_activity=False, **_OWN),
)


def written(statement: dict[str, Any], *, is_ascii: bool) -> bytes:
    """A statement as JSON."""
    return json.dumps(statement, ensure_ascii=is_ascii).encode()
