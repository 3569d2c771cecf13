"""Checks that every part of a statement shares: kinds of value, known keys, small formats.

Each takes the value, the JSON path of the object it stands in, and its key there; the path of
the value itself is only written out when something is wrong, since most of the time nothing is.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from lrs.rules import formats, times
from lrs.rules.refusal import Refusal
from lrs.rules.versions import RuleBook

Checker = Callable[[Any, str, str], None]

_KINDS = {
    dict: "an object",
    list: "an array",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def name_of_kind(value: object) -> str:
    """Return what a JSON value is, in words."""
    return _KINDS.get(type(value), "something else")


def require_object(value: Any, path: str, rule: str) -> dict[str, Any]:
    """Return the value if it is an object.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not dict:
        raise Refusal(path, rule, f"Send an object here, not {name_of_kind(value)}.")
    return value


def require_list(value: Any, path: str, rule: str) -> list[Any]:
    """Return the value if it is an array.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not list:
        raise Refusal(path, rule, f"Send an array here, not {name_of_kind(value)}.")
    return value


def refuse_key(path: str, rule: str, key: str, known: Mapping[str, Any]) -> NoReturn:
    """Refuse a key that the standard does not have here.

    Raises:
        Refusal: always; it names the right key where only the case is wrong.
    """
    shown = key if len(key) <= 80 else key[:77] + "..."
    right = next((name for name in known if name.lower() == key.lower()), None)
    hint = f"write {right!r}, keys are case-sensitive" if right else "take it out"
    raise Refusal(f"{path}.{shown}", rule, f"The key {shown!r} is not allowed here; {hint}.")


def check_keys(value: dict[str, Any], path: str, rule: str, known: Mapping[str, Any]) -> None:
    """Refuse keys that are not known.

    Raises:
        Refusal: there is one.
    """
    for key in value:
        if key not in known:
            refuse_key(path, rule, key, known)


def check_text(value: Any, path: str, key: str) -> None:
    """Refuse what is not text.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str:
        raise Refusal(f"{path}.{key}", "format", f"Send text here, not {name_of_kind(value)}.")


def check_boolean(value: Any, path: str, key: str) -> None:
    """Refuse what is not true or false.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not bool:
        message = f"Send true or false here, without quotes, not {name_of_kind(value)}."
        raise Refusal(f"{path}.{key}", "format", message)


def check_iri(value: Any, path: str, key: str) -> None:
    """Refuse what is not an absolute IRI.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str:
        raise Refusal(f"{path}.{key}", "iri", f"Send an IRI here, not {name_of_kind(value)}.")
    if not formats.is_iri(value):
        message = "Send a whole IRI, with its scheme and without spaces: https://example.org/a."
        raise Refusal(f"{path}.{key}", "iri", message)


def check_uuid(value: Any, path: str, key: str) -> None:
    """Refuse what is not a UUID.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str or not formats.is_uuid(value):
        message = "Send a UUID in its standard form: 8-4-4-4-12 hexadecimal digits."
        raise Refusal(f"{path}.{key}", "uuid", message)


def check_language(value: Any, path: str, key: str) -> None:
    """Refuse what is not a language tag.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str or not formats.is_language_tag(value):
        message = "Send a language tag of RFC 5646, such as en, cy or en-GB."
        raise Refusal(f"{path}.{key}", "language", message)


def check_language_map(value: Any, path: str, key: str) -> None:
    """Refuse what is not a map from language tags to text.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not dict:
        message = f"Send an object from languages to text here, not {name_of_kind(value)}."
        raise Refusal(f"{path}.{key}", "language", message)
    for tag, text in value.items():
        if not formats.is_language_tag(tag):
            shown = tag if len(tag) <= 40 else tag[:37] + "..."
            message = f"{shown!r} is not a language tag of RFC 5646; write one such as en or en-GB."
            raise Refusal(f"{path}.{key}", "language", message)
        if type(text) is not str:
            message = f"Send text for each language, not {name_of_kind(text)}."
            raise Refusal(f"{path}.{key}.{tag}", "language", message)


def check_extensions(value: Any, path: str, key: str) -> None:
    """Refuse what is not a map from IRIs; what the IRIs hold is the sender's affair.

    Raises:
        Refusal: not an object, or a key that is not an IRI.
    """
    if type(value) is not dict:
        message = f"Send an object from IRIs to values here, not {name_of_kind(value)}."
        raise Refusal(f"{path}.{key}", "extensions", message)
    for name in value:
        if not formats.is_iri(name):
            shown = name if len(name) <= 80 else name[:77] + "..."
            message = f"The key {shown!r} of an extension is not an IRI; write it with its scheme."
            raise Refusal(f"{path}.{key}", "extensions", message)


def check_duration(value: Any, path: str, key: str) -> None:
    """Refuse what is not a duration.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str or not times.is_duration(value):
        message = "Send a duration as ISO 8601 writes it, such as PT12M30S; weeks stand alone."
        raise Refusal(f"{path}.{key}", "duration", message)


def check_instant(value: Any, path: str, key: str, book: RuleBook) -> None:
    """Refuse what is not a timestamp.

    Raises:
        Refusal: it is not.
    """
    if type(value) is not str:
        message = f"Send a timestamp as text here, not {name_of_kind(value)}."
        raise Refusal(f"{path}.{key}", "time", message)
    try:
        times.parse_instant(value, rfc3339=book.needs_rfc3339)
    except ValueError as error:
        raise Refusal(f"{path}.{key}", "time", str(error)) from error
