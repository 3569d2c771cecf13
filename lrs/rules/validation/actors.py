"""Agents, groups and who says so."""

from typing import Any, Final

from lrs.rules import formats
from lrs.rules.refusal import Refusal
from lrs.rules.validation.checks import (
    check_iri,
    check_keys,
    check_text,
    name_of_kind,
    require_list,
    require_object,
)

IDENTIFIERS: Final = ("mbox", "mbox_sha1sum", "openid", "account")
_AGENT_KEYS: Final = dict.fromkeys(("objectType", "name", *IDENTIFIERS))
_GROUP_KEYS: Final = dict.fromkeys(("objectType", "name", "member", *IDENTIFIERS))
_ACCOUNT_KEYS: Final = dict.fromkeys(("homePage", "name"))


def check_actor(value: Any, path: str) -> None:
    """Refuse what is neither an agent nor a group.

    Raises:
        Refusal: it is neither, or a broken one.
    """
    actor = require_object(value, path, "actor")
    kind = actor.get("objectType", "Agent")
    if kind == "Agent":
        _check_agent(actor, path)
    elif kind == "Group":
        check_group(actor, path)
    else:
        message = "Write the objectType as 'Agent' or 'Group', in this case."
        raise Refusal(f"{path}.objectType", "actor", message)


def check_agent(value: Any, path: str) -> None:
    """Refuse what is not an agent.

    Raises:
        Refusal: it is not, or a broken one.
    """
    agent = require_object(value, path, "agent")
    if agent.get("objectType", "Agent") != "Agent":
        raise Refusal(f"{path}.objectType", "agent", "Only an agent can stand here, not a group.")
    _check_agent(agent, path)


def _check_agent(agent: dict[str, Any], path: str) -> None:
    check_keys(agent, path, "agent", _AGENT_KEYS)
    if "name" in agent:
        check_text(agent["name"], path, "name")
    if not _check_identifier(agent, path):
        message = "Identify the agent by one of mbox, mbox_sha1sum, openid or account."
        raise Refusal(path, "identifier", message)


def check_group(value: Any, path: str) -> None:
    """Refuse what is not a group, identified or anonymous.

    Raises:
        Refusal: it is not, or a broken one.
    """
    group = require_object(value, path, "group")
    if group.get("objectType") != "Group":
        message = "Only a group can stand here: write its objectType as 'Group'."
        raise Refusal(f"{path}.objectType", "group", message)
    check_keys(group, path, "group", _GROUP_KEYS)
    if "name" in group:
        check_text(group["name"], path, "name")
    if "member" in group:
        members = require_list(group["member"], f"{path}.member", "group")
        for position, member in enumerate(members):
            check_agent(member, f"{path}.member[{position}]")
    if not _check_identifier(group, path) and not group.get("member"):
        message = "List the members of a group that has no identifier of its own."
        raise Refusal(path, "group", message)


def _check_identifier(actor: dict[str, Any], path: str) -> bool:
    found = [name for name in IDENTIFIERS if name in actor]
    if not found:
        return False
    if len(found) > 1:
        message = f"Keep one identifier and take out the others: there are {', '.join(found)}."
        raise Refusal(path, "identifier", message)
    name = found[0]
    value = actor[name]
    if name == "account":
        _check_account(value, f"{path}.account")
    elif name == "openid":
        check_iri(value, path, name)
    elif type(value) is not str:
        message = f"Send text here, not {name_of_kind(value)}."
        raise Refusal(f"{path}.{name}", "identifier", message)
    elif name == "mbox" and not formats.is_mailto(value):
        message = "Write the address as a mailto IRI: mailto:name@example.org."
        raise Refusal(f"{path}.mbox", "identifier", message)
    elif name == "mbox_sha1sum" and not formats.is_sha1(value):
        message = "Send the SHA-1 sum of the mailto IRI as 40 hexadecimal digits."
        raise Refusal(f"{path}.mbox_sha1sum", "identifier", message)
    return True


def _check_account(value: Any, path: str) -> None:
    account = require_object(value, path, "account")
    check_keys(account, path, "account", _ACCOUNT_KEYS)
    for name in _ACCOUNT_KEYS:
        if name not in account:
            raise Refusal(path, "account", f"Give the account its {name}.")
    check_iri(account["homePage"], path, "homePage")
    check_text(account["name"], path, "name")


def check_authority(value: Any, path: str) -> None:
    """Refuse an authority that is neither an agent nor the two agents of three-legged OAuth.

    Raises:
        Refusal: it is neither.
    """
    check_actor(value, path)
    if value.get("objectType") != "Group":
        return
    if any(name in value for name in IDENTIFIERS):
        message = "An authority that is a group must be anonymous: take out its identifier."
        raise Refusal(path, "authority", message)
    members = value["member"]
    if len(members) != 2:
        message = f"An authority that is a group has two members, not {len(members)}."
        raise Refusal(path, "authority", message)
    if not any("account" in member for member in members):
        message = "One member of an authority is the OAuth consumer, identified by account."
        raise Refusal(path, "authority", message)
