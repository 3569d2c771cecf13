"""What was around it: context, its activities and, in xAPI 2.0, its agents and groups."""

from typing import Any, Final

from lrs.rules.refusal import Refusal
from lrs.rules.validation.activities import check_activity
from lrs.rules.validation.actors import check_actor, check_agent, check_group
from lrs.rules.validation.checks import (
    check_extensions,
    check_iri,
    check_keys,
    check_language,
    check_text,
    check_uuid,
    refuse_key,
    require_list,
    require_object,
)
from lrs.rules.versions import RuleBook

_KEYS_1_0: Final = dict.fromkeys(
    (
        "registration",
        "instructor",
        "team",
        "contextActivities",
        "revision",
        "platform",
        "language",
        "statement",
        "extensions",
    )
)
_KEYS_2_0: Final = {**_KEYS_1_0, "contextAgents": None, "contextGroups": None}
_CONTEXT_ACTIVITIES: Final = dict.fromkeys(("parent", "grouping", "category", "other"))
_REF_KEYS: Final = dict.fromkeys(("objectType", "id"))


def check_context(value: Any, path: str, *, about_activity: bool, book: RuleBook) -> None:
    """Refuse what is not a context.

    Args:
        value: the context.
        path: its JSON path.
        about_activity: the object of the statement is an activity.
        book: the version's rules.

    Raises:
        Refusal: it is not one, or not one that fits the statement.
    """
    context = require_object(value, path, "context")
    known = _KEYS_2_0 if book.has_context_agents else _KEYS_1_0
    for key, part in context.items():
        if key == "contextActivities":
            _check_context_activities(part, f"{path}.contextActivities")
        elif key == "extensions":
            check_extensions(part, path, key)
        elif key == "registration":
            check_uuid(part, path, key)
        elif key == "language":
            check_language(part, path, key)
        elif key in ("platform", "revision"):
            check_text(part, path, key)
            if not about_activity:
                message = f"Take out {key}: it is only for a statement whose object is an activity."
                raise Refusal(f"{path}.{key}", "context", message)
        elif key not in known:
            refuse_key(path, "context", key, known)
        else:
            _check_people(key, part, f"{path}.{key}")


def _check_people(key: str, part: Any, path: str) -> None:
    if key == "instructor":
        check_actor(part, path)
    elif key == "team":
        check_group(part, path)
    elif key == "statement":
        check_statement_ref(part, path)
    elif key == "contextAgents":
        _check_related(part, path, "contextAgent", "agent")
    else:
        _check_related(part, path, "contextGroup", "group")


def _check_context_activities(value: Any, path: str) -> None:
    groups = require_object(value, path, "contextactivities")
    for key, part in groups.items():
        if key not in _CONTEXT_ACTIVITIES:
            refuse_key(path, "contextactivities", key, _CONTEXT_ACTIVITIES)
        if type(part) is list:
            for position, activity in enumerate(part):
                check_activity(activity, f"{path}.{key}[{position}]")
        else:
            check_activity(part, f"{path}.{key}")


def _check_related(value: Any, path: str, kind: str, whom: str) -> None:
    known = dict.fromkeys(("objectType", whom, "relevantTypes"))
    for position, item in enumerate(require_list(value, path, "contextagents")):
        here = f"{path}[{position}]"
        related = require_object(item, here, "contextagents")
        check_keys(related, here, "contextagents", known)
        if related.get("objectType") != kind:
            message = f"Write the objectType as {kind!r}."
            raise Refusal(f"{here}.objectType", "contextagents", message)
        if whom not in related:
            raise Refusal(here, "contextagents", f"Say which {whom} this is.")
        check = check_agent if whom == "agent" else check_group
        check(related[whom], f"{here}.{whom}")
        if "relevantTypes" in related:
            _check_relevant_types(related["relevantTypes"], f"{here}.relevantTypes")


def _check_relevant_types(value: Any, path: str) -> None:
    kinds = require_list(value, path, "contextagents")
    if not kinds:
        raise Refusal(path, "contextagents", "List at least one type, or leave the list out.")
    for position, kind in enumerate(kinds):
        check_iri(kind, path, str(position))


def check_statement_ref(value: Any, path: str) -> None:
    """Refuse what is not a reference to a statement.

    Raises:
        Refusal: it is not.
    """
    ref = require_object(value, path, "statementref")
    check_keys(ref, path, "statementref", _REF_KEYS)
    if ref.get("objectType") != "StatementRef":
        message = "Write the objectType as 'StatementRef'."
        raise Refusal(f"{path}.objectType", "statementref", message)
    if "id" not in ref:
        raise Refusal(path, "statementref", "Give the id of the statement it refers to.")
    check_uuid(ref["id"], path, "id")
