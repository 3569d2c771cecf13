"""Whether the attachments that came are those the statements speak of."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from lrs.rules.equivalence import SIGNATURE
from lrs.rules.multipart import Part, write_parts
from lrs.rules.refusal import Refusal
from lrs.rules.signatures import check_signature
from lrs.rules.versions import XAPI_2_0, RuleBook

_HASHES: Final = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}


def attachments_of(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each attachment of a statement and its substatement with its path."""
    for position, attachment in enumerate(statement.get("attachments") or ()):
        yield f".attachments[{position}]", attachment
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        for position, attachment in enumerate(target.get("attachments") or ()):
            yield f".object.attachments[{position}]", attachment


def with_contents(
    body: bytes,
    *,
    statements: Iterable[Mapping[str, Any]],
    contents: Mapping[str, bytes],
    boundary: str,
) -> tuple[bytes, str]:
    """Return a body of statements and their attachments' contents, and its Content-Type.

    Args:
        body: the statements as JSON, which becomes the first part.
        statements: the same, read.
        contents: by SHA-2 sum in lower case; each of an attachment of these statements.
        boundary: random, so that nothing has it inside.
    """
    described = {
        attachment["sha2"].lower(): attachment
        for one in statements
        for _, attachment in attachments_of(one)
    }
    parts = [
        Part(
            {
                "Content-Type": described[sum_]["contentType"].encode("ascii", "ignore").decode(),
                "Content-Transfer-Encoding": "binary",
                "X-Experience-API-Hash": described[sum_]["sha2"],
            },
            content,
        )
        for sum_, content in contents.items()
    ]
    first = Part({"Content-Type": "application/json"}, body)
    return write_parts([first, *parts], boundary), f"multipart/mixed; boundary={boundary}"


def read_attachments(parts: Sequence[Part]) -> dict[str, bytes]:
    """Return the contents of the parts after the first, by their SHA-2 sum in lower case.

    Raises:
        Refusal: a part does not say its sum, or says a wrong one, or is not sent as binary.
    """
    found: dict[str, bytes] = {}
    for number, part in enumerate(parts, start=2):
        where = f"part {number}"
        sent = part.headers.get("x-experience-api-hash", "").lower()
        if not sent:
            message = f"Give {where} the header X-Experience-API-Hash, its SHA-2 sum."
            raise Refusal("$", "multipart", message)
        if part.headers.get("content-transfer-encoding", "").lower() != "binary":
            message = f"Send {where} with the header Content-Transfer-Encoding: binary."
            raise Refusal("$", "multipart", message)
        make = _HASHES.get(len(sent))
        if make is None or make(part.content).hexdigest() != sent:
            message = f"The X-Experience-API-Hash of {where} is not the SHA-2 sum of its content."
            raise Refusal("$", "multipart", message)
        found[sent] = part.content
    return found


def media_types_of(parts: Sequence[Part]) -> dict[str, set[str]]:
    """Return what kinds of content the parts after the first say they are, by their SHA-2 sum.

    Without parameters such as a charset: the standard's own example leaves that to the statement.
    """
    said: dict[str, set[str]] = {}
    for part in parts:
        kind = _bare(part.headers.get("content-type", ""))
        if kind:
            said.setdefault(part.headers["x-experience-api-hash"].lower(), set()).add(kind)
    return said


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def check_attachments_came(
    statements: Sequence[Mapping[str, Any]],
    contents: Mapping[str, bytes],
    *,
    media_types: Mapping[str, Collection[str]] | None = None,
    is_batch: bool,
    book: RuleBook = XAPI_2_0,
) -> None:
    """Refuse a request whose attachments and statements do not belong together.

    Args:
        statements: validated.
        contents: by SHA-2 sum; none when the request was plain JSON.
        media_types: what the parts said they are, by SHA-2 sum, as far as they said it.
        is_batch: they came as an array, so paths start with a position.
        book: the rules of the version asked for.

    Raises:
        Refusal: an attachment has neither content nor address; a content belongs to no
            attachment, or is of another kind than those it belongs to; or a signature is
            malformed.
    """
    spoken_of: dict[str, set[str]] = {}
    for position, statement in enumerate(statements):
        root = f"$[{position}]" if is_batch else "$"
        for path, attachment in attachments_of(statement):
            sum_ = attachment["sha2"].lower()
            spoken_of.setdefault(sum_, set()).add(_bare(attachment["contentType"]))
            content = contents.get(sum_)
            if content is None and "fileUrl" not in attachment:
                message = "Send the content of this attachment as a part, or give its fileUrl."
                raise Refusal(root + path, "attachments", message)
            if content is not None and attachment["usageType"] == SIGNATURE:
                check_signature(content, statement, attachment, root + path, book)
    strangers = contents.keys() - spoken_of
    if strangers:
        message = f"No statement has an attachment with the SHA-2 sum {min(strangers)}."
        raise Refusal("$", "multipart", message)
    for sum_, kinds in (media_types or {}).items():
        others = set(kinds) - spoken_of[sum_]
        if others:
            message = (
                f"The part with the SHA-2 sum {sum_} is sent as {min(others)[:100]} and its"
                f" attachment says {min(spoken_of[sum_])[:100]}; send one or the other."
            )
            raise Refusal("$", "multipart", message)
