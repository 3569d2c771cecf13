"""What is a statement, by the numbers of the public conformance requirements.

Each requirement has statements that must be refused and statements that must be taken, in our own
words; each is sent under both versions of the standard, as itself and, where it can be one, as a
substatement.
"""

import copy
from typing import Any

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

UUID_TEXT = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
REF = {"objectType": "StatementRef", "id": UUID_TEXT}
SUB = {"objectType": "SubStatement", "actor": agent(), "verb": {"id": "a:b"}, "object": activity()}
GROUP = {"objectType": "Group", "member": [agent()]}
VOIDED = f"{VERBS}voided"
NOT_TEXT = (7, True, {}, ["a"])
NOT_OBJECT = (7, "text", True, ["a"])
GONE = object()


def at(path: str, *values: Any) -> list[dict[str, Any]]:
    """Full statements with each of the values at a dotted path; GONE takes out what is there."""
    made = []
    for value in values:
        whole = full_statement()
        target: Any = whole
        *parents, last = path.split(".")
        for part in parents:
            target = target[int(part)] if isinstance(target, list) else target.setdefault(part, {})
        if value is GONE:
            del target[last]
        else:
            target[last] = copy.deepcopy(value)
        made.append(whole)
    return made


def with_object(*targets: Any) -> list[dict[str, Any]]:
    return [statement(object=target) for target in targets]


def definition(**parts: Any) -> list[dict[str, Any]]:
    return with_object({**activity(), "definition": parts})


def scores(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [statement(result={"score": value}) for value in values]


BAD_MAPS = ("text", ["en"], {"en": 1}, {"a12345678": "text"}, {"en_GB": "text"})
BAD_EXTENSIONS = ("text", ["a"], {"no scheme": 1})
BAD_IRIS = ("no-scheme", "", *NOT_TEXT)
BAD_UUIDS = ("", "ec531277", UUID_TEXT + "0", "m" + UUID_TEXT[1:], *NOT_TEXT)
BAD_IDS_OF_AGENTS = {
    "XAPI-00038": at("actor", *({"mbox": v} for v in ("a@b.example", "mailto:", "", *NOT_TEXT))),
    "XAPI-00039": at("actor", *({"mbox_sha1sum": v} for v in ("", "ab", "z" * 40, *NOT_TEXT))),
    "XAPI-00040": at("actor", *({"openid": v} for v in BAD_IRIS)),
    "XAPI-00041": at("actor", *({"account": v} for v in NOT_OBJECT)),
    "XAPI-00042": at("actor.account.homePage", GONE, *BAD_IRIS),
    "XAPI-00043": at("actor.account.name", GONE, *NOT_TEXT),
}

REFUSED: dict[str, list[dict[str, Any]]] = {
    "XAPI-00001": [
        *at("actor.name", None),
        *at("result.success", None),
        *at("object.definition.name", None, {"en": None}),
        *at("context.language", None),
        *at("verb", None, {}),
        *at("actor", {}),
    ],
    "XAPI-00003": at("actor", GONE),
    "XAPI-00004": at("verb", GONE),
    "XAPI-00005": at("object", GONE),
    "XAPI-00006": [
        *at("result.score.raw", "5"),
        *at("result.success", "true"),
        *at("attachments.0.length", "27"),
        *at("verb", "text"),
    ],
    "XAPI-00007": [
        *at("verb.id", ""),
        *at("id", ""),
        *at("actor.account.homePage", ""),
        *at("context.language", ""),
    ],
    "XAPI-00008": [
        *at("Verb", {"id": "a:b"}),
        *at("actor.objecttype", "Agent"),
        *at("result.Score", {}),
        *at("context.contextactivities", {}),
    ],
    "XAPI-00009": [
        *at("actor.objectType", "agent"),
        *at("object.objectType", "ACTIVITY"),
        *at("object.definition.interactionType", "Choice"),
    ],
    "XAPI-00010": [
        *at("extra", "a"),
        *at("actor.extra", "a"),
        *at("object.definition.extra", "a"),
        *at("context.contextActivities.extra", [activity()]),
    ],
    "XAPI-00011": [
        *at("verb.id", "example.org/verb"),
        *at("object.definition.moreInfo", "www.example.org"),
        *at("attachments.0.fileUrl", "files/essay.txt"),
    ],
    "XAPI-00013": [
        *at("verb.display", {"abcdefghi": "a"}),
        *at("context.language", "en-abcdefghi"),
        *at("object.definition.choices.0.description", {"e": "a"}),
    ],
    "XAPI-00017": [statement(verb={"id": VOIDED}, object=activity())],
    "XAPI-00019": [statement(verb={"id": VOIDED}, object=agent())],
    "XAPI-00020": [statement(verb={"id": VOIDED}, object={"id": UUID_TEXT})],
    "XAPI-00022": at("timestamp", "yesterday", "2026-13-01T00:00:00Z", *NOT_TEXT),
    "XAPI-00024": at("authority", {"objectType": "Activity", "id": "a:b"}, *NOT_OBJECT),
    "XAPI-00025": at("attachments", {}, "text", 7),
    "XAPI-00027": at("id", *BAD_UUIDS),
    "XAPI-00028": at("id", *NOT_TEXT),
    "XAPI-00029": at("context.registration", *BAD_UUIDS),
    "XAPI-00030": at("context.statement.id", *BAD_UUIDS),
    "XAPI-00031": at("actor.objectType", "Person", "", 7),
    "XAPI-00032": at("actor.objectType", *NOT_TEXT),
    "XAPI-00033": at("actor.name", *NOT_TEXT),
    "XAPI-00034": at("actor", {"objectType": "Group"}, {"objectType": "Group", "member": []}),
    "XAPI-00035": at("actor.member", [agent()]),
    "XAPI-00036": at("context.team.member", {}, "text", [7], [GROUP], [{"name": "a"}]),
    "XAPI-00037": at("actor.openid", "https://id.example/a"),
    **BAD_IDS_OF_AGENTS,
    "XAPI-00044": at("verb.id", GONE, *BAD_IRIS),
    "XAPI-00045": at("verb.display", *BAD_MAPS),
    "XAPI-00046": at("object.objectType", "Statement", "", 7),
    "XAPI-00047": at("object.id", GONE, *BAD_IRIS),
    "XAPI-00048": at("object.definition", *NOT_OBJECT),
    "XAPI-00049": at("object.definition.interactionType", "essay", "", *NOT_TEXT),
    "XAPI-00050": definition(interactionType="choice", choices=[{"description": {"en": "a"}}]),
    "XAPI-00051": definition(interactionType="likert", scale=[{"id": 7}]),
    "XAPI-00052": definition(interactionType="matching", source="a"),
    "XAPI-00053": definition(interactionType="performance", steps=["a"]),
    "XAPI-00054": definition(interactionType="sequencing", choices=[{"id": "a"}, {"id": "a"}]),
    "XAPI-00055": definition(interactionType="numeric", correctResponsesPattern="4"),
    "XAPI-00056": at("object.definition.name", *BAD_MAPS),
    "XAPI-00057": at("object.definition.extensions", *BAD_EXTENSIONS),
    "XAPI-00058": definition(interactionType="matching", target=[{"id": "a"}, "b"]),
    "XAPI-00059": at("object.definition.description", *BAD_MAPS),
    "XAPI-00060": at("object.definition.type", *BAD_IRIS),
    "XAPI-00061": at("object.definition.moreInfo", *BAD_IRIS),
    "XAPI-00062": [
        made
        for component in ({}, {"id": 7}, {"id": None}, "a", {"ID": "a"})
        for made in definition(interactionType="choice", choices=[{"id": "a"}, component])
    ],
    "XAPI-00063": [
        made
        for text in BAD_MAPS
        for made in definition(interactionType="likert", scale=[{"id": "a", "description": text}])
    ],
    "XAPI-00064": [
        *definition(correctResponsesPattern=["a"]),
        *definition(choices=[{"id": "a"}]),
        *definition(interactionType="fill-in", choices=[{"id": "a"}]),
    ],
    "XAPI-00065": with_object({"mbox": "mailto:a@example.org"}, {"member": [agent()]}),
    "XAPI-00066": with_object(
        {**SUB, "actor": {}}, {**SUB, "verb": {"id": "a"}}, {**SUB, "result": {"success": 1}}
    ),
    "XAPI-00067": with_object({**SUB, "authority": agent()}),
    "XAPI-00068": with_object({**SUB, "version": "1.0.0"}),
    "XAPI-00069": with_object({**SUB, "stored": "2026-05-04T09:30:00Z"}),
    "XAPI-00070": with_object({**SUB, "id": UUID_TEXT}),
    "XAPI-00071": with_object({**SUB, "object": SUB}),
    "XAPI-00072": with_object({"objectType": "StatementRef"}, {**REF, "id": "1"}),
    "XAPI-00073": with_object(
        {"id": UUID_TEXT}, {k: v for k, v in SUB.items() if k != "objectType"}
    ),
    "XAPI-00074": at("result.success", "yes", 1, {}),
    "XAPI-00075": at("result.completion", "yes", 1, {}),
    "XAPI-00076": at("result.response", *NOT_TEXT),
    "XAPI-00077": at("result.duration", "12", "PT", "P1S", *NOT_TEXT),
    "XAPI-00078": at("result.extensions", *BAD_EXTENSIONS),
    "XAPI-00079": at("result.score", *NOT_OBJECT),
    "XAPI-00080": scores({"min": 5, "max": 4}, {"max": "4"}, {"min": 5, "max": 5}),
    "XAPI-00081": scores({"min": "4"}, {"min": 1, "max": 0.5}),
    "XAPI-00082": scores({"raw": 5, "max": 4}, {"raw": 1, "min": 2}, {"raw": "1"}),
    "XAPI-00083": scores({"scaled": 1.01}, {"scaled": -1.01}, {"scaled": "1"}),
    "XAPI-00084": [statement(object=agent(), context={"revision": "2"})],
    "XAPI-00085": [statement(object=agent(), context={"platform": "here"})],
    "XAPI-00086": at("context.contextActivities", *NOT_OBJECT),
    "XAPI-00087": [
        *at("context.registration", *BAD_UUIDS),
        *at("context.instructor", {}, *NOT_OBJECT),
    ],
    "XAPI-00088": at("context.team", agent(), {"objectType": "Group"}, *NOT_OBJECT),
    "XAPI-00089": at("context.revision", *NOT_TEXT),
    "XAPI-00090": at("context.platform", *NOT_TEXT),
    "XAPI-00091": at("context.language", "english!", "a12345678", *NOT_TEXT),
    "XAPI-00092": at("context.statement", {"id": UUID_TEXT}, SUB, *NOT_OBJECT),
    "XAPI-00093": at("context.contextActivities.sibling", [activity()]),
    "XAPI-00094": at("context.contextActivities.parent", [agent()], ["a:b"], {}, "a:b"),
    "XAPI-00098": at("authority", {"objectType": "Group", "member": [agent()]}),
    "XAPI-00100": at("authority", {"objectType": "Group", "member": [agent()] * 3}),
    "XAPI-00101": at("version", "0.9.9", "1.1.0", "1", "1.0.x", *NOT_TEXT),
    "XAPI-00102": at("attachments.0.length", GONE, "27", -1, 2.5, {}),
    "XAPI-00103": at("attachments.0.sha2", GONE, "abc", *NOT_TEXT),
    "XAPI-00104": at("attachments.0.fileUrl", *BAD_IRIS),
    "XAPI-00105": at("attachments.0.contentType", GONE, "text", *NOT_TEXT),
    "XAPI-00106": at("attachments.0.display", GONE, *BAD_MAPS),
    "XAPI-00107": at("attachments.0.usageType", GONE, *BAD_IRIS),
    "XAPI-00118": [
        *at("object.definition.extensions", {"a": 1}),
        *at("result.extensions", {"a": 1}),
        *at("context.extensions", {"a": 1}),
    ],
    "XAPI-00120": at("context.extensions", *BAD_EXTENSIONS),
    "XAPI-00121": at("attachments.0.description", *BAD_MAPS),
    "XAPI-00123": at(
        "timestamp",
        "2026-05-04T09:30:00-00",
        "2026-05-04T09:30:00-0000",
        "2026-05-04T09:30:00-00:00",
        "04/05/2026",
    ),
    "XAPI-00124": at("result.duration", "P4W1D", "PA1H0M0S", "P2026-05-04T09:30:00"),
}

EMPTY = {"https://ext.example/null": None, "https://ext.example/x": "", "https://ext.example/y": {}}
TAKEN: dict[str, list[dict[str, Any]]] = {
    "XAPI-00001": at("result.extensions", {}, EMPTY),
    "XAPI-00013": [
        *at("verb.display", {"de": "a"}, {"zh-Hans-CN": "a"}, {"ase": "a"}),
        *at("context.language", "cmn", "fr-CA", "sr-Latn-RS"),
    ],
    "XAPI-00022": at("timestamp", "2126-05-04T09:30:00Z"),
    "XAPI-00036": at("actor", GROUP, {"objectType": "Group", "mbox": "mailto:t@example.org"}),
    "XAPI-00045": at("verb.display", GONE, {}, {"en": "done", "cy": "wedi gorffen"}),
    "XAPI-00046": with_object(activity(), agent(), GROUP, REF, SUB),
    "XAPI-00049": [
        made
        for kind, parts in {
            "true-false": {},
            "choice": {"choices": [{"id": "a"}]},
            "fill-in": {},
            "long-fill-in": {"correctResponsesPattern": ["{case_matters=false}a"]},
            "matching": {"source": [{"id": "a"}], "target": [{"id": "a"}]},
            "performance": {"steps": [{"id": "a"}]},
            "sequencing": {"choices": [{"id": "a"}]},
            "likert": {"scale": [{"id": "a"}]},
            "numeric": {"correctResponsesPattern": ["4[:]5"]},
            "other": {},
        }.items()
        for made in definition(interactionType=kind, **parts)
    ],
    "XAPI-00080": scores({"max": 4}, {"min": -1, "max": 4}),
    "XAPI-00082": scores({"raw": -100}, {"raw": 4, "min": 4, "max": 5}),
    "XAPI-00083": scores({"scaled": 1}, {"scaled": -1.0}, {"scaled": 0}),
    "XAPI-00093": [
        statement(context={"contextActivities": {name: [activity()]}})
        for name in ("parent", "grouping", "category", "other")
    ],
    "XAPI-00094": at(
        "context.contextActivities.parent", activity(), [activity("a"), activity("b")]
    ),
    "XAPI-00098": at(
        "authority", {"objectType": "Group", "member": [agent(), {"mbox": "mailto:a@b.example"}]}
    ),
    "XAPI-00101": at("version", "1.0", "1.0.0", "1.0.9"),
    "XAPI-00119": [
        *at("object.definition.extensions", EMPTY),
        *at("result.extensions", EMPTY),
        *at("context.extensions", EMPTY),
    ],
    "XAPI-00122": at("timestamp", "2026-05-04T09:30:00.123456Z"),
    "XAPI-00124": at("result.duration", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W"),
}


def as_substatement(sent: dict[str, Any]) -> dict[str, Any] | None:
    """The same, inside another; None for what no substatement can be."""
    if {"stored", "authority", "version"} & set(sent) or sent["id"] != statement()["id"]:
        return None
    target = sent.get("object")
    if isinstance(target, dict) and target.get("objectType") == "SubStatement":
        return None
    inner = {name: value for name, value in sent.items() if name != "id"}
    return statement(object={**inner, "objectType": "SubStatement"})


@pytest.mark.parametrize("number", REFUSED)
def test_refused(any_store: Store, number: str) -> None:
    for sent in REFUSED[number]:
        for one in (sent, as_substatement(sent)):
            if one is None:
                continue
            answer = any_store.post(one)
            assert answer.status_code == 400, (number, one)
            assert answer.json()["clause"], (number, one)

    assert any_store.numbers() == []


@pytest.mark.parametrize("number", TAKEN)
def test_taken(any_store: Store, number: str) -> None:
    for count, sent in enumerate(TAKEN[number], start=1):
        for one in (sent, as_substatement(sent)):
            if one is not None:
                one = {name: value for name, value in one.items() if name != "id"}
                assert any_store.post(one).status_code == 200, (number, one)
        assert count


def test_xapi_00002_numbers_keep_their_precision(any_store: Store) -> None:
    numbers = [1.7976931348623157e308, 0.1, 1 / 3, 3.14159265, 16777217, -0.0]
    any_store.post(statement(1, result={"extensions": {"https://ext.example/n": numbers}}))

    kept = any_store.get()["statements"][0]["result"]["extensions"]["https://ext.example/n"]
    assert kept == numbers


@pytest.mark.parametrize("body", [b"{", b"[,]", b"{'a': 1}", b'{"a": 1', b'{"a": 1} {"b": 2}'])
def test_xapi_00014_what_is_not_json_is_refused(any_store: Store, body: bytes) -> None:
    assert any_store.send("POST", "statements", None, body).status_code == 400


def test_xapi_00015_text_is_utf_8(any_store: Store) -> None:
    any_store.post(statement(1, verb={"id": "a:b", "display": {"ar": "أكمل", "ru": "готово"}}))

    assert any_store.get()["statements"][0]["verb"]["display"] == {"ar": "أكمل", "ru": "готово"}
    assert any_store.send("POST", "statements", None, b'{"a": "\xe9"}').status_code == 400


def test_xapi_00026_an_id_is_made_where_there_is_none(any_store: Store) -> None:
    made = any_store.post(statement(id=None)).json()

    assert any_store.get(statementId=made[0])["id"] == made[0]


def test_xapi_00096_single_context_activities_come_back_as_lists(any_store: Store) -> None:
    any_store.post(statement(1, context={"contextActivities": {"parent": activity("a")}}))

    context = any_store.get()["statements"][0]["context"]
    assert context == {"contextActivities": {"parent": [activity("a")]}}
