"""Access tokens: asked for with a key (OAuth 2), or signed by an issuer that is registered."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from django.http import HttpResponse

from lrs.models import Credential, TokenIssuer
from lrs.services import (
    BadIssuer,
    CredentialLimits,
    UnknownScope,
    end_issuer,
    issue_credential,
    issuer_keys,
    register_issuer,
    revoke_credential,
    sweep_credentials,
)
from organisations.models import Organisation
from tests.lrs.conftest import CLIENT, LONG_AGO, Store
from tests.lrs.issuing import AUDIENCE, Issuer, open_issuer
from tests.lrs.samples import activity, agent, statement

FORM = "application/x-www-form-urlencoded"
NOW = datetime.now(UTC)


def ask(store: Store | None, *, header: str | None = None, **fields: str) -> HttpResponse:
    """Ask for a token, with the key as Basic; `header` instead of it, empty for none."""
    if header is None and store is not None:
        header = "Basic " + base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
    return CLIENT.post(
        "/oauth/token",
        urlencode(fields),
        content_type=FORM,
        headers={"authorization": header} if header else {},
    )


def bearer(store: Store, token: str, method: str = "GET", **parts: Any) -> HttpResponse:
    return store.send(method, "statements", authorization=f"Bearer {token}", **parts)


GRANT = {"grant_type": "client_credentials"}


# OAuth 2 --------------------------------------------------------------------------------


def test_a_key_is_changed_for_a_token_that_does_what_was_asked(store: Store) -> None:
    answer = ask(store, **GRANT, scope="statements/read state")
    token = answer.json().pop("access_token")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    said = {name: value for name, value in answer.json().items() if name != "access_token"}
    assert said == {"token_type": "Bearer", "expires_in": 3600, "scope": "state statements/read"}
    assert bearer(store, token).status_code == 200
    assert bearer(store, token, "POST", body=[statement(1)]).status_code == 403
    state = {"activityId": "a:b", "agent": agent(), "stateId": "s"}
    put = store.send("PUT", "activities/state", state, {}, authorization=f"bearer {token}")
    assert put.status_code == 204


def test_without_a_scope_the_standard_presumes_writing_and_reading_ones_own(
    store: Store, make_store: Callable[..., Store]
) -> None:
    token = ask(store, **GRANT)
    reader = ask(make_store(scopes=["all/read"]), **GRANT)
    neither = ask(make_store(scopes=["state"]), **GRANT)

    assert token.json()["scope"] == "statements/read/mine statements/write"
    assert reader.json()["scope"] == "statements/read/mine"
    assert (neither.status_code, neither.json()["error"]) == (400, "invalid_scope")
    store.post(statement(1))
    assert len(bearer(store, token.json()["access_token"]).json()["statements"]) == 1


def test_the_secret_may_be_in_the_form(store: Store) -> None:
    client = {"client_id": store.key, "client_secret": store.secret}

    assert ask(None, **GRANT, **client).status_code == 200
    assert ask(store, **GRANT, **client).json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**GRANT, "scope": "everything"}, 400, "invalid_scope"),
        ({**GRANT, "scope": "all"}, 400, "invalid_scope"),
        ({**GRANT, "scope": "statements/write state"}, 400, "invalid_scope"),
    ],
)
def test_what_is_asked_wrongly_is_refused_as_the_rfc_has_it(
    make_store: Callable[..., Store], fields: dict[str, str], status: int, error: str
) -> None:
    answer = ask(make_store(scopes=["statements/write", "all/read"]), **fields)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer["Cache-Control"] == "no-store"
    assert not Credential.objects.filter(kind="token").exists()


def test_a_stranger_gets_no_token(store: Store) -> None:
    right, store.secret = store.secret, "wrong"
    for answer in (ask(store, **GRANT), ask(None, **GRANT)):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer["WWW-Authenticate"].startswith("Basic")
    store.secret = right
    token = ask(store, **GRANT).json()["access_token"]

    assert ask(store, header=f"Bearer {token}", **GRANT).status_code == 400
    key, _, secret = token.partition(".")
    as_key = Store(store.tenant, key, secret)
    assert ask(as_key, **GRANT).status_code == 401
    assert as_key.send("GET", "statements").status_code == 401
    assert bearer(store, f"{store.key}.{store.secret}").status_code == 401


def test_only_a_form_sent_by_post_asks(store: Store) -> None:
    assert CLIENT.get("/oauth/token").status_code == 405
    as_json = CLIENT.post("/oauth/token", json.dumps(GRANT), content_type="application/json")
    twice = CLIENT.post("/oauth/token", "grant_type=a&grant_type=b", content_type=FORM)

    assert as_json.json()["error"] == twice.json()["error"] == "invalid_request"


def test_a_token_ends_with_its_credential_and_by_itself(store: Store) -> None:
    first, second = (ask(store, **GRANT).json()["access_token"] for _ in range(2))
    assert bearer(store, first).status_code == bearer(store, second).status_code == 200

    Credential.objects.filter(key=first.partition(".")[0]).update(ends_at=datetime.now(UTC))
    refused = bearer(store, first)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused["WWW-Authenticate"]
    revoke_credential(credential=Credential.objects.get(key=store.key), at=NOW)
    assert bearer(store, second, "POST", body=[statement(1)]).status_code == 401


def test_a_token_has_the_limits_of_its_key(db: None) -> None:
    organisation = Organisation.objects.create(name="Aber Trust", sector="other")
    issued = issue_credential(
        organisation=organisation,
        scopes=["all"],
        starts_at=LONG_AGO,
        ends_at=datetime.now(UTC) + timedelta(minutes=5),
        limits=CredentialLimits(activities=[activity()["id"]]),
    )
    key = Store(issued.credential.tenant, issued.key, issued.secret)
    answer = ask(key, **GRANT).json()

    token = answer["access_token"]
    assert 280 < answer["expires_in"] <= 300
    other = statement(1, object=activity("lesson-2"))
    assert bearer(key, token, "POST", body=[other]).status_code == 403
    assert bearer(key, token, "POST", body=[statement(2)]).status_code == 200


# Tokens of another issuer ---------------------------------------------------------------


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with open_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(running: Issuer, settings: Any) -> Issuer:
    settings.TOKEN_ISSUER_HOSTS = ["127.0.0.1"]
    issuer_keys.forget_keys()
    running.asked, running.answer = 0, (200, {})
    running.published = [running.public(name) for name in running.private]
    return running


@pytest.fixture
def register(store: Store, issuer: Issuer) -> Callable[..., TokenIssuer]:
    def register(**parts: Any) -> TokenIssuer:
        asked = {
            "tenant": store.tenant,
            "issuer": issuer.url,
            "audience": AUDIENCE,
            "keys_url": f"{issuer.url}/keys",
            "scopes": ["all"],
            "claim": "scope",
            "starts_at": LONG_AGO,
            **parts,
        }
        return register_issuer(**asked)

    return register


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_a_token_signed_by_a_registered_issuer_opens_the_store(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer], algorithm: str
) -> None:
    register()
    kid = "RS256" if algorithm == "PS256" else algorithm
    token = issuer.token(algorithm, kid, scope="statements/write statements/read/mine")

    assert bearer(store, token, "POST", body=[statement(1)]).status_code == 200
    store.post(statement(2))
    found = bearer(store, token).json()["statements"]
    assert [int(one["id"][-2:]) for one in found] == [1]
    assert store.send("GET", "activities", authorization=f"Bearer {token}").status_code == 403
    assert issuer.asked == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": 10**17},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": "s" * 256},
        {"kid": "none-such"},
    ],
)
def test_a_token_that_is_not_for_here_proves_nothing(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer], wrong: dict[str, Any]
) -> None:
    register()

    answer = bearer(store, issuer.token(**wrong))

    assert answer.status_code == 401
    assert len(answer.json()["message"]) > 20
    assert not Credential.objects.filter(kind="subject").exists()


def unsigned(issuer: Issuer, algorithm: str) -> str:
    """A token as `issuer` would make it, but with no signature or one by the public key."""
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "x", "exp": int(time.time()) + 60}
    if algorithm == "none":
        return jwt.encode(claims, "", algorithm="none")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT","kid":"RS256"}').rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    secret = json.dumps(issuer.public("RS256")).encode()
    sign = jwt.get_algorithm_by_name("HS256").sign(head + b"." + body, secret)
    return b".".join([head, body, base64.urlsafe_b64encode(sign).rstrip(b"=")]).decode()


def test_only_signatures_by_a_private_key_count(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer]
) -> None:
    register()
    good = issuer.token()
    head, body, signature = good.split(".")
    other = issuer.token(sub="somebody-else").split(".")[1]

    for token in (
        unsigned(issuer, "none"),
        unsigned(issuer, "HS256"),
        f"{head}.{other}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "a.b.c",
        "..",
        "é.b.c",
        good + "A" * 20_000,
    ):
        assert bearer(store, token).status_code == 401, token
    assert bearer(store, good).status_code == 200


def test_a_claim_says_what_a_token_may_do_within_what_its_issuer_may(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer]
) -> None:
    register(
        scopes=["statements/read", "state"],
        claim="roles",
        claim_scopes={"reader": ["statements/read"], "admin": ["all"]},
    )

    def status(**claims: Any) -> tuple[int, int]:
        token = issuer.token(**claims)
        wrote = bearer(store, token, "POST", body=[statement(1)]).status_code
        return bearer(store, token).status_code, wrote

    assert status(roles=["reader"]) == (200, 403)
    assert status(roles="statements/read/mine") == (200, 403)
    assert status(roles=["admin"]) == (200, 403)
    assert status(roles=[7, None]) == status(roles={"reader": 1}) == status() == (403, 403)


def test_ending_an_issuer_or_one_account_holds_at_once(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer]
) -> None:
    registered = register()
    one, two = issuer.token(sub="one"), issuer.token(sub="two")
    assert bearer(store, one).status_code == bearer(store, two).status_code == 200

    revoke_credential(credential=Credential.objects.get(label="one"), at=NOW)
    assert [bearer(store, token).status_code for token in (one, two)] == [401, 200]
    assert bearer(store, issuer.token(sub="one")).status_code == 401
    end_issuer(issuer=registered, at=datetime.now(UTC))
    assert bearer(store, two).status_code == 401
    assert bearer(store, issuer.token(sub="three")).status_code == 401


def test_an_account_keeps_its_name_though_it_was_swept(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer]
) -> None:
    register()
    token = issuer.token()
    bearer(store, token, "POST", body=[statement(1)])
    Credential.objects.filter(kind="subject").update(starts_at=LONG_AGO, last_used_at=LONG_AGO)
    assert sweep_credentials(at=NOW) == 1

    bearer(store, token, "POST", body=[statement(2)])

    authorities = {one["authority"]["account"]["name"] for one in store.get()["statements"]}
    assert len(authorities) == 1


def test_a_key_that_is_new_is_fetched_but_not_at_every_request(
    store: Store, issuer: Issuer, register: Callable[..., TokenIssuer]
) -> None:
    register()
    issuer.published = [issuer.public("ES256")]
    assert bearer(store, issuer.token("ES256")).status_code == 200
    issuer.published.append(issuer.public("RS256"))
    assert bearer(store, issuer.token()).status_code == 401
    assert issuer.asked == 1

    issuer_keys._known[f"{issuer.url}/keys"].asked_at = NOW - timedelta(minutes=2)
    assert bearer(store, issuer.token()).status_code == 200
    assert issuer.asked == 2


@pytest.mark.parametrize("answer", [(302, {"Location": "/keys"}), (500, {})])
def test_an_issuer_that_sends_us_elsewhere_or_fails_proves_nothing(
    store: Store,
    issuer: Issuer,
    register: Callable[..., TokenIssuer],
    answer: tuple[int, dict[str, str]],
) -> None:
    register()
    issuer.answer = answer

    assert bearer(store, issuer.token()).status_code == 401
    assert bearer(store, issuer.token()).status_code == 401
    assert issuer.asked == 1


def test_keys_are_not_fetched_from_within_our_own_network(
    store: Store,
    issuer: Issuer,
    register: Callable[..., TokenIssuer],
    settings: Any,
) -> None:
    settings.TOKEN_ISSUER_HOSTS = []
    port = issuer.url.rpartition(":")[2]
    for number, url in enumerate(
        (f"{issuer.url}/keys", f"https://127.0.0.1:{port}/keys", f"https://localhost:{port}/keys")
    ):
        register(audience=f"a{number}", keys_url=url)
        assert bearer(store, issuer.token(aud=f"a{number}")).status_code == 401
    assert issuer.asked == 0


def test_one_issuer_and_audience_open_one_store(
    store: Store,
    make_store: Callable[..., Store],
    issuer: Issuer,
    register: Callable[..., TokenIssuer],
) -> None:
    first, there = register(), make_store("Bryn Care")

    with pytest.raises(BadIssuer):
        register(tenant=there.tenant)
    register(tenant=there.tenant, audience="for-bryn")
    assert bearer(store, issuer.token(aud=[AUDIENCE, "for-bryn"])).status_code == 401
    assert bearer(store, issuer.token(aud=[AUDIENCE, "unknown"])).status_code == 200
    end_issuer(issuer=first, at=NOW)
    assert register(tenant=there.tenant).tenant == there.tenant


@pytest.mark.parametrize(
    "wrong",
    [{"keys_url": "ftp://a.example"}, {"keys_url": "keys"}, {"issuer": ""}, {"audience": ""}],
)
def test_an_issuer_that_cannot_be_asked_is_not_registered(
    register: Callable[..., TokenIssuer], wrong: dict[str, str]
) -> None:
    with pytest.raises(BadIssuer):
        register(**wrong)
    with pytest.raises(UnknownScope):
        register(claim_scopes={"reader": ["read"]})
