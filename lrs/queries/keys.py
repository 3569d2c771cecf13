"""The keys of a store, and how each stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from lrs.enums import CredentialKind, KeyState, Scope
from lrs.models import Credential, Tenant

OPENS_NO_RECORD: Final = frozenset(
    {
        Scope.STATEMENTS_WRITE,
        Scope.STATEMENTS_READ_MINE,
        Scope.STATE,
        Scope.PROFILE,
        Scope.DEFINE,
    }
)
"""With these a system sends, keeps its place and reads back what it sent, and nothing else."""


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """One lasting key, as it stands at a moment."""

    credential: Credential
    state: KeyState
    old_secret_until: datetime | None
    """Until when the secret before this one works too; None when it does not."""

    @property
    def is_over(self) -> bool:
        """Whether it proves nothing any more and never will."""
        return self.state in (KeyState.ENDED, KeyState.REVOKED)

    @property
    def opens_records(self) -> bool:
        """Whether who holds it reads what others sent."""
        return not OPENS_NO_RECORD.issuperset(self.credential.scopes)


@dataclass(frozen=True, slots=True)
class Given:
    """How many short-lived keys and tokens that keys gave work at a moment."""

    launches: int
    tokens: int


def keys_of(*, tenant: Tenant, at: datetime) -> QuerySet[Credential]:
    """Return a store's lasting keys: those that work or will first, then the newest."""
    is_over = Case(
        When(Q(revoked_at__isnull=False) | Q(ends_at__lte=at), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return _lasting(tenant).order_by(is_over, "-pk")


def key_of_store(*, tenant: Tenant, uuid: UUID) -> Credential | None:
    """Return one lasting key of a store, with who issued it."""
    return _lasting(tenant).select_related("issued_by").filter(uuid=uuid).first()


def standing_of(credential: Credential, at: datetime) -> KeyStanding:
    """Return how a key stands."""
    if credential.revoked_at is not None:
        state = KeyState.REVOKED
    elif credential.ends_at is not None and credential.ends_at <= at:
        state = KeyState.ENDED
    elif credential.starts_at > at:
        state = KeyState.TO_COME
    else:
        state = KeyState.IN_USE
    old = credential.old_ends_at
    is_old_good = state == KeyState.IN_USE and old is not None and old > at
    return KeyStanding(credential, state, old if is_old_good else None)


def given_by_keys(*, tenant: Tenant, at: datetime, key: Credential | None = None) -> Given:
    """Return how many launch keys and tokens work, of a store or of one of its keys."""
    given = Credential.objects.open_at(at).filter(tenant=tenant)
    if key is not None:
        given = given.filter(parent=key)
    counts = given.aggregate(
        launches=Count("pk", filter=Q(kind=CredentialKind.LAUNCH)),
        tokens=Count("pk", filter=Q(kind=CredentialKind.TOKEN)),
    )
    return Given(counts["launches"], counts["tokens"])


def _lasting(tenant: Tenant) -> QuerySet[Credential]:
    return Credential.objects.filter(tenant=tenant, kind=CredentialKind.KEY).exclude(
        secret_digest=""
    )
