"""A statement as a whole, and a statement inside a statement."""

from typing import Any, Final

from lrs.rules.refusal import Refusal
from lrs.rules.validation.activities import check_activity
from lrs.rules.validation.actors import check_actor, check_authority
from lrs.rules.validation.attachments import check_attachments
from lrs.rules.validation.checks import (
    check_instant,
    check_iri,
    check_keys,
    check_language_map,
    check_uuid,
    refuse_key,
    require_object,
)
from lrs.rules.validation.contexts import check_context, check_statement_ref
from lrs.rules.validation.results import check_result
from lrs.rules.versions import RuleBook, is_statement_version

VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"

_SHARED: Final = ("actor", "verb", "object", "result", "context", "timestamp", "attachments")
_STATEMENT_KEYS: Final = dict.fromkeys(("id", "stored", "authority", "version", *_SHARED))
_SUBSTATEMENT_KEYS: Final = dict.fromkeys(("objectType", *_SHARED))
_VERB_KEYS: Final = dict.fromkeys(("id", "display"))


def check_statement(value: Any, path: str, book: RuleBook) -> None:
    """Refuse what is not a statement.

    Raises:
        Refusal: it is not one under these rules.
    """
    statement = require_object(value, path, "statement")
    check_keys(statement, path, "statement", _STATEMENT_KEYS)
    if "id" in statement:
        check_uuid(statement["id"], path, "id")
    _check_shared(statement, path, book)
    if "stored" in statement:
        check_instant(statement["stored"], path, "stored", book)
    if "authority" in statement:
        check_authority(statement["authority"], f"{path}.authority")
    if "version" in statement:
        version = statement["version"]
        if type(version) is not str or not is_statement_version(version, book):
            message = f"Leave out the version, or write {book.statement_version}."
            raise Refusal(f"{path}.version", "version", message)


def _check_shared(statement: dict[str, Any], path: str, book: RuleBook) -> None:
    for name in ("actor", "verb", "object"):
        if name not in statement:
            raise Refusal(path, "statement", f"Give the statement its {name}.")
    check_actor(statement["actor"], f"{path}.actor")
    verb = _check_verb(statement["verb"], f"{path}.verb")
    kind = _check_object(statement["object"], f"{path}.object", book)
    if verb == VOIDED and kind != "StatementRef":
        message = "What a voiding statement voids is a StatementRef: write that objectType and id."
        raise Refusal(f"{path}.object", "voiding", message)
    if "result" in statement:
        check_result(statement["result"], f"{path}.result")
    if "context" in statement:
        check_context(
            statement["context"], f"{path}.context", about_activity=kind == "Activity", book=book
        )
    if "timestamp" in statement:
        check_instant(statement["timestamp"], path, "timestamp", book)
    if "attachments" in statement:
        check_attachments(statement["attachments"], f"{path}.attachments")


def _check_verb(value: Any, path: str) -> str:
    verb = require_object(value, path, "verb")
    check_keys(verb, path, "verb", _VERB_KEYS)
    if "id" not in verb:
        raise Refusal(path, "verb", "Give the verb its id, which is an IRI.")
    check_iri(verb["id"], path, "id")
    if "display" in verb:
        check_language_map(verb["display"], path, "display")
    return str(verb["id"])


def _check_object(value: Any, path: str, book: RuleBook) -> str:
    target = require_object(value, path, "object")
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        check_activity(target, path)
    elif kind in ("Agent", "Group"):
        check_actor(target, path)
    elif kind == "StatementRef":
        check_statement_ref(target, path)
    elif kind == "SubStatement":
        _check_substatement(target, path, book)
    else:
        message = "Write one of Activity, Agent, Group, SubStatement or StatementRef, in this case."
        raise Refusal(f"{path}.objectType", "object", message)
    return str(kind)


def _check_substatement(statement: dict[str, Any], path: str, book: RuleBook) -> None:
    for key in statement:
        if key in ("id", "stored", "version", "authority"):
            message = f"Take out {key}: a substatement has none."
            raise Refusal(f"{path}.{key}", "substatement", message)
        if key not in _SUBSTATEMENT_KEYS:
            refuse_key(path, "substatement", key, _SUBSTATEMENT_KEYS)
    target = statement.get("object")
    if type(target) is dict and target.get("objectType") == "SubStatement":
        message = "A substatement cannot have a substatement as its object."
        raise Refusal(f"{path}.object", "substatement", message)
    _check_shared(statement, path, book)
