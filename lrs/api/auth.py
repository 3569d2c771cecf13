"""From the Authorization header to a credential."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from typing import Final

from lrs.api.errors import Unauthorized
from lrs.models import Credential
from lrs.services import digest_of, note_use

_NOTE_USE_EVERY: Final = timedelta(minutes=5)
_CHALLENGE: Final = 'Basic realm="xAPI", charset="UTF-8"'


def credential_for(header: str, now: datetime) -> Credential:
    """Return the credential that a Basic Authorization header proves.

    Raises:
        Unauthorized: there is no header, or it proves nothing.
    """
    key, secret = _read_basic(header)
    credential = Credential.objects.open_at(now).select_related("tenant").filter(key=key).first()
    digest = credential.secret_digest if credential else "0" * 64
    if not hmac.compare_digest(digest, digest_of(secret)) or credential is None:
        raise _unauthorized("There is no credential with this key and secret, or it has ended.")
    if credential.last_used_at is None or now - credential.last_used_at > _NOTE_USE_EVERY:
        note_use(credential=credential, at=now)
    return credential


def _unauthorized(message: str) -> Unauthorized:
    return Unauthorized(message, WWW_Authenticate=_CHALLENGE)


def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise _unauthorized(
            "Send the header Authorization: Basic, with the key and secret of a credential."
        )
    try:
        key, colon, secret = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if not colon:
        raise _unauthorized("Write the key, a colon and the secret in base64 after Basic.")
    return key, secret
