"""What a statement says, in parts that a page can put into a sentence.

Everything here comes from whoever sent the statement. Characters that steer a terminal or turn
the direction of writing are shown as a mark, so that no name can dress up as another.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from lrs.rules.identity import actor_identifier, split_identifier
from lrs.rules.presentation import one_language

LONGEST: Final = 160
_SPACES = re.compile(r"\s+")
_DURATION = re.compile(
    r"P(?:(?P<years>[\d.]+)Y)?(?:(?P<months>[\d.]+)M)?(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?"
)
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"
"""Format characters that words of some languages need."""


@dataclass(frozen=True, slots=True)
class Words:
    """Some text and the language it says it is in."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who did something, or to whom."""

    name: str
    """A name, else what identifies them, else nothing: an anonymous group."""
    identifier: str
    """Empty for an anonymous group."""
    identity: str
    """The identifier in words: an address, or a number and where it is from."""
    is_group: bool
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """What was done."""

    kind: str
    """Activity, Agent, Group, StatementRef or SubStatement."""
    words: Words
    iri: str = ""
    """Of an activity."""
    target: UUID | None = None
    """The statement referred to."""
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went, as far as the statement says."""

    percent: str = ""
    raw: str = ""
    success: bool | None = None
    completion: bool | None = None
    duration: tuple[tuple[str, int], ...] = ()
    """Pairs of a unit (hours, minutes …) and how many."""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """A statement in parts."""

    id: UUID
    who: Party
    verb: Words
    verb_iri: str
    what: Thing
    outcome: Outcome
    timestamp: str


def plain(text: object, longest: int = LONGEST) -> str:
    """Return text on one line, with a mark for each character that could deceive, cut if long."""
    line = _SPACES.sub(" ", str(text)).strip()
    shown = "".join(
        "�" if unicodedata.category(char) in _HIDDEN and char not in _JOINERS else char
        for char in line[: longest + 1]
    )
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def telling(statement: Mapping[str, Any], languages: Sequence[str]) -> Telling:
    """Return a stored statement in parts, its texts in the language that suits best."""
    verb = statement["verb"]
    return Telling(
        id=UUID(statement["id"]),
        who=party_of(statement["actor"]),
        verb=words_of(verb.get("display"), languages) or Words(last_part(verb["id"])),
        verb_iri=plain(verb["id"], 500),
        what=thing_of(statement["object"], languages),
        outcome=_outcome(statement.get("result") or {}),
        timestamp=statement.get("timestamp", ""),
    )


def party_of(actor: Mapping[str, Any]) -> Party:
    """Return an agent or group in words."""
    identifier = actor_identifier(actor) or ""
    identity = identity_of(identifier) if identifier else ""
    members = tuple(party_of(member).name for member in (actor.get("member") or ())[:20])
    return Party(
        name=plain(actor.get("name") or "") or identity,
        identifier=identifier,
        identity=identity,
        is_group=actor.get("objectType") == "Group",
        members=members,
    )


def identity_of(identifier: str) -> str:
    """Return an identifier as a person would write it."""
    kind, home_page, value = split_identifier(identifier)
    if kind == "mbox":
        return plain(value.removeprefix("mailto:"))
    if kind == "account":
        return f"{plain(value)} ({plain(home_page, 80)})"
    if kind == "mbox_sha1sum":
        return f"SHA-1 {value[:12]}…"
    return plain(value)


def thing_of(target: Mapping[str, Any], languages: Sequence[str]) -> Thing:
    """Return the object of a statement in words."""
    kind = target.get("objectType", "Activity")
    if kind in ("Agent", "Group"):
        party = party_of(target)
        return Thing(kind, Words(party.name), party=party)
    if kind == "StatementRef":
        return Thing(kind, Words(str(target["id"])), target=UUID(target["id"]))
    if kind == "SubStatement":
        verb = words_of(target["verb"].get("display"), languages)
        inner = thing_of(target["object"], languages)
        said = verb.text if verb else last_part(target["verb"]["id"])
        return Thing(kind, Words(f"{party_of(target['actor']).name} {said} {inner.words.text}"))
    name = words_of((target.get("definition") or {}).get("name"), languages)
    return Thing(kind, name or Words(plain(target["id"])), iri=target["id"])


def words_of(texts: Mapping[str, str] | None, languages: Sequence[str]) -> Words | None:
    """Return the entry of a language map that suits best; None if there is none with letters."""
    for tag, text in one_language(texts or {}, list(languages)).items():
        shown = plain(text)
        if shown:
            return Words(shown, tag)
    return None


def last_part(iri: str) -> str:
    """Return the end of an IRI as a word, for one that says no more of itself."""
    end = re.split(r"[/#:]", iri.rstrip("/#:"))[-1]
    return plain(end.replace("-", " ").replace("_", " ")) or plain(iri)


def parties_in(statement: Mapping[str, Any]) -> Iterator[str]:
    """Yield the identifiers of everyone whom a page about a statement may show."""
    context = statement.get("context") or {}
    shown = [
        statement["actor"],
        statement["object"],
        context.get("instructor"),
        context.get("team"),
    ]
    shown += [one["agent"] for one in context.get("contextAgents") or ()]
    shown += [one["group"] for one in context.get("contextGroups") or ()]
    for party in shown:
        if not party or party.get("objectType") in ("StatementRef", "Activity"):
            continue
        if party.get("objectType") == "SubStatement":
            yield from parties_in(party)
            continue
        for one in (party, *(party.get("member") or ())):
            identifier = actor_identifier(one)
            if identifier is not None:
                yield identifier


def _outcome(result: Mapping[str, Any]) -> Outcome:
    score = result.get("score") or {}
    scaled, raw, most = score.get("scaled"), score.get("raw"), score.get("max")
    shown_raw = "" if raw is None else plain(raw, 30)
    if shown_raw and most is not None:
        shown_raw = f"{shown_raw} / {plain(most, 30)}"
    return Outcome(
        percent="" if scaled is None else f"{float(scaled) * 100:.0f}",
        raw=shown_raw if scaled is None else "",
        success=result.get("success"),
        completion=result.get("completion"),
        duration=_duration(result.get("duration", "")),
        response=plain(result.get("response", "")),
    )


def _duration(text: str) -> tuple[tuple[str, int], ...]:
    found = _DURATION.fullmatch(text)
    if found is None:
        return ()
    parts = [(unit, round(float(value))) for unit, value in found.groupdict().items() if value]
    return tuple(part for part in parts if part[1])
