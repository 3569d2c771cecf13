"""Telling a webhook of statements, one request each, signed as Standard Webhooks has it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lrs.enums import SendingTrouble
from lrs.exporters.stores import asked, meaning_of
from lrs.outside import Ask, Reachable
from lrs.rules.pacing import Pace
from lrs.rules.sending import ARRIVED, Item, Meaning, Verdict, said
from lrs.rules.times import format_instant
from lrs.rules.webhooks import signed_headers

STORED = "statement.stored"
TRIED = "connection.tried"


@dataclass(frozen=True, slots=True)
class WebhookReceiver:
    """A webhook."""

    target: UUID
    address: str
    secrets: Sequence[str]
    reachable: Reachable
    pace: Pace
    clock: Callable[[], datetime]

    batch = 1

    def send(self, items: Sequence[Item]) -> Verdict:
        """Tell it of one statement."""
        (item,) = items
        body = b'{"type":"%s","timestamp":"%s","data":{"statement":%s,"is_void":%s}}' % (
            STORED.encode(),
            format_instant(item.stored).encode(),
            item.payload.encode(),
            b"true" if item.is_void else b"false",
        )
        return self._tell(f"msg_{self.target.hex}_{item.uuid.hex}", body)

    def try_out(self) -> Verdict:
        """Send it a message that speaks of no statement."""
        now = self.clock()
        body = b'{"type":"%s","timestamp":"%s","data":{}}' % (
            TRIED.encode(),
            format_instant(now).encode(),
        )
        return self._tell(f"msg_{self.target.hex}_{now.timestamp():.6f}", body)

    def _tell(self, message_id: str, body: bytes) -> Verdict:
        signed = signed_headers(
            message_id=message_id,
            at_seconds=int(self.clock().timestamp()),
            body=body,
            secrets=self.secrets,
        )
        answer = asked(
            Ask(
                "POST",
                self.address,
                {"Content-Type": "application/json", **signed},
                body,
                connect_seconds=self.pace.connect,
                answer_seconds=self.pace.answer,
            ),
            self.reachable,
        )
        if isinstance(answer, Verdict):
            return answer
        if 200 <= answer.status < 300:
            return ARRIVED
        if answer.status == 409:
            detail = said(answer.status, answer.body)
            return Verdict(Meaning.REFUSED, SendingTrouble.REFUSED, detail)
        return meaning_of(answer, longest=self.pace.longest_wait)
