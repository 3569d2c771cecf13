"""Who to sign in as in the demo, and when a demo may be loaded."""

from dataclasses import dataclass

from django.conf import settings

from config import environment
from organisations.models import Partnership, User

DEMO_PASSWORD = "weave-with-us"  # noqa: S105 - printed at every start, for made-up people only
DEMO_PARTNERSHIP = "Weavershire Together (demo)"


@dataclass(frozen=True)
class DemoAccount:
    """A made-up person to sign in as, and what they are there to show."""

    username: str
    what: str


DEMO_ACCOUNTS = (
    DemoAccount("nia", "a community nurse: learn, resume, see where she stands"),
    DemoAccount("lena", "a workforce lead: team profiles and the partnership"),
    DemoAccount("sam", "a supervisor: rate beside people's own view"),
    DemoAccount("edi", "an educator: courses, questions and frameworks in /admin/"),
    DemoAccount("ada", "an organisation administrator: people, invitations, staff list"),
    DemoAccount("cai", "an unpaid carer without an employer: discussions"),
    DemoAccount("olu", "the operator: everything"),
)


def has_demo() -> bool:
    """Whether the demo has been loaded."""
    return Partnership.objects.filter(name=DEMO_PARTNERSHIP).exists()


def may_load_demo() -> bool:
    """Whether a start may load the demo unasked: only into an empty database of this machine's own.

    Its passwords are known to everybody, so a database that DATABASE_URL names never gets it
    unless `load_demo --yes` asks for it.
    """
    return (
        not environment.text("DATABASE_URL")
        and settings.SITE_URL.startswith(("http://localhost", "http://127.0.0.1"))
        and not User.objects.exists()
    )
