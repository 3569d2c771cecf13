"""What came with it: attachments."""

from typing import Any, Final

from lrs.rules import formats
from lrs.rules.refusal import Refusal
from lrs.rules.validation.checks import (
    check_iri,
    check_keys,
    check_language_map,
    name_of_kind,
    require_list,
    require_object,
)

_KEYS: Final = dict.fromkeys(
    ("usageType", "display", "description", "contentType", "length", "sha2", "fileUrl")
)
_NEEDED: Final = ("usageType", "display", "contentType", "length", "sha2")


def check_attachments(value: Any, path: str) -> None:
    """Refuse what is not a list of attachments.

    Raises:
        Refusal: it is not.
    """
    for position, item in enumerate(require_list(value, path, "attachments")):
        _check_attachment(item, f"{path}[{position}]")


def _check_attachment(value: Any, path: str) -> None:
    attachment = require_object(value, path, "attachments")
    check_keys(attachment, path, "attachments", _KEYS)
    for name in _NEEDED:
        if name not in attachment:
            raise Refusal(path, "attachments", f"Give the attachment its {name}.")
    check_iri(attachment["usageType"], path, "usageType")
    check_language_map(attachment["display"], path, "display")
    if "description" in attachment:
        check_language_map(attachment["description"], path, "description")
    kind = attachment["contentType"]
    if type(kind) is not str or not formats.is_media_type(kind):
        message = "Send an Internet media type here, such as application/pdf."
        raise Refusal(f"{path}.contentType", "attachments", message)
    length = attachment["length"]
    if type(length) not in (int, float) or length < 0 or length != int(length):
        message = f"Send the number of bytes here, not {name_of_kind(length)}."
        if type(length) in (int, float):
            message = "Send the number of bytes here, a whole number."
        raise Refusal(f"{path}.length", "attachments", message)
    sha2 = attachment["sha2"]
    if type(sha2) is not str or not formats.is_sha2(sha2):
        message = "Send the SHA-2 sum of the attachment in hexadecimal digits."
        raise Refusal(f"{path}.sha2", "attachments", message)
    if "fileUrl" in attachment:
        check_iri(attachment["fileUrl"], path, "fileUrl")
