"""Signed statements: whether a signature is well formed and of the statement it came with.

As the standard says, this catches mistakes; it does not say that the signer may be trusted.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from lrs.rules.equivalence import are_equivalent, without_signatures
from lrs.rules.parsing import parse_json
from lrs.rules.refusal import Refusal
from lrs.rules.validation import check_statement
from lrs.rules.versions import RuleBook

_HASHES: Final[Mapping[str, type[SHA256] | type[SHA384] | type[SHA512]]] = {
    "RS256": SHA256,
    "RS384": SHA384,
    "RS512": SHA512,
}


def check_signature(
    content: bytes,
    statement: Mapping[str, Any],
    attachment: Mapping[str, Any],
    path: str,
    book: RuleBook,
) -> None:
    """Refuse a malformed signature.

    Args:
        content: of the attachment: a JSON web signature in compact form.
        statement: the statement it came with, validated.
        attachment: what the statement says of it.
        path: of that attachment.
        book: the rules of the version asked for.

    Raises:
        Refusal: not a signature, not by an RSA algorithm of the standard, not of this statement,
            or not made with the certificate it carries.
    """
    if attachment["contentType"].split(";")[0].strip().lower() != "application/octet-stream":
        message = "Send a signature as application/octet-stream."
        raise Refusal(f"{path}.contentType", "signature", message)
    sections = content.split(b".")
    if len(sections) != 3:
        message = "A signature has three sections with dots between: JWS compact serialisation."
        raise Refusal(path, "signature", message)
    header = _json(sections[0], path, "header")
    payload = _json(sections[1], path, "payload")
    algorithm = str(header.get("alg"))
    if algorithm not in _HASHES:
        message = "Sign with RS256, RS384 or RS512."
        raise Refusal(path, "signature", message)
    try:
        check_statement(payload, "$", book)
    except Refusal as error:
        message = f"The signature's payload is not a statement ({error})"
        raise Refusal(path, "signature", message) from error
    if not are_equivalent(without_signatures(payload), without_signatures(statement)):
        message = "The signature is of another statement than this; sign it as it is sent."
        raise Refusal(path, "signature", message)
    if "x5c" in header:
        signed = sections[0] + b"." + sections[1]
        _check_certificate(header["x5c"], algorithm, signed, _bytes(sections[2], path), path)


def _bytes(section: bytes, path: str) -> bytes:
    try:
        return base64.b64decode(section + b"=" * (-len(section) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        message = "Write the three sections of a signature in base64url."
        raise Refusal(path, "signature", message) from error


def _json(section: bytes, path: str, name: str) -> dict[str, Any]:
    try:
        value = parse_json(_bytes(section, path))
    except Refusal as error:
        message = f"The signature's {name} is not JSON in base64url: {error.message}"
        raise Refusal(path, "signature", message) from error
    if not isinstance(value, dict):
        raise Refusal(path, "signature", f"The signature's {name} is not an object.")
    return value


def _check_certificate(
    chain: Any, algorithm: str, signed: bytes, signature: bytes, path: str
) -> None:
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(chain[0]))
        key = certificate.public_key()
    except (ValueError, TypeError, KeyError, IndexError, UnsupportedAlgorithm) as error:
        message = "The certificate in the signature's x5c cannot be read."
        raise Refusal(path, "signature", message) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise Refusal(path, "signature", "The certificate in x5c must have an RSA key.")
    try:
        key.verify(signature, signed, padding.PKCS1v15(), _HASHES[algorithm]())
    except (InvalidSignature, UnsupportedAlgorithm) as error:
        message = "The signature was not made with the key of the certificate in its x5c."
        raise Refusal(path, "signature", message) from error
