"""Who may do what: every kind of key at every door, the right answer worked out from a table.

The table below says what each kind is and what each door asks. It is written from the standard
and from docs/decisions/0034, and knows nothing of the code that it holds to account.
"""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from lrs.queries import identifier_of
from lrs.services import (
    CredentialLimits,
    agree_to_share,
    end_issuer,
    end_sharing,
    issue_credential,
    issue_launch_key,
    issue_token,
    issuer_keys,
    register_issuer,
    revoke_credential,
    rotate_credential,
    tenant_of,
)
from organisations.models import Organisation
from tests.lrs.conftest import CLIENT, LONG_AGO
from tests.lrs.issuing import AUDIENCE, Issuer, open_issuer
from tests.lrs.samples import VERBS, activity, agent, statement
from tests.lrs.test_tokens import unsigned

READ = {"all", "all/read", "statements/read", "statements/read/mine"}
READ_ALL = {"all", "all/read", "statements/read"}
KNOW = {"all", "all/read", "statements/read", "state", "profile"}
WRITE = {"all", "statements/write"}


@dataclass(frozen=True)
class Kind:
    """One kind of key: what is true of it, told apart from how it came about."""

    name: str
    header: str
    scopes: frozenset[str] = frozenset()
    organisation: str = "Aber"
    is_good: bool = True
    activity: str | None = None
    agent: str | None = None
    is_main: bool = False
    """It vouches as the key that wrote what is there."""
    is_lasting: bool = True
    """A key, not what a key gave or another issuer said."""


@dataclass(frozen=True)
class Door:
    """One request: method, address, and what it is about."""

    method: str
    resource: str
    scopes: set[str] = field(default_factory=set)
    activity: str | None = None
    agent: str | None = None
    good: int = 200
    number: int = 0
    """Of the statement it asks for."""
    parameters: dict[str, Any] = field(default_factory=dict)
    what: str = ""


# What is in Aber's store, all written by its main key: who, about what, by which verb.
KEPT = {
    1: ("ffion", "lesson-1", "completed"),
    2: ("gwil", "lesson-1", "completed"),
    3: ("ffion", "lesson-2", "completed"),
    4: ("gwil", "lesson-2", "passed"),
}
# Aber lets Bryn read who completed what, in lesson 1; an agreement with Caer has ended.
SHARED = {1, 2}


def seen(kind: Kind, *, shared: bool = False) -> set[int]:
    """The numbers of the statements that a key may read."""
    if kind.organisation != "Aber" and not shared:
        return set()
    if not kind.scopes & READ_ALL and not kind.is_main:
        return set()
    return {
        number
        for number, (who, what, _) in KEPT.items()
        if (not shared or number in SHARED)
        and kind.activity in (None, what)
        and kind.agent in (None, who)
    }


def expected(kind: Kind, door: Door) -> int:  # noqa: C901 - a table of rules
    """The status of the right answer."""
    if door.what in ("open", "no method"):
        return door.good
    if not kind.is_good:
        return 401
    if not kind.scopes & door.scopes:
        return 403
    if door.what == "launch":
        if not kind.is_lasting:
            return 403
        within = kind.activity in (None, "lesson-1") and kind.agent in (None, "ffion")
        return 201 if within else 400
    if door.what == "shared":
        if kind.organisation != "Bryn":
            return 404
        return 200 if not door.number or door.number in seen(kind, shared=True) else 404
    if door.what == "one":
        return 200 if door.number in seen(kind) else 404
    if door.what == "void" and (kind.activity or kind.agent):
        return 403
    if door.activity and kind.activity not in (None, door.activity):
        return 403
    if door.agent and kind.agent not in (None, door.agent):
        return 403
    is_of_people = door.resource in ("agents", "agents/profile")
    if is_of_people and kind.activity and not kind.agent:
        return 403
    is_change = door.method in ("PUT", "POST", "DELETE")
    if door.resource == "activities/profile" and is_change and kind.agent:
        return 403
    if door.what == "kept" and kind.organisation != "Aber":
        return 404
    return door.good


def doors() -> Iterator[Door]:
    """Every door, about what is within the limits of some keys and beyond those of others."""
    yield Door("GET", "about", what="open")
    yield Door("GET", "", what="open")
    yield Door("GET", "nothing", good=404, what="open")
    for resource, method in (("statements", "DELETE"), ("activities", "PUT"), ("agents", "POST")):
        yield Door(method, resource, good=405, what="no method")
    for who, about in (("ffion", "lesson-1"), ("ffion", "lesson-2"), ("gwil", "lesson-1")):
        for method, good in (("POST", 200), ("PUT", 204)):
            yield Door(method, "statements", WRITE, about, who, good=good, what="write")
    yield Door("POST", "statements", WRITE, what="void")
    for number in (1, 4):
        parameters = {"statementId": str(UUID(int=number))}
        for method in ("GET", "HEAD"):
            yield Door(method, "statements", READ, number=number, what="one", parameters=parameters)
    yield Door("GET", "statements", READ, what="list")
    yield Door("GET", "statements", READ, what="list", parameters={"limit": "1"})
    yield Door("HEAD", "statements", READ)
    yield from _documents()
    for about in ("lesson-1", "lesson-2"):
        yield Door("GET", "activities", KNOW, about, parameters={"activityId": iri(about)})
    for who in ("ffion", "gwil"):
        yield Door("GET", "agents", KNOW, agent=who, parameters={"agent": agent(who)})
    yield Door("GET", "shared", READ_ALL, what="shared")
    yield Door("GET", "shared", READ_ALL, number=1, what="shared")
    yield Door("GET", "shared", READ_ALL, number=3, what="shared")
    yield Door("POST", "shared", good=405, what="no method")
    yield Door("POST", "/api/record-store/keys/launch", {"all"}, what="launch")


def _documents() -> Iterator[Door]:
    changes = (("PUT", 204), ("POST", 204), ("DELETE", 204))
    for who, about in (("ffion", "lesson-1"), ("ffion", "lesson-2"), ("gwil", "lesson-1")):
        place = {"activityId": iri(about), "agent": agent(who)}
        read = {"all", "all/read", "state"}
        for method in ("GET", "HEAD"):
            kept = {**place, "stateId": "kept"}
            yield Door(method, "activities/state", read, about, who, parameters=kept, what="kept")
        yield Door("GET", "activities/state", read, about, who, parameters=place)
        for method, good in changes:
            new = {**place, "stateId": "new"}
            yield Door(
                method, "activities/state", {"all", "state"}, about, who, good, parameters=new
            )
    read, write = {"all", "all/read", "profile"}, {"all", "profile"}
    for about in ("lesson-1", "lesson-2"):
        place = {"activityId": iri(about)}
        kept, new = {**place, "profileId": "kept"}, {**place, "profileId": "new"}
        yield Door("GET", "activities/profile", read, about, parameters=kept, what="kept")
        yield Door("GET", "activities/profile", read, about, parameters=place)
        for method, good in changes:
            yield Door(method, "activities/profile", write, about, good=good, parameters=new)
    for who in ("ffion", "gwil"):
        place = {"agent": agent(who)}
        kept, new = {**place, "profileId": "kept"}, {**place, "profileId": "new"}
        yield Door("GET", "agents/profile", read, agent=who, parameters=kept, what="kept")
        for method, good in changes:
            yield Door(method, "agents/profile", write, agent=who, good=good, parameters=new)


def iri(name: str) -> str:
    return str(activity(name)["id"])


# The keys themselves --------------------------------------------------------------------


def basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


class Kinds:
    """Two organisations' keys of every kind, and what Aber's main key wrote."""

    def __init__(self, issuer: Issuer) -> None:
        self.now = datetime.now(UTC)
        self.issuer = issuer
        self.organisations = {
            name: Organisation.objects.create(name=name, sector="other")
            for name in ("Aber", "Bryn", "Caer")
        }
        self.main = self._issue("all")
        self.all: list[Kind] = []
        self._write()
        self._add_keys()
        self._add_limited()
        self._add_given()
        self._add_signed()

    def _issue(self, *scopes: str, organisation: str = "Aber", **parts: Any) -> Any:
        whose = self.organisations[organisation]
        asked = {"starts_at": LONG_AGO, **parts}
        return issue_credential(organisation=whose, scopes=scopes, **asked)

    def _kind(self, name: str, issued: Any, **facts: Any) -> Kind:
        header = basic(issued.key, issued.secret)
        scopes = frozenset(facts.pop("scopes", issued.credential.scopes))
        kind = Kind(name, header, scopes, **facts)
        self.all.append(kind)
        return kind

    def _write(self) -> None:
        main = Kind("main", basic(self.main.key, self.main.secret))
        said = [
            statement(n, actor=agent(who), object=activity(what), verb={"id": VERBS + verb})
            for n, (who, what, verb) in KEPT.items()
        ]
        assert send(main, "POST", "statements", {}, said).status_code == 200
        for door in doors():
            if door.what == "kept" and door.method == "GET":
                sent = send(main, "POST", door.resource, door.parameters, {"kept": 1})
                assert sent.status_code == 204

    def _add_keys(self) -> None:
        for scope in (*sorted(READ), "statements/write", "state", "profile", "define"):
            self._kind(f"only {scope}", self._issue(scope))
        for scopes in (
            ("statements/write", "statements/read/mine"),
            ("statements/write", "define"),
            ("state", "profile"),
            ("all/read", "statements/write"),
        ):
            self._kind(" and ".join(scopes), self._issue(*scopes))
        self._kind("the main key", self.main, is_main=True)
        self._kind("ended", self._issue("all", ends_at=self.now), is_good=False)
        later = self.now + timedelta(days=1)
        self._kind("not begun", self._issue("all", starts_at=later), is_good=False)
        revoked = self._issue("all")
        send(Kind("", basic(revoked.key, revoked.secret)), "GET", "statements", {})
        revoke_credential(credential=revoked.credential, at=self.now)
        self._kind("revoked", revoked, is_good=False)
        self._kind("wrong secret", replace(self.main, secret="wrong"), is_good=False)
        self.all.append(Kind("nobody", "", is_good=False))
        for name, hours in (("old secret in time", 1), ("old secret too late", 0)):
            old = self._issue("all")
            until = self.now + timedelta(hours=hours)
            new = rotate_credential(credential=old.credential, at=self.now, old_until=until)
            self._kind(name, old, is_good=hours > 0)
        self._kind("new secret", new)
        for organisation in ("Bryn", "Caer"):
            for scope in ("all", "all/read", "statements/read/mine"):
                issued = self._issue(scope, organisation=organisation)
                self._kind(f"{organisation}'s {scope}", issued, organisation=organisation)

    def _add_limited(self) -> None:
        lesson = CredentialLimits(activities=[iri("lesson-1")])
        ffion = CredentialLimits(agent=identifier_of(agent("ffion")) or "")
        both = CredentialLimits(activities=lesson.activities, agent=ffion.agent)
        other = CredentialLimits(activities=[iri("lesson-2") + "*"])
        for scope in ("all", "all/read"):
            self._kind(
                f"{scope} of a lesson", self._issue(scope, limits=lesson), activity="lesson-1"
            )
            self._kind(f"{scope} of one agent", self._issue(scope, limits=ffion), agent="ffion")
        self._kind(
            "all of both", self._issue("all", limits=both), activity="lesson-1", agent="ffion"
        )
        self._kind("all of lessons 2", self._issue("all", limits=other), activity="lesson-2")
        reader = self._issue("all/read", organisation="Bryn", limits=other)
        self._kind("Bryn's reader of lesson 2", reader, organisation="Bryn", activity="lesson-2")
        reader = self._issue("all/read", organisation="Bryn", limits=ffion)
        self._kind("Bryn's reader of one agent", reader, organisation="Bryn", agent="ffion")

    def _add_given(self) -> None:
        facts = {"activity": "lesson-1", "agent": "ffion", "is_main": True, "is_lasting": False}
        asked: dict[str, Any] = {"actor": agent("ffion"), "activity": iri("lesson-1")}
        launched = {"statements/write", "statements/read/mine", "state", "profile"}
        self._kind(
            "launch",
            issue_launch_key(**asked, at=self.now, issued_by=self.main.credential),
            scopes=launched,
            **facts,
        )
        past = self.now - timedelta(hours=2)
        over = issue_launch_key(**asked, at=past, issued_by=self.main.credential)
        self._kind("launch that is over", over, is_good=False)
        gone = self._issue("all")
        given = issue_launch_key(**asked, at=self.now, issued_by=gone.credential)
        token = issue_token(credential=gone.credential, scopes=["all"], at=self.now)
        revoke_credential(credential=gone.credential, at=self.now)
        self._kind("launch by a key that was revoked", given, is_good=False)
        self.all.append(Kind("token of a revoked key", f"Bearer {token.token}", is_good=False))
        for scopes in (None, ["statements/read"], ["state", "profile"], ["all"]):
            token = issue_token(credential=self.main.credential, scopes=scopes, at=self.now)
            given_scopes = frozenset(scopes or ["statements/write", "statements/read/mine"])
            name = f"token for {' '.join(scopes) if scopes else 'what is presumed'}"
            header = f"Bearer {token.token}"
            self.all.append(Kind(name, header, given_scopes, is_main=True, is_lasting=False))
        old = issue_token(credential=self.main.credential, scopes=["all"], at=past)
        self.all.append(Kind("token that is over", f"Bearer {old.token}", is_good=False))

    def _add_signed(self) -> None:
        tenants = {name: tenant_of(organisation=one) for name, one in self.organisations.items()}
        asked: dict[str, Any] = {
            "issuer": self.issuer.url,
            "keys_url": f"{self.issuer.url}/keys",
            "starts_at": LONG_AGO,
        }
        register_issuer(
            **asked, tenant=tenants["Aber"], audience=AUDIENCE, scopes=["all"], claim="scope"
        )
        register_issuer(
            **asked, tenant=tenants["Bryn"], audience="bryn", scopes=["statements/read"]
        )
        gone = register_issuer(**asked, tenant=tenants["Aber"], audience="gone", scopes=["all"])
        end_issuer(issuer=gone, at=self.now)

        def add(name: str, token: str, *scopes: str, **facts: Any) -> None:
            kind = Kind(name, f"Bearer {token}", frozenset(scopes), is_lasting=False, **facts)
            self.all.append(kind)

        add("signed, all", self.issuer.token(sub="one"), "all")
        narrow = self.issuer.token("ES256", sub="two", scope="statements/read state")
        add("signed, reads and state", narrow, "statements/read", "state")
        add("signed, may nothing", self.issuer.token(sub="three", scope="openid email"))
        add(
            "signed for Bryn",
            self.issuer.token("EdDSA", aud="bryn"),
            "statements/read",
            organisation="Bryn",
        )
        for name, token in {
            "for another audience": self.issuer.token(aud="elsewhere"),
            "of an issuer that was ended": self.issuer.token(aud="gone"),
            "signed, and over": self.issuer.token(exp=1_700_000_000),
            "not signed": unsigned(self.issuer, "none"),
            "signed with a public key": unsigned(self.issuer, "HS256"),
        }.items():
            add(name, token, is_good=False)

    def share(self) -> None:
        """Make the agreements."""
        tenants = {name: tenant_of(organisation=one) for name, one in self.organisations.items()}
        agree_to_share(
            giver=tenants["Aber"],
            reader=tenants["Bryn"],
            purpose="Induction",
            starts_at=LONG_AGO,
            verbs=[f"{VERBS}completed"],
            activities=[iri("lesson-1") + "*"],
        )
        ended = agree_to_share(
            giver=tenants["Aber"], reader=tenants["Caer"], purpose="Trial", starts_at=LONG_AGO
        )
        end_sharing(agreement=ended, at=self.now)


def send(kind: Kind, method: str, resource: str, parameters: Any, body: Any = None) -> Any:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in parameters.items()
    }
    address = resource if resource.startswith("/") else f"/xapi/{resource}"
    headers = {"x-experience-api-version": "1.0.3", "authorization": kind.header}
    if resource.endswith("/profile") and method == "PUT":
        headers["if-match" if body is None else "if-none-match"] = "*"
    return CLIENT.generic(
        method,
        address + (f"?{urlencode(texts)}" if texts else ""),
        b"" if body is None else json.dumps(body),
        content_type="application/json",
        headers={name: value for name, value in headers.items() if value},
    )


def knock(kind: Kind, door: Door, aber: UUID) -> Any:
    """Make the request of a door with a key."""
    parameters, body = dict(door.parameters), None
    resource = door.resource
    if door.what == "write":
        said = statement(1, id=str(uuid4()), actor=agent(door.agent or ""))
        body = {**said, "object": activity(door.activity or "")}
        if door.method == "PUT":
            parameters["statementId"] = body["id"]
    elif door.what == "void":
        target = {"objectType": "StatementRef", "id": str(uuid4())}
        body = statement(1, id=str(uuid4()), verb={"id": f"{VERBS}voided"}, object=target)
    elif door.what == "launch":
        body = {"actor": agent("ffion"), "activity": iri("lesson-1")}
    elif door.resource == "shared":
        resource = f"shared/{aber}/statements"
        if door.number:
            parameters["statementId"] = str(UUID(int=door.number))
    elif door.method in ("PUT", "POST"):
        body = {"new": 1}
        if door.method == "PUT" and door.resource.endswith("/profile"):
            parameters["profileId"] = str(uuid4())
    return send(kind, door.method, resource, parameters, body)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with open_issuer() as found:
        yield found


@pytest.mark.django_db
def test_every_kind_of_key_at_every_door(
    issuer: Issuer, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TOKEN_ISSUER_HOSTS = ["127.0.0.1"]
    issuer_keys.forget_keys()
    kinds = Kinds(issuer)
    kinds.share()
    aber = kinds.organisations["Aber"].uuid
    wrong, asked = [], 0

    for kind in kinds.all:
        for door in doors():
            answer = knock(kind, door, aber)
            asked += 1
            right = expected(kind, door)
            if answer.status_code != right:
                wrong.append(f"{kind.name}: {door} {answer.status_code} {answer.content[:120]}")
            elif right == 200 and (
                door.what == "list" or (door.what == "shared" and not door.number)
            ):
                found, more = numbers(answer), answer.json()["more"]
                while more:
                    page = send(kind, "GET", more, {})
                    asked += 1
                    found, more = found | numbers(page), page.json()["more"]
                if found != seen(kind, shared=door.what == "shared"):
                    wrong.append(f"{kind.name}: {door} saw {found}")

    with capsys.disabled():
        sys.stdout.write(f"\n{asked} requests, {len(kinds.all)} kinds of key: {len(wrong)} wrong\n")
    assert wrong == []
    assert len(kinds.all) >= 20
    assert len({kind.name for kind in kinds.all}) == len(kinds.all)
    assert asked >= 400


def numbers(answer: Any) -> set[int]:
    """The numbers, among those kept, of the statements of a page."""
    ids = {UUID(one["id"]).int for one in answer.json()["statements"]}
    return ids & set(KEPT)


def test_the_table_tells_kinds_apart() -> None:
    base = Kind("base", "", frozenset({"all"}))
    others: list[Callable[[], Kind]] = [
        lambda: replace(base, is_good=False),
        lambda: replace(base, scopes=frozenset({"state"})),
        lambda: replace(base, activity="lesson-1"),
        lambda: replace(base, agent="ffion"),
        lambda: replace(base, organisation="Bryn"),
    ]
    rows = [[expected(make(), door) for door in doors()] for make in (lambda: base, *others)]

    assert len({tuple(row) for row in rows}) == len(rows)
