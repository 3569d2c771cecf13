"""Why something sent to us was refused, in words its sender can act on."""

from typing import Final

# The clause of each rule, first in xAPI 1.0.3 (part and section of the published
# specification), then in xAPI 2.0 (section of IEEE 9274.1.1).
CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "json": ("Data 2.2", "4.2.1"),
    "format": ("Data 2.2", "4.2.1"),
    "statement": ("Data 2.4", "4.2.4"),
    "batch": ("Communication 2.1.2", "4.1.6.1"),
    "id": ("Data 2.4.1", "4.2.4.2"),
    "actor": ("Data 2.4.2", "4.2.2.1"),
    "agent": ("Data 2.4.2.1", "4.2.2.1"),
    "group": ("Data 2.4.2.2", "4.2.2.1"),
    "identifier": ("Data 2.4.2.3", "4.2.2.1"),
    "account": ("Data 2.4.2.4", "4.2.2.1"),
    "verb": ("Data 2.4.3", "4.2.2.2"),
    "voiding": ("Data 2.3.2", "4.2.5"),
    "object": ("Data 2.4.4", "4.2.2.3"),
    "activity": ("Data 2.4.4.1", "4.2.2.3"),
    "interaction": ("Data 2.4.4.1", "4.2.2.3"),
    "statementref": ("Data 2.4.4.3", "4.2.2.3"),
    "substatement": ("Data 2.4.4.3", "4.2.2.3"),
    "result": ("Data 2.4.5", "4.2.2.4"),
    "score": ("Data 2.4.5.1", "4.2.2.4"),
    "context": ("Data 2.4.6", "4.2.2.5"),
    "registration": ("Data 2.4.6.1", "4.2.2.5"),
    "contextactivities": ("Data 2.4.6.2", "4.2.2.5"),
    "contextagents": ("Data 2.4.6", "4.2.2.5"),
    "timestamp": ("Data 2.4.7", "4.2.4.2"),
    "stored": ("Data 2.4.8", "4.2.4.2"),
    "authority": ("Data 2.4.9", "4.2.4.2"),
    "version": ("Data 2.4.10", "4.2.4.3"),
    "attachments": ("Data 2.4.11", "4.2.2.6"),
    "signature": ("Data 2.6", "4.2.6"),
    "extensions": ("Data 4.1", "4.2.7"),
    "language": ("Data 4.2", "4.2.7"),
    "iri": ("Data 4.3", "4.2.7"),
    "uuid": ("Data 4.4", "4.2.7"),
    "time": ("Data 4.5", "4.2.7"),
    "duration": ("Data 4.6", "4.2.7"),
    "parameters": ("Communication 3.2", "4.1.3"),
    "documents": ("Communication 2.2", "4.1.6"),
    "concurrency": ("Communication 3.1", "4.1.4"),
    "multipart": ("Communication 1.5.2", "4.1.3"),
}


class Refusal(ValueError):
    """Something sent to us breaks a rule of the standard.

    Attributes:
        path: where, as a JSON path from the statement or batch (``$.actor.mbox``).
        rule: a key of ``CLAUSES``.
        message: a sentence that says what to do.
    """

    def __init__(self, path: str, rule: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"

    def clause(self, version: str) -> str:
        """Return the clause of the standard, for the version the sender asked for."""
        first, second = CLAUSES[self.rule]
        return f"IEEE 9274.1.1 {second}" if version.startswith("2.") else f"xAPI 1.0.3 {first}"
