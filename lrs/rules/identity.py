"""One identifier for each actor, verb and activity, and the 64-bit key the tables hold.

The identifier of an actor is text that a person can read and another app can keep:
``mbox::mailto:a@example.org``, ``mbox_sha1sum::<hex>``, ``openid::<iri>`` or
``account::<homePage>|<name>``. A home page is an IRI and cannot contain ``|``, so two different
accounts never share one.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

AGENT: Final = b"agent"
VERB: Final = b"verb"
ACTIVITY: Final = b"activity"
REGISTRATION: Final = b"registration"

_MOST_TO_REMEMBER: Final = 8_000
_keys: dict[tuple[bytes, str], int] = {}


def actor_identifier(actor: Mapping[str, Any]) -> str | None:
    """Return the identifier of an agent or identified group; None for an anonymous group.

    Args:
        actor: an agent or group that validation has accepted.
    """
    account = actor.get("account")
    if account is not None:
        return f"account::{account['homePage']}|{account['name']}"
    mbox = actor.get("mbox")
    if mbox is not None:
        local, _, domain = mbox[len("mailto:") :].rpartition("@")
        return f"mbox::mailto:{local}@{domain.lower()}"
    digest = actor.get("mbox_sha1sum")
    if digest is not None:
        return f"mbox_sha1sum::{digest.lower()}"
    openid = actor.get("openid")
    return None if openid is None else f"openid::{openid}"


def account_identifier(*, home_page: str, name: str) -> str:
    """Return the identifier of an account."""
    return f"account::{home_page}|{name}"


def split_identifier(identifier: str) -> tuple[str, str, str]:
    """Return an identifier as kind, home page (accounts only, else empty) and value."""
    kind, _, value = identifier.partition("::")
    if kind != "account":
        return kind, "", value
    home_page, _, name = value.partition("|")
    return kind, home_page, name


def key_of(kind: bytes, identifier: str) -> int:
    """Return the signed 64-bit key of an identifier: eight bytes of BLAKE2b, kinds kept apart."""
    if kind is REGISTRATION:  # seldom the same one twice
        return _made_key(kind, identifier)
    known = _keys.get((kind, identifier))
    if known is not None:
        return known
    key = _made_key(kind, identifier)
    if len(identifier) <= 300:
        if len(_keys) >= _MOST_TO_REMEMBER:
            _keys.clear()
        _keys[kind, identifier] = key
    return key


def _made_key(kind: bytes, identifier: str) -> int:
    text = identifier.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(text, digest_size=8, person=kind).digest()
    return int.from_bytes(digest, "big", signed=True)


def actor_key(actor: Mapping[str, Any]) -> int | None:
    """Return the key of an agent or identified group; None for an anonymous group."""
    identifier = actor_identifier(actor)
    return None if identifier is None else key_of(AGENT, identifier)


def keys_of_agent(identifier: str, *, kind: bytes = AGENT) -> list[int]:
    """Return every key under which an agent may be found.

    An e-mail address is also found by statements that carry only its SHA-1 sum.
    """
    keys = [key_of(kind, identifier)]
    scheme, _, value = split_identifier(identifier)
    if scheme == "mbox":
        digest = hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()
        keys.append(key_of(kind, f"mbox_sha1sum::{digest}"))
    return keys
