"""Tokens and sets of keys that nobody honest would make."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from lrs.models import TokenIssuer
from lrs.services import issuer_keys, register_issuer
from tests.lrs.conftest import CLIENT, LONG_AGO, Store
from tests.lrs.issuing import AUDIENCE, Issuer, open_issuer
from tests.lrs.samples import agent

Register = Callable[..., TokenIssuer]


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with open_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(running: Issuer, settings: Any) -> Issuer:
    settings.TOKEN_ISSUER_HOSTS = ["127.0.0.1"]
    issuer_keys.forget_keys()
    running.asked, running.answer, running.body = 0, (200, {}), None
    running.published = [running.public(name) for name in running.private]
    return running


@pytest.fixture
def register(store: Store, issuer: Issuer) -> Register:
    def register(**parts: Any) -> TokenIssuer:
        asked = {
            "tenant": store.tenant,
            "issuer": issuer.url,
            "audience": AUDIENCE,
            "keys_url": f"{issuer.url}/keys",
            "scopes": ["all"],
            "starts_at": LONG_AGO,
            **parts,
        }
        return register_issuer(**asked)

    return register


def status_of(store: Store, token: str) -> int:
    return store.send("GET", "statements", authorization=f"Bearer {token}").status_code


RSA = {"kty": "RSA", "kid": "RS256", "use": "sig"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"keys": 5}',
        b'{"keys": null}',
        b'{"keys": [5, null, []]}',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"keys": [{**RSA, "n": 5, "e": []}]}).encode(),
        json.dumps({"keys": [{**RSA, "n": "", "e": ""}]}).encode(),
        json.dumps({"keys": [{**RSA, "n": "AQAB", "e": None}]}).encode(),
        json.dumps({"keys": [{**RSA, "n": "\u00fc", "e": "AQAB"}]}).encode(),
        json.dumps({"keys": [{**RSA, "n": "A" * 9_000, "e": "A" * 9_000}]}).encode(),
        json.dumps({"keys": [{"kty": [], "use": {}}]}).encode(),
    ],
)
def test_a_broken_set_of_keys_proves_nothing(
    store: Store, issuer: Issuer, register: Register, body: bytes
) -> None:
    register()
    assert status_of(store, issuer.token()) == 200
    issuer_keys.forget_keys()
    issuer.body = body

    assert status_of(store, issuer.token(sub="another")) == 401


def test_broken_keys_of_other_kinds_prove_nothing(
    store: Store, issuer: Issuer, register: Register
) -> None:
    register()
    curve = {"kty": "EC", "crv": "P-256", "kid": "ES256"}
    edwards = {"kty": "OKP", "crv": "Ed25519", "kid": "EdDSA"}
    for parts in ({}, {"x": 5, "y": 5}, {"x": "AA", "y": "AA"}, {"x": "A" * 43, "y": "A" * 43}):
        for one in (curve, edwards):
            issuer_keys.forget_keys()
            issuer.published = [{**one, **parts}]
            assert status_of(store, issuer.token(one["kid"])) == 401, parts


def unsigned(claims: Any, **header: Any) -> str:
    """A token that no key signed."""
    said = ({"alg": "RS256", "typ": "JWT", **header}, claims)
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in said]
    return b".".join([*parts, b"AAAA"]).decode()


@pytest.mark.parametrize("odd", ["a\x00b", "\ud800", "x" * 5_000, "\U0010ffff", "'; --"])
def test_a_token_of_odd_text_is_401(store: Store, odd: str) -> None:
    for claims in (
        {"iss": odd, "aud": AUDIENCE},
        {"iss": "https://a.example", "aud": odd},
        {"iss": "https://a.example", "aud": [odd, AUDIENCE]},
    ):
        assert status_of(store, unsigned({"sub": "a", "exp": 9_999_999_999, **claims})) == 401


@pytest.mark.parametrize(
    "header", [{"kid": "\ud800"}, {"kid": "a\x00"}, {"kid": 5}, {"alg": []}, {"alg": {"a": 1}}]
)
def test_an_odd_header_of_a_token_is_401(
    store: Store, issuer: Issuer, register: Register, header: dict[str, Any]
) -> None:
    register()
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "a", "exp": 9_999_999_999}

    assert status_of(store, unsigned(claims, **header)) == 401


@pytest.mark.parametrize("subject", ["a\x00b", "\ud800", "x" * 256, ""])
def test_an_account_of_odd_text_is_401(
    store: Store, issuer: Issuer, register: Register, subject: str
) -> None:
    register()

    assert status_of(store, issuer.token(sub=subject)) == 401


@pytest.mark.parametrize("text", ["a\x00b:c", "a:c\x00", "\x00:", "\u00fc:\U0001f600"])
def test_a_key_of_odd_text_is_401(store: Store, text: str) -> None:
    basic = "Basic " + base64.b64encode(text.encode()).decode()
    key, _, secret = text.partition(":")
    form = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}

    assert store.send("GET", "statements", authorization=basic).status_code == 401
    answer = CLIENT.post(
        "/oauth/token", urlencode(form), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize("odd", ["a\x00b", "\ud800", "a\udfff"])
def test_a_launch_for_an_actor_or_activity_of_odd_text_is_400(store: Store, odd: str) -> None:
    good: dict[str, Any] = {"actor": agent(), "activity": "https://courses.example/a"}
    for asked in (
        {**good, "actor": agent(odd)},
        {**good, "activity": f"https://courses.example/{odd}"},
        {**good, "children": [f"https://courses.example/{odd}*"]},
        {**good, "origins": [f"https://{odd}"]},
    ):
        answer = store.send("POST", "/api/record-store/keys/launch", body=asked)
        assert answer.status_code == 400, asked
