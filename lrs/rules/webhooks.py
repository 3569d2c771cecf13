"""Signing what a webhook gets, as Standard Webhooks 1.0.0 has it, and its secrets."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Final

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32
_SHORTEST, _LONGEST = 24, 64


def new_secret(random: Callable[[int], bytes]) -> str:
    """Return a new secret made of so many random bytes."""
    return PREFIX + base64.b64encode(random(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Return whether a text is a secret of the form the standard has."""
    try:
        return _SHORTEST <= len(_bytes_of(text)) <= _LONGEST
    except (ValueError, binascii.Error):
        return False


def signed_headers(
    *, message_id: str, at_seconds: int, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """Return the headers by which a receiver knows a message is ours, whole and new.

    Args:
        message_id: the same whenever the same message is sent again.
        at_seconds: when this attempt is made, since 1970.
        body: as it will be sent.
        secrets: each gives a signature; two while one takes over from the other.
    """
    signed = b"%s.%d.%s" % (message_id.encode(), at_seconds, body)
    signatures = [
        base64.b64encode(hmac.digest(_bytes_of(secret), signed, hashlib.sha256)).decode()
        for secret in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def _bytes_of(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise ValueError("A secret of a webhook begins with whsec_.")
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
