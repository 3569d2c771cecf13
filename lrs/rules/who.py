"""One person or system as statements name it: every form it may take, and what may stand instead."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from lrs.rules.facts import RELATED_AGENT
from lrs.rules.formats import is_iri, is_mailto, is_sha1, is_uuid
from lrs.rules.identity import AGENT, actor_identifier, key_of, split_identifier

_NOT_BEFORE: Final = r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![\w.%+-]))"
_NOT_AFTER: Final = r"(?![\w-]|\.\w)"
_SHORTEST_TO_SEEK: Final = 6


class NotAnIdentifier(ValueError):
    """The text does not say which agent is meant."""


def read_identifier(text: str) -> str:
    """Return the canonical identifier of an agent that a person wrote down.

    Args:
        text: an e-mail address with or without ``mailto:``, a SHA-1 sum, an account as
            ``home page|name``, an OpenID, or any of these as `actor_identifier` gives it.

    Raises:
        NotAnIdentifier: it is none of them.
    """
    kind, _, value = text.strip().partition("::")
    if not value:
        kind, value = "", text.strip()
    home_page, bar, name = value.partition("|")
    if kind in ("", "account") and bar and name and is_iri(home_page):
        return f"account::{home_page}|{name}"
    if kind in ("", "mbox_sha1sum") and is_sha1(value):
        return f"mbox_sha1sum::{value.lower()}"
    mailto = value if value.lower().startswith("mailto:") else f"mailto:{value}"
    if kind in ("", "mbox") and is_mailto(mailto):
        return actor_identifier({"mbox": mailto}) or ""
    if kind in ("", "openid") and is_iri(value) and not value.lower().startswith("mailto:"):
        return f"openid::{value}"
    raise NotAnIdentifier(
        "Write an e-mail address, its SHA-1 sum, an OpenID, or an account as its home page, | and "
        "its name: https://hr.example|12345."
    )


def in_plain(identifier: str) -> str:
    """Return an identifier as a person would write it, and `read_identifier` reads it."""
    kind, _, value = identifier.partition("::")
    return value.removeprefix("mailto:") if kind == "mbox" else value


def agent_named(identifier: str) -> dict[str, Any]:
    """Return the identifying part of an agent, from its identifier."""
    kind, home_page, value = split_identifier(identifier)
    if kind == "account":
        return {"account": {"homePage": home_page, "name": value}}
    return {kind: value}


def sum_of(identifier: str) -> str:
    """Return the identifier of an e-mail address by its SHA-1 sum."""
    value = split_identifier(identifier)[2]
    return f"mbox_sha1sum::{hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands in a text instead of a trace of somebody; whatever it was, it stays valid."""

    uuid: UUID
    base: str
    """The installation's IRI base."""

    @property
    def agent(self) -> dict[str, Any]:
        """The identifying part of the agent that takes their place."""
        return {"account": {"homePage": self.base, "name": f"erased:{self.uuid}"}}

    def instead_of(self, kind: str) -> str:
        """Return what stands for a text of this kind: uuid, sha1, address, iri or name."""
        stands = {
            "uuid": str(self.uuid),
            "sha1": f"{self.uuid.hex}{self.uuid.hex[:8]}",
            "address": f"erased-{self.uuid}@erased.invalid",
            "iri": f"{self.base}/erased/{self.uuid}",
        }
        return stands.get(kind, f"erased-{self.uuid}")


@dataclass(frozen=True)
class Who:
    """An agent by all its identifiers; an e-mail address also by its SHA-1 sum."""

    identifiers: tuple[str, ...]

    @classmethod
    def known_as(cls, identifiers: Iterable[str]) -> "Who":
        """Return who goes by these canonical identifiers.

        The local part of an e-mail address is taken in whatever case it is written.
        """
        found: dict[str, None] = {}
        for identifier in identifiers:
            forms = {identifier, identifier.lower()} if _is_mbox(identifier) else {identifier}
            for form in sorted(forms):
                found[form] = None
                if _is_mbox(form):
                    found[sum_of(form)] = None
        return cls(tuple(found))

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(_folded(one) for one in self.identifiers)

    def is_meant_by(self, actor: Mapping[str, Any]) -> bool:
        """Return whether an agent or group is this one."""
        identifier = actor_identifier(actor)
        return identifier is not None and self.goes_by(identifier)

    def goes_by(self, identifier: str) -> bool:
        """Return whether an identifier is one of its own."""
        return _folded(identifier) in self._folded

    @property
    def mailboxes(self) -> list[str]:
        """Those of its identifiers that are e-mail addresses, in lower case."""
        return sorted({one.lower() for one in self.identifiers if _is_mbox(one)})

    @property
    def agent_keys(self) -> list[int]:
        """The keys of it as actor, object, authority, or the agent of a document."""
        return [key_of(AGENT, one) for one in self.identifiers]

    @property
    def related_keys(self) -> list[int]:
        """The keys of it as a member or anywhere around a statement."""
        return self.agent_keys + [key_of(RELATED_AGENT, one) for one in self.identifiers]

    @cached_property
    def texts(self) -> dict[str, str]:
        """What names it within other text, with its kind. Longest first."""
        found = {text for identifier in self.identifiers for text in _texts(identifier)}
        return {text: _kind(text) for text in sorted(found, key=lambda text: (-len(text), text))}

    @cached_property
    def whole_values(self) -> frozenset[str]:
        """What names it only where it is the whole of a value: short account names."""
        return frozenset(
            name
            for kind, _, name in map(split_identifier, self.identifiers)
            if kind == "account" and len(name) > 1
        )

    def is_whole_value(self, value: str) -> bool:
        """Return whether a value is just what it is called in its system."""
        return value in self.whole_values

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds ``texts``, but not in the middle of something longer."""
        each = "|".join(re.escape(text) for text in self.texts)
        return re.compile(f"{_NOT_BEFORE}(?:{each}){_NOT_AFTER}" if each else r"(?!)", re.I)

    @property
    def clues(self) -> list[str]:
        """Texts of which a statement that names it has at least one, unless it escapes letters."""
        within = [json.dumps(text, ensure_ascii=False)[1:-1] for text in self.texts]
        whole = [json.dumps(value, ensure_ascii=False) for value in sorted(self.whole_values)]
        return [*within, *whole]

    def without(self, text: str, stand: Stand) -> str:
        """Return a text in which nothing names it."""
        if not self.texts:
            return text
        kinds = {one.casefold(): kind for one, kind in self.texts.items()}
        return self.pattern.sub(
            lambda match: stand.instead_of(kinds.get(match[0].casefold(), "name")), text
        )


def _is_mbox(identifier: str) -> bool:
    return identifier.startswith("mbox::")


def _folded(identifier: str) -> str:
    return identifier.lower() if _is_mbox(identifier) else identifier


def _texts(identifier: str) -> set[str]:
    kind, home_page, value = split_identifier(identifier)
    if kind == "mbox":
        address = value[len("mailto:") :]
        return {address, address.replace("@", "%40")}
    if kind == "mbox_sha1sum":
        return {value}
    if kind == "openid":
        return {value, quote(value, safe="")}
    names = {value, quote(value, safe="")}
    found = {f"{home_page}|{value}", *(f"{home_page.rstrip('/')}/{name}" for name in names)}
    return found | names if _is_telling(value) else found


def _kind(text: str) -> str:
    if is_uuid(text):
        return "uuid"
    if is_sha1(text):
        return "sha1"
    if is_mailto(f"mailto:{text}"):
        return "address"
    return "iri" if is_iri(text) else "name"


def _is_telling(name: str) -> bool:
    """Return whether an account's name is not also a word or a number of something else."""
    return (
        len(name) >= _SHORTEST_TO_SEEK
        and any(letter.isalpha() for letter in name)
        and any(not letter.isalpha() and not letter.isspace() for letter in name)
    )
