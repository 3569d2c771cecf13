"""Keys for one learner and one activity, at /api/record-store/keys/launch."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Schema, Status
from ninja.errors import HttpError

from lrs.api.own import own_router, require
from lrs.enums import CredentialKind, Scope
from lrs.models import Credential
from lrs.services import BadLimit, Refusal, issue_launch_key, revoke_credential

router = own_router()


class LaunchIn(Schema):
    """Who opens what, and for how long."""

    actor: dict[str, Any] = Field(description="an agent, as statements have it")
    activity: str = Field(description="an IRI")
    minutes: int = Field(60, description="how long the key works, 1 to 1,440")
    children: list[str] = Field(
        [], description="IRIs, or beginnings of them with * at the end, that belong to it"
    )
    with_grouped: bool = Field(
        False, description="also statements that name the activity as parent or grouping"
    )
    registration: UUID | None = None
    origins: list[str] = Field([], description="web addresses whose pages may use the key")


class LaunchOut(Schema):
    """A key and its secret, which is shown once."""

    key: str
    secret: str
    endpoint: str
    ends_at: datetime


@router.post("/launch", response={201: LaunchOut}, url_name="issue-launch-key")
def issue(request: HttpRequest, asked: LaunchIn) -> Status[dict[str, Any]]:
    """Issue a short-lived key for one learner and one activity; needs the scope `all`."""
    credential = _asking(request)
    try:
        issued = issue_launch_key(
            actor=asked.actor,
            activity=asked.activity,
            minutes=asked.minutes,
            children=asked.children,
            with_grouped=asked.with_grouped,
            registration=asked.registration,
            origins=asked.origins,
            issued_by=credential,
            at=datetime.now(UTC),
        )
    except (BadLimit, Refusal) as error:
        raise HttpError(400, str(error)) from error
    return Status(
        201,
        {
            "key": issued.key,
            "secret": issued.secret,
            "endpoint": request.build_absolute_uri("/xapi"),
            "ends_at": issued.credential.ends_at,
        },
    )


@router.delete("/launch/{key}", response={204: None}, url_name="end-launch-key")
def end(request: HttpRequest, key: str) -> Status[None]:
    """End a short-lived key that this credential asked for; at once."""
    found = Credential.objects.filter(
        key=key, kind=CredentialKind.LAUNCH, parent=_asking(request)
    ).first()
    if found is None:
        raise HttpError(404, "This credential has issued no such key.")
    revoke_credential(credential=found, at=datetime.now(UTC))
    return Status(204, None)


def _asking(request: HttpRequest) -> Credential:
    credential = require(request, Scope.ALL, may_be_limited=True)
    if credential.kind != CredentialKind.KEY:
        raise HttpError(403, "Only a lasting key can issue short-lived ones.")
    return credential
