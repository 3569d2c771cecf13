"""Closed lists of words about the record store."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """What a credential may do; the names are the standard's."""

    STATEMENTS_WRITE = "statements/write", _("Write statements")
    STATEMENTS_READ_MINE = "statements/read/mine", _("Read the statements it wrote")
    STATEMENTS_READ = "statements/read", _("Read statements")
    STATE = "state", _("Read and write state")
    PROFILE = "profile", _("Read and write profiles")
    DEFINE = "define", _("Define activities")
    ALL_READ = "all/read", _("Read everything")
    ALL = "all", _("Do everything")


class DocumentKind(IntegerChoices):
    """The three document resources."""

    STATE = 1, _("State")
    ACTIVITY_PROFILE = 2, _("Activity profile")
    AGENT_PROFILE = 3, _("Agent profile")


class TargetKind(TextChoices):
    """What statements are sent on to."""

    STORE = "store", _("Record store")
    WEBHOOK = "webhook", _("Webhook")


class UnsentState(TextChoices):
    """What becomes of a statement that has not arrived."""

    WAITING = "waiting", _("Waiting")
    DEAD = "dead", _("Not delivered")


class SendingTrouble(TextChoices):
    """Why a statement did not arrive, or a receiver gets none."""

    UNREACHABLE = "unreachable", _("It could not be reached.")
    SLOW = "slow", _("It did not answer in time.")
    BROKEN = "broken", _("It broke off its answer, or sent one that cannot be read.")
    BUSY = "busy", _("It asked us to wait.")
    ERROR = "error", _("It had an error of its own.")
    KEY = "key", _("It does not accept our key.")
    ADDRESS = "address", _("There is nothing at this address that takes statements.")
    MOVED = "moved", _("It sent us to another address; give that one here if it is right.")
    FORBIDDEN_ADDRESS = "forbidden", _("We do not send to this address.")
    CONFLICT = "conflict", _("It holds another statement with the same id.")
    REFUSED = "refused", _("It refused the statement.")
    TOO_LARGE = "too_large", _("The statement is too large for it.")
    GONE = "gone", _("The statement is no longer here.")
    SECRET = "secret", _("Its secret can no longer be read; enter it again.")


class ActKind(TextChoices):
    """What may be done to a store beside storing."""

    ERASURE = "erasure", _("Erasure of a person")
    RETENTION = "retention", _("Retention")
    CHANGE = "change", _("Change of an identifier")
    HOLD = "hold", _("Legal hold placed")
    RELEASE = "release", _("Legal hold ended")
    POLICY = "policy", _("Retention policy changed")


class ActStatus(TextChoices):
    """How far an act has come."""

    OFFERED = "offered", _("For you to decide")
    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Waiting for a legal hold to end")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")


class AgeBy(TextChoices):
    """From when a statement's age is counted."""

    STORED = "stored", _("when it was stored")
    TIMESTAMP = "timestamp", _("when it happened")


class CredentialKind(TextChoices):
    """How a credential came about, which says how it is proved."""

    KEY = "key", _("Key")
    LAUNCH = "launch", _("Key of one launch")
    TOKEN = "token", _("Access token")
    SUBJECT = "subject", _("Account at an issuer")


class KeyState(TextChoices):
    """How a lasting key stands."""

    IN_USE = "in_use", _("Works")
    TO_COME = "to_come", _("Not begun")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Revoked")
