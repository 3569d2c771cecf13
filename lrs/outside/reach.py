"""Which addresses outside we may send to.

An organisation's administrator names the address, and this server asks for it: without care that
would open what only this server can reach. So a name is looked up once, every address it has must
be one of the open internet, and the connection is made to the address that was looked at.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

_AS_THEY_ARE: Final = "".join(chr(number) for number in range(33, 127))


class Forbidden(Exception):
    """We do not send to this address; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """What the operator allows beyond https to the open internet."""

    hosts: frozenset[str] = field(default_factory=frozenset)
    """Names in lower case that may be on a private network and may be asked by http."""
    is_anywhere: bool = False
    """The operator gave the address; nothing is forbidden."""


ANYWHERE: Final = Reachable(is_anywhere=True)


def check_address(address: str, reachable: Reachable) -> SplitResult:
    """Return the parts of an address that we may send to, as far as it says itself.

    Raises:
        Forbidden: with a sentence that says what to do.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Forbidden(
            "Write a whole web address, such as https://lrs.example.org/xapi."
        ) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Forbidden("Write a whole web address, such as https://lrs.example.org/xapi.")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("Put the key and secret in their own fields, not in the address.")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in address):
        raise Forbidden("Write the address without spaces.")
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in address):
        raise Forbidden("Write a whole web address, such as https://lrs.example.org/xapi.")
    parts = _in_ascii(parts)
    if parts.scheme == "http" and not _is_open(parts, reachable):
        raise Forbidden("Use https, so that nobody on the way can read what is sent.")
    return parts


def _in_ascii(parts: SplitResult) -> SplitResult:
    """Return an address as it goes over the wire, where it has letters beyond ASCII (RFC 3987)."""
    if all(part.isascii() for part in parts):
        return parts
    netloc = parts.netloc
    if not netloc.isascii():
        try:
            host = str(parts.hostname).encode("idna").decode()
        except UnicodeError as error:
            raise Forbidden(
                "Write a whole web address, such as https://lrs.example.org/xapi."
            ) from error
        netloc = host if parts.port is None else f"{host}:{parts.port}"
    path, query = (quote(part, safe=_AS_THEY_ARE) for part in (parts.path, parts.query))
    return SplitResult(parts.scheme, netloc, path, query, parts.fragment)


def address_to_connect(parts: SplitResult, reachable: Reachable) -> str:
    """Return the IP address to connect to, of an address that `check_address` let through.

    Raises:
        Forbidden: one of its addresses is not of the open internet.
        OSError: the name is not known.
    """
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not _is_open(parts, reachable):
        _check_public(found)
    return found[0]


def _is_open(parts: SplitResult, reachable: Reachable) -> bool:
    return reachable.is_anywhere or str(parts.hostname).lower() in reachable.hosts


def _check_public(addresses: Sequence[str]) -> None:
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        if not address.is_global or address.is_multicast or (inner and not inner.is_global):
            raise Forbidden(
                "This address is inside a private network. The operator can allow it by naming "
                "its host in SENDING_HOSTS."
            )
