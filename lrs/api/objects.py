"""What the store knows of activities, agents and itself."""

from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from lrs.api.calls import AuthorizedCall, Call
from lrs.api.resources import resource
from lrs.api.statements import agent_identifier
from lrs.enums import Scope
from lrs.queries import definitions, names_of_agent
from lrs.rules.formats import is_iri
from lrs.rules.parsing import parse_json
from lrs.rules.refusal import Refusal
from lrs.rules.versions import BOOKS

_READ: Final = (Scope.STATEMENTS_READ, Scope.ALL_READ, Scope.STATE, Scope.PROFILE)
_RESOURCES: Final = (
    "about",
    "statements",
    "activities",
    "activities/state",
    "activities/profile",
    "agents",
    "agents/profile",
)


def get_activity(call: AuthorizedCall) -> HttpResponse:
    """Return an activity with the store's own definition; with its id alone where it has none."""
    call.require(*_READ)
    call.only("activityId")
    iri = call.needed("activityId")
    if not is_iri(iri):
        raise Refusal("parameters.activityId", "iri", "Send a whole IRI here.")
    call.within_activity(iri)
    activity: dict[str, Any] = {"objectType": "Activity", "id": iri}
    known = definitions(tenant=call.tenant, activities=[iri])
    if iri in known:
        activity["definition"] = known[iri]
    return JsonResponse(activity)


def get_person(call: AuthorizedCall) -> HttpResponse:
    """Return what the store knows of an agent, as a Person: identifiers and names."""
    call.require(*_READ)
    call.only("agent")
    identifier = agent_identifier(call.needed("agent"), "agent")
    call.within_agent(identifier)
    agent = parse_json(call.parameters["agent"].encode())
    person: dict[str, Any] = {"objectType": "Person"}
    names = names_of_agent(tenant=call.tenant, identifier=identifier)
    if "name" in agent and agent["name"] not in names:
        names.append(agent["name"])
    if names:
        person["name"] = names
    for name in ("mbox", "mbox_sha1sum", "openid", "account"):
        if name in agent:
            person[name] = [agent[name]]
    return JsonResponse(person)


def get_about(call: Call) -> HttpResponse:
    """Return which versions are served."""
    call.only()
    versions = sorted({"1.0.0", "1.0.1", "1.0.2", *(book.version for book in BOOKS)}, reverse=True)
    return JsonResponse({"version": versions})


def get_root(call: Call) -> HttpResponse:
    """Return where things are, for whoever tries the endpoint itself."""
    base = call.request.build_absolute_uri("/xapi")
    return JsonResponse(
        {
            "message": "This is an xAPI record store. Its endpoint is this address.",
            "endpoint": base,
            "resources": [f"{base}/{name}" for name in _RESOURCES],
        }
    )


def get_nothing(call: Call) -> HttpResponse:
    """Say that there is no such resource."""
    base = call.request.build_absolute_uri("/xapi")
    message = f"There is no such resource; the endpoint is {base}."
    return JsonResponse(
        {"status": 404, "message": message, "resources": list(_RESOURCES)}, status=404
    )


activities_view = resource({"GET": get_activity})
agents_view = resource({"GET": get_person})
about_view = resource({"GET": get_about}, is_open=True)
root_view = resource({"GET": get_root}, is_open=True)
nothing_view = resource(dict.fromkeys(("GET", "PUT", "POST", "DELETE"), get_nothing), is_open=True)
