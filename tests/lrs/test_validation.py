"""What is a statement and what is not, by path and clause."""

import copy
from typing import Any

import pytest

from lrs.rules.refusal import CLAUSES, Refusal
from lrs.rules.validation import validate_statements
from lrs.rules.versions import BOOKS, XAPI_1_0, XAPI_2_0, RuleBook
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

SUB = {"objectType": "SubStatement", "actor": agent(), "verb": {"id": "a:b"}, "object": activity()}
REF = {"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f8"}


def refusal(value: Any, book: RuleBook = XAPI_1_0) -> Refusal:
    with pytest.raises(Refusal) as caught:
        validate_statements([value], book=book, is_batch=False)
    return caught.value


def put(path: str, value: Any) -> dict[str, Any]:
    """A full statement with the value at a dotted path; ... removes what is there."""
    made = full_statement()
    target: Any = made
    *parents, last = path.split(".")
    for part in parents:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if isinstance(target, list):
        target[int(last)] = value
    elif value is ...:
        del target[last]
    else:
        target[last] = value
    return made


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
@pytest.mark.parametrize(
    "good",
    [
        statement(),
        full_statement(),
        statement(id=None, timestamp=None),
        statement(object={"id": "urn:x:y"}),
        statement(object=agent()),
        statement(object={"objectType": "Group", "mbox": "mailto:team@example.org"}),
        statement(object=REF),
        statement(verb={"id": f"{VERBS}voided"}, object=REF),
        statement(object=SUB),
        statement(object={**SUB, "object": REF, "timestamp": "2126-05-04T09:30:00Z"}),
        statement(actor={"objectType": "Group", "member": [agent()]}),
        statement(actor={"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}),
        statement(actor={"openid": "https://id.example/ffion"}),
        statement(version="1.0.0"),
        statement(version="1.0"),
        statement(stored="2026-05-04T09:30:00Z", authority=agent()),
        statement(context={"contextActivities": {"parent": activity()}}),
        statement(result={"extensions": {}, "score": {"raw": -3, "min": -5}}),
        statement(result={"duration": "P3Y1M29DT4H35M59.14S"}),
        statement(object={"id": "course-v1:FUN-MOOC+00002+session01"}),
        statement(object={"id": "https://example.org/a?b=c#d%20e"}),
        statement(verb={"id": "https://example.org/verbe-terminé", "display": {}}),
    ],
    ids=lambda value: None,
)
def test_good_statements_pass_under_both_versions(good: dict[str, Any], book: RuleBook) -> None:
    before = copy.deepcopy(good)

    validate_statements([good], book=book, is_batch=False)

    assert good == before


@pytest.mark.parametrize(
    ("bad", "path", "rule"),
    [
        (None, "$", "statement"),
        ([], "$", "statement"),
        ({}, "$", "statement"),
        (put("actor", ...), "$", "statement"),
        (put("actor", None), "$.actor", "actor"),
        (put("Actor", agent()), "$.Actor", "statement"),
        (put("id", "EC531277-B57B-4C15-8D91-D292C5B2B8F"), "$.id", "uuid"),
        (put("id", 5), "$.id", "uuid"),
        (put("actor.account.name", ...), "$.actor.account", "account"),
        (put("actor.account.name", 7), "$.actor.account.name", "format"),
        (put("actor.account.homePage", "hr.example"), "$.actor.account.homePage", "iri"),
        (put("actor.mbox", "mailto:a@example.org"), "$.actor", "identifier"),
        (put("actor", {"mbox": "a@example.org"}), "$.actor.mbox", "identifier"),
        (put("actor", {"mbox": "mailto:a b@example.org"}), "$.actor.mbox", "identifier"),
        (put("actor", {"mbox": ["mailto:a@example.org"]}), "$.actor.mbox", "identifier"),
        (put("actor", {"mbox_sha1sum": "ebd31e"}), "$.actor.mbox_sha1sum", "identifier"),
        (put("actor", {"name": "Ffion Testwell"}), "$.actor", "identifier"),
        (put("actor", {"objectType": "Group"}), "$.actor", "group"),
        (put("actor", {"objectType": "Group", "member": []}), "$.actor", "group"),
        (put("actor.objectType", "agent"), "$.actor.objectType", "actor"),
        (put("actor.objectType", ["Agent"]), "$.actor.objectType", "actor"),
        (put("context.team.member.0", SUB), "$.context.team.member[0].objectType", "agent"),
        (put("context.team", agent()), "$.context.team.objectType", "group"),
        (put("verb", {"display": {}}), "$.verb", "verb"),
        (put("verb.id", "completed"), "$.verb.id", "iri"),
        (put("verb.id", "http://"), "$.verb.id", "iri"),
        (put("verb.display", {"english!": "x"}), "$.verb.display", "language"),
        (put("verb.display", {"en": 1}), "$.verb.display.en", "language"),
        (put("verb.display", "done"), "$.verb.display", "language"),
        (put("object.objectType", "activity"), "$.object.objectType", "object"),
        (put("object.objectType", {}), "$.object.objectType", "object"),
        (put("object.id", "https://example.org/a b"), "$.object.id", "iri"),
        (put("object.id", "https://example.org/%zz"), "$.object.id", "iri"),
        (put("object.definition.interactionType", ...), "$.object.definition", "interaction"),
        (put("object.definition.interactionType", "Choice"), None, "interaction"),
        (put("object.definition.interactionType", []), None, "interaction"),
        (put("object.definition.interactionType", "likert"), None, "interaction"),
        (put("object.definition.choices.1.id", "carer"), None, "interaction"),
        (put("object.definition.choices.1", "chair"), None, "interaction"),
        (put("object.definition.correctResponsesPattern", "carer"), None, "interaction"),
        (put("object.definition.extensions", {"a": 1}), None, "extensions"),
        (put("object.definition.extensions", None), None, "extensions"),
        (put("object.definition.moreinfo", "https://a.example"), None, "activity"),
        (put("object", {**agent(), "objectType": "Activity"}), "$.object.account", "activity"),
        (put("object", {"mbox": "mailto:a@example.org"}), "$.object.mbox", "activity"),
        (put("object", {"id": REF["id"], "objectType": "StatementRef", "x": 1}), None, None),
        (put("result.success", "true"), "$.result.success", "format"),
        (put("result.completion", 1), "$.result.completion", "format"),
        (put("result.score.scaled", "0.5"), "$.result.score.scaled", "score"),
        (put("result.score.scaled", True), "$.result.score.scaled", "score"),
        (put("result.score.scaled", 1.001), "$.result.score.scaled", "score"),
        (put("result.score.raw", 11), "$.result.score.raw", "score"),
        (put("result.score.raw", -1), "$.result.score.raw", "score"),
        (put("result.score.min", 10), "$.result.score.min", "score"),
        (put("result.score.points", 10), "$.result.score.points", "score"),
        (put("result.duration", "P4W1D"), "$.result.duration", "duration"),
        (put("result.duration", "P"), "$.result.duration", "duration"),
        (put("result.duration", "PT"), "$.result.duration", "duration"),
        (put("result.duration", "PT1.5H30M"), "$.result.duration", "duration"),
        (put("result.response", None), "$.result.response", "format"),
        (put("context.registration", "1"), "$.context.registration", "uuid"),
        (put("context.language", "plain english"), "$.context.language", "language"),
        (put("context.language", "a-b"), "$.context.language", "language"),
        (put("context.contextActivities", []), "$.context.contextActivities", None),
        (put("context.contextActivities.Parent", activity()), None, "contextactivities"),
        (put("context.contextActivities.parent.0", agent()), None, "activity"),
        (put("context.statement.objectType", ...), None, "statementref"),
        (put("context.statement", SUB), None, "statementref"),
        (put("context.extra", 1), "$.context.extra", "context"),
        (put("timestamp", "2026-05-04T09:30:00-00:00"), "$.timestamp", "time"),
        (put("timestamp", "2026-02-30T09:30:00Z"), "$.timestamp", "time"),
        (put("timestamp", "2026-05-04"), "$.timestamp", "time"),
        (put("timestamp", 1777887000), "$.timestamp", "time"),
        (put("stored", "yesterday"), "$.stored", "time"),
        (put("version", "1.1.0"), "$.version", "version"),
        (put("version", 1.0), "$.version", "version"),
        (put("authority", {"objectType": "Group", "member": [agent()]}), None, "authority"),
        (put("attachments", {}), "$.attachments", "attachments"),
        (put("attachments.0.length", "27"), "$.attachments[0].length", "attachments"),
        (put("attachments.0.length", 2.5), "$.attachments[0].length", "attachments"),
        (put("attachments.0.contentType", "text"), "$.attachments[0].contentType", None),
        (put("attachments.0.sha2", "x"), "$.attachments[0].sha2", "attachments"),
        (put("attachments.0.display", ...), "$.attachments[0]", "attachments"),
        (statement(verb={"id": f"{VERBS}voided"}), "$.object", "voiding"),
        (statement(object={**SUB, "object": SUB}), "$.object.object", "substatement"),
        (statement(object={**SUB, "id": REF["id"]}), "$.object.id", "substatement"),
        (statement(object={**SUB, "verb": {}}), "$.object.verb", "verb"),
        (statement(object=agent(), context={"platform": "x"}), "$.context.platform", "context"),
        (statement(object=REF, context={"revision": "x"}), "$.context.revision", "context"),
    ],
    ids=lambda value: None,
)
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
def test_bad_statements_are_refused_where_they_are_bad(
    bad: Any, path: str | None, rule: str | None, book: RuleBook
) -> None:
    found = refusal(bad, book)

    assert path is None or found.path == path
    assert rule is None or found.rule == rule
    assert found.message.endswith(".")
    assert found.clause("1.0.3").startswith("xAPI 1.0.3 ")
    assert found.clause("2.0.0").startswith("IEEE 9274.1.1 ")


CONTEXT_AGENT = {"objectType": "contextAgent", "agent": agent(), "relevantTypes": ["a:b"]}
CONTEXT_GROUP = {
    "objectType": "contextGroup",
    "group": {"objectType": "Group", "member": [agent()]},
}


def test_context_agents_and_groups_are_of_2_0_only() -> None:
    context = {"contextAgents": [CONTEXT_AGENT], "contextGroups": [CONTEXT_GROUP]}

    validate_statements([statement(context=context)], book=XAPI_2_0, is_batch=False)

    assert refusal(statement(context=context)).path == "$.context.contextAgents"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"objectType": "Agent"}, "$.context.contextAgents[0].objectType"),
        ({"agent": {}}, "$.context.contextAgents[0].agent"),
        ({"relevantTypes": []}, "$.context.contextAgents[0].relevantTypes"),
        ({"relevantTypes": ["abc"]}, "$.context.contextAgents[0].relevantTypes.0"),
        ({"relevantTypes": "a:b"}, "$.context.contextAgents[0].relevantTypes"),
        ({"extra": 1}, "$.context.contextAgents[0].extra"),
    ],
)
def test_context_agents_are_checked(change: dict[str, Any], path: str) -> None:
    context = {"contextAgents": [{**CONTEXT_AGENT, **change}]}

    assert refusal(statement(context=context), XAPI_2_0).path == path


def test_only_2_0_insists_on_an_offset() -> None:
    bare = statement(timestamp="2026-05-04T09:30:00")

    validate_statements([bare], book=XAPI_1_0, is_batch=False)

    assert refusal(bare, XAPI_2_0).path == "$.timestamp"


def test_version_2_0_of_a_statement_needs_its_rule_book() -> None:
    newer = statement(version="2.0.0")

    validate_statements([newer], book=XAPI_2_0, is_batch=False)

    assert refusal(newer).path == "$.version"


def test_an_id_twice_in_a_batch_is_refused_whatever_its_case() -> None:
    upper = statement(number=171)
    upper["id"] = upper["id"].upper()

    with pytest.raises(Refusal) as caught:
        validate_statements([statement(number=171), upper], book=XAPI_1_0, is_batch=True)

    assert caught.value.path == "$[1].id"
    assert "position 0" in caught.value.message


def test_a_wrong_case_is_told_the_right_one() -> None:
    assert "'homePage'" in refusal(put("actor.account.homepage", "a:b")).message


def test_an_authority_of_two_agents_is_an_oauth_consumer_with_its_user() -> None:
    pair = {"objectType": "Group", "member": [agent(), {"mbox": "mailto:a@example.org"}]}

    validate_statements([statement(authority=pair)], book=XAPI_1_0, is_batch=False)

    named = {**pair, "mbox": "mailto:team@example.org"}
    assert refusal(statement(authority=named)).path == "$.authority"
    no_consumer = {"objectType": "Group", "member": [{"openid": "a:b"}, {"openid": "a:c"}]}
    assert refusal(statement(authority=no_consumer)).rule == "authority"


def test_every_rule_has_a_clause_in_both_versions() -> None:
    assert all(len(clauses) == 2 and all(clauses) for clauses in CLAUSES.values())


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    "value", [None, "", {}, [], nested(500), {"": None}, 1e308], ids=lambda value: None
)
def test_extensions_may_hold_anything(value: Any) -> None:
    result = {"extensions": {"https://ext.example/x": value}}

    validate_statements([statement(result=result)], book=XAPI_1_0, is_batch=False)
