"""XAPI Profiles: reading their documents, and checking statements against their templates.

A template applies to a statement that has its determining properties: verb, activity types and
context categories. Its rules then say what the statement must, may and must not hold.
Source: xAPI Profiles 1.0, sections 6 and 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonpath import JSONPath

_ACTIVITY_LISTS: Final = {
    "contextGroupingActivityType": "grouping",
    "contextParentActivityType": "parent",
    "contextOtherActivityType": "other",
    "contextCategoryActivityType": "category",
}
PRESENCES: Final = ("included", "excluded", "recommended")


class UnreadableProfile(ValueError):
    """A document that is not an xAPI Profile, or has something in it that cannot be checked."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a template asks of one place in a statement."""

    location: str
    selector: str
    presence: str
    """included, excluded, recommended, or empty."""
    any: tuple[Any, ...]
    all: tuple[Any, ...]
    none: tuple[Any, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Template:
    """A statement template."""

    id: str
    name: str
    verb: str
    object_type: str
    around: tuple[tuple[str, tuple[str, ...]], ...]
    """Context lists and the activity types they must hold."""
    rules: tuple[Rule, ...]

    @property
    def is_for_all(self) -> bool:
        """Whether it determines nothing and so applies to whatever matches another template."""
        return not (self.verb or self.object_type or self.around)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of templates and other patterns."""

    id: str
    name: str
    is_primary: bool
    kind: str
    """sequence, alternates, optional, oneOrMore or zeroOrMore."""
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileDocument:
    """A profile as read."""

    iri: str
    version: str
    name: str
    templates: tuple[Template, ...]
    patterns: tuple[Pattern, ...]
    verbs: frozenset[str]
    activity_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a statement breaks."""

    template: str
    rule: Rule
    reason: str
    """missing, present, not_any, not_all, some_none, recommended."""

    @property
    def is_advice(self) -> bool:
        """Whether it only ought to be otherwise."""
        return self.reason == "recommended"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a profile says of one statement."""

    templates: tuple[str, ...]
    """Ids of those that apply."""
    broken: tuple[Broken, ...]


def read_profile(document: Any) -> ProfileDocument:
    """Return a profile's document as read.

    Raises:
        UnreadableProfile: with what is wrong and where.
    """
    if not isinstance(document, Mapping) or document.get("type") != "Profile":
        raise UnreadableProfile("This is not an xAPI Profile: its type is not Profile.")
    versions = _list(document, "versions")
    concepts = _list(document, "concepts")
    version = versions[0].get("id", "") if versions else ""
    return ProfileDocument(
        iri=_text(document, "id", "The profile"),
        version=str(version),
        name=_words(document.get("prefLabel")) or str(document["id"]),
        templates=tuple(_template(one) for one in _list(document, "templates")),
        patterns=tuple(_pattern(one) for one in _list(document, "patterns")),
        verbs=frozenset(str(one.get("id")) for one in concepts if one.get("type") == "Verb"),
        activity_types=frozenset(
            str(one.get("id")) for one in concepts if one.get("type") == "ActivityType"
        ),
    )


def check(profile: ProfileDocument, statement: Mapping[str, Any]) -> Checked:
    """Return which templates a statement matches and which of their rules it breaks.

    Templates that determine nothing (restrictions for all statements of a profile) are asked of
    statements that match another one.
    """
    matched = [one for one in profile.templates if not one.is_for_all and applies(one, statement)]
    if not matched:
        return Checked((), ())
    general = [one for one in profile.templates if one.is_for_all]
    broken = tuple(
        Broken(template.id, rule, reason)
        for template in (*matched, *general)
        for rule in template.rules
        if (reason := reason_broken(rule, statement))
    )
    return Checked(tuple(one.id for one in matched), broken)


def applies(template: Template, statement: Mapping[str, Any]) -> bool:
    """Return whether a statement has a template's determining properties."""
    if template.verb and statement["verb"]["id"] != template.verb:
        return False
    target = statement["object"]
    if template.object_type:
        definition = target.get("definition") or {}
        if definition.get("type") != template.object_type:
            return False
    around = (statement.get("context") or {}).get("contextActivities") or {}
    for name, wanted in template.around:
        held = around.get(name) or []
        listed = held if isinstance(held, list) else [held]
        types = {(one.get("definition") or {}).get("type") for one in listed}
        ids = {one.get("id") for one in listed}
        # published profiles name themselves here by id, where the text speaks of types
        if not set(wanted) <= types | ids:
            return False
    return True


def reason_broken(rule: Rule, statement: Mapping[str, Any]) -> str:
    """Return why a statement breaks a rule; empty where it does not."""
    values, is_complete = _values(rule, statement)
    if rule.presence == "included" and (not values or not is_complete):
        return "missing"
    if rule.presence == "excluded":
        return "present" if values else ""
    if not values:
        return "recommended" if rule.presence == "recommended" else ""
    if rule.any and not any(_is_in(value, rule.any) for value in values):
        return "not_any"
    if rule.all and not all(_is_in(value, rule.all) for value in values):
        return "not_all"
    if rule.none and any(_is_in(value, rule.none) for value in values):
        return "some_none"
    return ""


def _values(rule: Rule, statement: Mapping[str, Any]) -> tuple[list[Any], bool]:
    """Return what a rule speaks of, and whether every place that it names has something."""
    places = _found(rule.location, statement)
    if not rule.selector:
        return places, True
    values: list[Any] = []
    is_complete = True
    for place in places:
        inside = _found(rule.selector, place)
        is_complete = is_complete and bool(inside)
        values += inside
    return values, is_complete


def _is_in(value: Any, wanted: Sequence[Any]) -> bool:
    # in Python 1 == True, in JSON not
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted)


def _found(path: str, data: Any) -> list[Any]:
    if not isinstance(data, Mapping | list):
        return []
    found: list[Any] = []
    for part in _compiled(path):
        found += part.findall(data)
    return found


@lru_cache(maxsize=2_000)
def _compiled(path: str) -> "tuple[JSONPath, ...]":
    """Return the paths of a location; the text of the standard lets ``|`` stand between several.

    Raises:
        UnreadableProfile: it is not a JSONPath.
    """
    import jsonpath  # noqa: PLC0415 - eight megabytes, and only reports on profiles need them

    try:
        return tuple(jsonpath.compile(part.strip()) for part in path.split("|"))  # type: ignore[misc]
    except jsonpath.JSONPathError as error:
        raise UnreadableProfile(
            f"{path!r} is not a JSONPath: {str(error).splitlines()[0]}"
        ) from error


def _template(sent: Mapping[str, Any]) -> Template:
    name = _text(sent, "id", "A template")
    around = [
        (listed, tuple(map(str, _list(sent, key)))) for key, listed in _ACTIVITY_LISTS.items()
    ]
    return Template(
        id=name,
        name=_words(sent.get("prefLabel")) or name,
        verb=str(sent.get("verb", "")),
        object_type=str(sent.get("objectActivityType", "")),
        around=tuple((listed, types) for listed, types in around if types),
        rules=tuple(_rule(one, name) for one in _list(sent, "rules")),
    )


def _rule(sent: Mapping[str, Any], template: str) -> Rule:
    location, selector = _text(sent, "location", template), str(sent.get("selector", ""))
    for path in filter(None, (location, selector)):
        try:
            _compiled(path)
        except UnreadableProfile as error:
            raise UnreadableProfile(f"{template}: {error}") from error
    presence = sent.get("presence", "")
    if presence and presence not in PRESENCES:
        raise UnreadableProfile(f"{template}: presence {presence!r} is none of {PRESENCES}.")
    return Rule(
        location=location,
        selector=selector,
        presence=presence,
        any=tuple(_list(sent, "any")),
        all=tuple(_list(sent, "all")),
        none=tuple(_list(sent, "none")),
        note=_words(sent.get("scopeNote")),
    )


def _pattern(sent: Mapping[str, Any]) -> Pattern:
    name = _text(sent, "id", "A pattern")
    for kind in ("sequence", "alternates", "optional", "oneOrMore", "zeroOrMore"):
        if kind in sent:
            held = sent[kind]
            parts = held if isinstance(held, list) else [held]
            ids = tuple(str(one["id"] if isinstance(one, Mapping) else one) for one in parts)
            is_primary = sent.get("primary") is True
            return Pattern(name, _words(sent.get("prefLabel")) or name, is_primary, kind, ids)
    raise UnreadableProfile(f"{name}: a pattern has a sequence, alternates, optional or so many.")


def _list(held: Mapping[str, Any], key: str) -> list[Any]:
    value = held.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableProfile(f"{key} is not a list.")
    return value


def _text(held: Mapping[str, Any], key: str, whose: str) -> str:
    value = held.get(key)
    if not isinstance(value, str) or not value:
        raise UnreadableProfile(f"{whose} has no {key}.")
    return value


def _words(texts: Any) -> str:
    if not isinstance(texts, Mapping) or not texts:
        return ""
    for tag in ("en", "en-us", "en-US", "en-GB"):
        if tag in texts:
            return str(texts[tag])
    return str(next(iter(texts.values())))
