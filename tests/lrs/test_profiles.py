"""Profiles: reading their documents, checking statements, and telling what is otherwise."""

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lrs.rules.patterns import EndlessPattern, follows
from lrs.rules.profiles import Pattern, UnreadableProfile, check, read_profile
from lrs.services.profiles import check_profile, import_profile
from lrs.statements import ACTIVITY_TYPES, ATTENDED, DISPLAY, RATED, SELF_ASSESSED
from organisations.enums import GrantKind
from organisations.models import Organisation
from tests.factories.organisations import GrantFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import statement

VERBS = "http://adlnet.gov/expapi/verbs/"
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def template(name: str, verb: str = "", rules: Any = (), **more: Any) -> dict[str, Any]:
    one = {"id": f"https://p.example/{name}", "rules": list(rules), **more}
    return {**one, "verb": f"{VERBS}{verb}"} if verb else one


def profile(*templates: dict[str, Any], patterns: Any = ()) -> dict[str, Any]:
    return {
        "id": "https://p.example",
        "type": "Profile",
        "prefLabel": {"en": "A profile"},
        "versions": [{"id": "https://p.example/v1"}],
        "templates": list(templates),
        "patterns": list(patterns),
    }


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"location": "$.id", "presence": "included"}, ""),
        ({"location": "$.result.score", "presence": "included"}, "missing"),
        ({"location": "$.result.score", "presence": "recommended"}, "recommended"),
        ({"location": "$.result.success", "presence": "excluded"}, "present"),
        ({"location": "$.result.success", "any": [True]}, ""),
        ({"location": "$.result.success", "any": [1]}, "not_any"),
        ({"location": "$.result.success", "none": [True]}, "some_none"),
        (
            {
                "location": "$.context.contextActivities.category[*].id",
                "all": ["https://a.example"],
            },
            "not_all",
        ),
        (
            {
                "location": "$.context.contextActivities.category[*].id",
                "any": ["https://a.example"],
            },
            "",
        ),
        (
            {
                "location": "$.context.contextActivities.category[*]",
                "selector": "$.definition",
                "presence": "included",
            },
            "missing",
        ),
        ({"location": "$.context.extensions['https://e.example/x']", "presence": "included"}, ""),
        ({"location": "$.result.duration | $.result.success", "presence": "included"}, ""),
    ],
)
def test_each_kind_of_rule(rule: dict[str, Any], reason: str) -> None:
    document = read_profile(profile(template("done", "completed", [rule])))
    sent = statement(
        result={"success": True},
        context={
            "contextActivities": {
                "category": [
                    {"id": "https://a.example", "definition": {"type": "https://t.example"}},
                    {"id": "https://b.example"},
                ]
            },
            "extensions": {"https://e.example/x": False},
        },
    )

    checked = check(document, sent)

    assert checked.templates == ("https://p.example/done",)
    assert [one.reason for one in checked.broken] == ([reason] if reason else [])


def test_a_template_applies_by_verb_type_and_context() -> None:
    kind = {"objectActivityType": "https://t.example"}
    document = read_profile(
        profile(
            template("verb", "completed"),
            template("type", "completed", **kind),
            template("all", rules=[{"location": "$.result", "presence": "included"}]),
        )
    )
    typed = {"id": "https://a.example", "definition": {"type": "https://t.example"}}

    assert len(check(document, statement(object=typed)).templates) == 2
    assert check(document, statement()).templates == ("https://p.example/verb",)
    assert [one.template for one in check(document, statement()).broken] == [
        "https://p.example/all"
    ]
    assert check(document, statement(verb={"id": f"{VERBS}passed"})).broken == ()


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"type": "Profile"},
        profile({"id": "https://p.example/x", "rules": [{}]}),
        profile(template("x", rules=[{"location": "$.["}])),
        profile(template("x", rules=[{"location": "$.id", "presence": "perhaps"}])),
        profile(patterns=[{"id": "https://p.example/p"}]),
        {**profile(), "templates": {}},
    ],
)
def test_what_is_no_profile_is_refused(document: Any) -> None:
    with pytest.raises(UnreadableProfile):
        read_profile(document)


def made(kind: str, *parts: str, name: str = "p") -> Pattern:
    return Pattern(name, name, name == "p", kind, parts)


LETTERS = frozenset("abc")


@given(told=st.lists(st.sampled_from("abc"), max_size=12))
def test_patterns_follow_what_a_regular_expression_would(told: list[str]) -> None:
    """(a? (b|c)* a+) as patterns and as a regular expression."""
    patterns = {
        one.id: one
        for one in (
            made("sequence", "maybe", "many", "some"),
            made("optional", "a", name="maybe"),
            made("zeroOrMore", "either", name="many"),
            made("alternates", "b", "c", name="either"),
            made("oneOrMore", "a", name="some"),
        )
    }
    order = [frozenset({one}) for one in told]

    found = follows("p", patterns=patterns, templates=LETTERS, told=order)

    assert found is bool(re.fullmatch("a?[bc]*a+", "".join(told)))


def test_a_pattern_of_itself_is_refused() -> None:
    with pytest.raises(EndlessPattern):
        follows("p", patterns={"p": made("sequence", "p")}, templates=LETTERS, told=[])
    with pytest.raises(EndlessPattern):
        follows("p", patterns={"p": made("sequence", "z")}, templates=LETTERS, told=[])


@pytest.mark.django_db
def test_a_store_is_checked_and_the_page_says_so_in_words(
    client: Client, store: Store, tmp_path: Path
) -> None:
    rules = [
        {
            "location": "$.result.duration",
            "presence": "included",
            "scopeNote": {"en": "<b>How long</b>"},
        }
    ]
    order = {
        "id": "https://p.example/order",
        "primary": True,
        "sequence": ["https://p.example/began", "https://p.example/done"],
    }
    document = profile(
        template("done", "completed", rules), template("began", "initialized"), patterns=[order]
    )
    file = tmp_path / "profile.jsonld"
    file.write_text(json.dumps(document))
    right, wrong = str(UUID(int=71)), str(UUID(int=72))
    began = {"id": f"{VERBS}initialized"}
    store.post(
        statement(1, verb=began, context={"registration": right}, timestamp="2026-05-04T09:00:00Z"),
        statement(2, context={"registration": right}, result={"duration": "PT1M"}),
        statement(3, context={"registration": wrong}),
        statement(4, verb={"id": f"{VERBS}passed"}),
    )
    out = StringIO()

    call_command("import_profile", file, stdout=out)
    call_command(
        "check_profile",
        "https://p.example",
        "--organisation",
        "Aber Trust",
        stdout=out,
        stderr=StringIO(),
    )
    imported, checked = map(json.loads, out.getvalue().splitlines())

    assert imported == {
        "profile": "https://p.example",
        "version": "https://p.example/v1",
        "name": "A profile",
    }
    assert checked == {
        "read": 4,
        "matched": 3,
        "clean": 2,
        "templates": {"https://p.example/done": 2, "https://p.example/began": 1},
        "registrations": 2,
        "in_order": 1,
    }
    organisation = Organisation.objects.get(name="Aber Trust")
    client.force_login(
        GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=organisation).person
    )
    page = client.get(
        reverse("lrs:profiles", args=[organisation.uuid]), {"profile": "https://p.example"}
    )
    assert "Must be there, but is missing." in page.text
    assert "&lt;b&gt;How long" in page.text
    assert str(UUID(int=3)) in page.text
    missing = client.get(reverse("lrs:profiles", args=[organisation.uuid]), {"profile": "x"})
    assert missing.status_code == 404
    with pytest.raises(CommandError, match="there are"):
        call_command("check_profile", "https://none.example")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "templates"),
    [
        ("cmi5-1.0.jsonld", 10),
        ("video-1.0.3.jsonld", 9),
        ("learner-competency.json", 10),
        ("tla-mom-0.16.json", 48),
    ],
)
def test_published_profiles_can_be_kept_and_checked(
    shared_data: Path, store: Store, name: str, templates: int
) -> None:
    kept = import_profile(document=(shared_data / "xapi/profiles" / name).read_bytes(), at=NOW)
    document = read_profile(json.loads(kept.document))
    verbs = sorted({one.verb for one in document.templates} - {"", f"{VERBS}voided"})
    store.post(*[statement(n + 1, verb={"id": verb}) for n, verb in enumerate(verbs)])

    report = check_profile(tenant=store.tenant, profile=kept)

    assert len(document.templates) == templates
    assert report.read == len(verbs)
    assert report.matched <= report.read
    assert all(set(one.parts) for one in document.patterns)


def test_our_own_statements_use_words_of_the_learning_architecture(shared_data: Path) -> None:
    document = read_profile(
        json.loads((shared_data / "xapi/profiles/tla-mom-0.16.json").read_text())
    )
    tla = "https://w3id.org/xapi/tla/"

    assert {SELF_ASSESSED, RATED, ATTENDED} <= document.verbs
    assert {one for one in DISPLAY if one.startswith(tla)} <= document.verbs
    assert {
        one for one in ACTIVITY_TYPES.values() if one.startswith(tla)
    } <= document.activity_types
