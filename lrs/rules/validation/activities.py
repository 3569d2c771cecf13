"""Activities, their definitions, and the ten kinds of interaction."""

from collections.abc import Callable
from typing import Any, Final

from lrs.rules.refusal import Refusal
from lrs.rules.validation.checks import (
    check_extensions,
    check_iri,
    check_keys,
    check_language_map,
    check_text,
    refuse_key,
    require_list,
    require_object,
)

_ACTIVITY_KEYS: Final = dict.fromkeys(("objectType", "id", "definition"))
_COMPONENT_KEYS: Final = dict.fromkeys(("id", "description"))
_COMPONENTS_OF: Final[dict[str, tuple[str, ...]]] = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}


def check_activity(value: Any, path: str) -> None:
    """Refuse what is not an activity.

    Raises:
        Refusal: it is not, or its definition is broken.
    """
    activity = require_object(value, path, "activity")
    check_keys(activity, path, "activity", _ACTIVITY_KEYS)
    if activity.get("objectType", "Activity") != "Activity":
        message = "Write the objectType as 'Activity', or leave it out."
        raise Refusal(f"{path}.objectType", "activity", message)
    if "id" not in activity:
        raise Refusal(path, "activity", "Give the activity an id, which is an IRI.")
    check_iri(activity["id"], path, "id")
    if "definition" in activity:
        _check_definition(activity["definition"], f"{path}.definition")


def _check_definition(value: Any, path: str) -> None:
    definition = require_object(value, path, "activity")
    for key, part in definition.items():
        check = _DEFINITION.get(key)
        if check is None:
            refuse_key(path, "activity", key, _DEFINITION)
        check(part, path, key)
    if not _INTERACTION_KEYS.isdisjoint(definition):
        _check_interaction(definition, path)


def _check_interaction(definition: dict[str, Any], path: str) -> None:
    kind = definition.get("interactionType")
    if kind is None:
        message = "Give the interactionType that the answers and components belong to."
        raise Refusal(path, "interaction", message)
    allowed = _COMPONENTS_OF[kind]
    for name in _COMPONENT_LISTS:
        if name in definition and name not in allowed:
            message = f"An interaction of type {kind!r} has no {name}; take it out."
            raise Refusal(f"{path}.{name}", "interaction", message)


def _check_interaction_type(value: Any, path: str, key: str) -> None:
    if type(value) is not str or value not in _COMPONENTS_OF:
        message = f"Write one of {', '.join(_COMPONENTS_OF)}, in this case."
        raise Refusal(f"{path}.{key}", "interaction", message)


def _check_responses(value: Any, path: str, key: str) -> None:
    where = f"{path}.{key}"
    for position, response in enumerate(require_list(value, where, "interaction")):
        check_text(response, where, str(position))


def _check_components(value: Any, path: str, key: str) -> None:
    where = f"{path}.{key}"
    seen: set[str] = set()
    for position, item in enumerate(require_list(value, where, "interaction")):
        here = f"{where}[{position}]"
        component = require_object(item, here, "interaction")
        check_keys(component, here, "interaction", _COMPONENT_KEYS)
        if "id" not in component:
            raise Refusal(here, "interaction", "Give each component an id.")
        check_text(component["id"], here, "id")
        if component["id"] in seen:
            message = "Give each component of a list an id of its own; this one is repeated."
            raise Refusal(f"{here}.id", "interaction", message)
        seen.add(component["id"])
        if "description" in component:
            check_language_map(component["description"], here, "description")


_COMPONENT_LISTS: Final = ("choices", "scale", "source", "target", "steps")
_INTERACTION_KEYS: Final = frozenset(
    ("interactionType", "correctResponsesPattern", *_COMPONENT_LISTS)
)
_DEFINITION: Final[dict[str, Callable[[Any, str, str], None]]] = {
    "name": check_language_map,
    "description": check_language_map,
    "type": check_iri,
    "moreInfo": check_iri,
    "extensions": check_extensions,
    "interactionType": _check_interaction_type,
    "correctResponsesPattern": _check_responses,
    **dict.fromkeys(_COMPONENT_LISTS, _check_components),
}
