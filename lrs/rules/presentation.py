"""Statements in the form a reader asked for: exact, identifiers only, or in one language."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lrs.rules.validation.actors import IDENTIFIERS

_ACCEPTED = re.compile(r"([A-Za-z0-9*-]{1,40})(?:\s*;\s*q\s*=\s*([0-9.]{1,6}))?")

Definitions = Mapping[str, Mapping[str, Any]]


def preferred_languages(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, best first, in lower case."""
    wanted = []
    for position, part in enumerate(header.split(",")[:50]):
        found = _ACCEPTED.fullmatch(part.strip())
        if found is None:
            continue
        try:
            quality = float(found[2] or 1)
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, position, found[1].lower()))
    return [language for _, _, language in sorted(wanted)]


def one_language(texts: Mapping[str, str], languages: list[str]) -> dict[str, str]:
    """Return the entry of a language map that suits the reader best; an empty map stays so."""
    by_tag = {tag.lower(): tag for tag in texts}
    by_beginning: dict[str, str] = {}
    for tag, original in by_tag.items():
        for beginning in _beginnings(tag)[1:]:
            by_beginning.setdefault(beginning, original)
    for language in languages:
        if language == "*":
            break
        for beginning in _beginnings(language):
            found = by_tag.get(beginning) or by_beginning.get(beginning)
            if found is not None:
                return {found: texts[found]}
    for tag in ("en", "en-us", "en-gb", "und"):
        if tag in by_tag:
            return {by_tag[tag]: texts[by_tag[tag]]}
    return dict(list(texts.items())[:1])


def _beginnings(tag: str) -> list[str]:
    """Return a language tag and what it begins with, longest first: zh-hant-tw, zh-hant, zh."""
    found = [tag]
    while (end := tag.rfind("-")) > 0:
        tag = tag[:end]
        found.append(tag)
    return found


def ids_only(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement with no more of agents, verbs and activities than identifies them."""
    return _present(statement, _bare_actor, _bare_verb, _bare_activity)


def canonical(
    statement: Mapping[str, Any], *, languages: list[str], definitions: Definitions
) -> dict[str, Any]:
    """Return a statement with the store's own definitions, each text in one language.

    Args:
        statement: as stored.
        languages: what the reader prefers, best first.
        definitions: by activity id; an activity that is not in it keeps the statement's own.
    """

    def verb(value: Mapping[str, Any]) -> dict[str, Any]:
        if "display" not in value:
            return dict(value)
        return {**value, "display": one_language(value["display"], languages)}

    def activity(value: Mapping[str, Any]) -> dict[str, Any]:
        definition = definitions.get(value["id"], value.get("definition"))
        if definition is None:
            return dict(value)
        return {**value, "definition": _in_one_language(definition, languages)}

    return _present(statement, dict, verb, activity)


def _in_one_language(definition: Mapping[str, Any], languages: list[str]) -> dict[str, Any]:
    shown = dict(definition)
    for name in ("name", "description"):
        if name in shown:
            shown[name] = one_language(shown[name], languages)
    for name in ("choices", "scale", "source", "target", "steps"):
        if name in shown:
            shown[name] = [
                {**item, "description": one_language(item["description"], languages)}
                if "description" in item
                else item
                for item in shown[name]
            ]
    return shown


def _bare_actor(actor: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: actor[name] for name in ("objectType", *IDENTIFIERS) if name in actor}
    if "member" in actor and not any(name in actor for name in IDENTIFIERS):
        bare["member"] = [_bare_actor(member) for member in actor["member"]]
    return bare


def _bare_verb(verb: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": verb["id"]}


def _bare_activity(activity: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": activity["id"]}


_Part = Callable[[Mapping[str, Any]], dict[str, Any]]


def _present(
    statement: Mapping[str, Any], actor: _Part, verb: _Part, activity: _Part
) -> dict[str, Any]:
    shown = dict(statement)
    shown["actor"] = actor(statement["actor"])
    shown["verb"] = verb(statement["verb"])
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        shown["object"] = activity(target)
    elif kind in ("Agent", "Group"):
        shown["object"] = actor(target)
    elif kind == "SubStatement":
        shown["object"] = _present(target, actor, verb, activity)
    if "authority" in statement:
        shown["authority"] = actor(statement["authority"])
    if "context" in statement:
        shown["context"] = _present_context(statement["context"], actor, activity)
    return shown


def _present_context(context: Mapping[str, Any], actor: _Part, activity: _Part) -> dict[str, Any]:
    shown = dict(context)
    for name in ("instructor", "team"):
        if name in shown:
            shown[name] = actor(shown[name])
    for name, whom in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in shown:
            shown[name] = [{**related, whom: actor(related[whom])} for related in shown[name]]
    if "contextActivities" in shown:
        shown["contextActivities"] = {
            name: [activity(item) for item in group]
            for name, group in shown["contextActivities"].items()
        }
    return shown
