"""Another issuer of bearer tokens: it signs them, and publishes its keys on loopback."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

AUDIENCE = "careweave-records"


class Issuer:
    """An issuer with a key of each kind; ``asked`` counts how often its keys were fetched."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: tuple[int, dict[str, str]] = (200, {})
        self.body: bytes | None = None
        """What stands where its keys should be."""
        self.url = ""
        self.private: dict[str, Any] = {
            "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ES256": ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate(),
        }
        self.published = [self.public(name) for name in self.private]

    def public(self, name: str) -> dict[str, Any]:
        """A public key as it is published; its kid is the algorithm."""
        algorithm = jwt.get_algorithm_by_name(name)
        described = algorithm.to_jwk(self.private[name].public_key(), as_dict=True)
        return {**described, "kid": name, "use": "sig"}

    def token(self, algorithm: str = "RS256", kid: str | None = "", **claims: Any) -> str:
        """A signed token; claims that are None are left out."""
        said = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "a-system",
            "exp": int(time.time()) + 300,
            "scope": "all",
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        key = self.private["RS256" if algorithm == "PS256" else algorithm]
        headers = {} if kid is None else {"kid": kid or algorithm}
        return jwt.encode(said, key, algorithm=algorithm, headers=headers)


@contextmanager
def open_issuer() -> Iterator[Issuer]:
    """An issuer whose keys can be fetched."""
    issuer = Issuer()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            status, headers = issuer.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if issuer.body is not None:
                self.wfile.write(issuer.body)
            elif self.path == "/keys":
                self.wfile.write(json.dumps({"keys": issuer.published}).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
