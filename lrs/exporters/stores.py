"""Sending statements to another record store, and what its answers mean."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import orjson

from lrs.enums import SendingTrouble
from lrs.outside import Answer, Ask, Failed, Forbidden, Reachable, ask
from lrs.rules.equivalence import are_equivalent
from lrs.rules.pacing import Pace, retry_after_seconds
from lrs.rules.parts import with_contents
from lrs.rules.sending import ARRIVED, Item, Meaning, Verdict, said, text_to_send

BATCH: Final = 50
MOST_BYTES: Final = 4 * 1024 * 1024
_VERSION: Final = "X-Experience-API-Version"


@dataclass(frozen=True, slots=True)
class StoreReceiver:
    """A record store elsewhere."""

    endpoint: str
    """The address above ``/statements``."""
    version: str
    key: str
    secret: str
    reachable: Reachable
    pace: Pace

    batch = BATCH

    def send(self, items: Sequence[Item]) -> Verdict:
        """Send statements in one request: all of them are taken, or none."""
        body = b"[%s]" % b",".join(text_to_send(one.payload, version=self.version) for one in items)
        content_type = "application/json"
        contents = {sum_: text for one in items for sum_, text in one.attachments.items()}
        if contents:
            body, content_type = with_contents(
                body,
                statements=[orjson.loads(one.payload) for one in items],
                contents=contents,
                boundary=secrets.token_hex(16),
            )
        answer = self._ask("POST", "statements", body, content_type)
        if isinstance(answer, Verdict):
            return answer
        if answer.status in (200, 204) and _took(answer, items):
            return ARRIVED
        if answer.status == 409 and len(items) == 1:
            return self._compared(items[0], answer)
        return meaning_of(answer, longest=self.pace.longest_wait)

    def try_out(self) -> Verdict:
        """Ask for one statement, to see whether address and key are right."""
        answer = self._ask("GET", "statements?limit=1", None, "")
        if isinstance(answer, Verdict):
            return answer
        if answer.status == 200 and b'"statements"' in answer.body:
            return ARRIVED
        if answer.status == 403 and _VERSION.lower() in answer.headers:
            return ARRIVED  # a key that may only write
        found = meaning_of(answer, longest=self.pace.longest_wait)
        if answer.status < 300 or found.meaning is Meaning.REFUSED:
            detail = said(answer.status, answer.body)
            return Verdict(Meaning.UNWELL, SendingTrouble.ADDRESS, detail)
        return found

    def _compared(self, item: Item, refusal: Answer) -> Verdict:
        """It holds a statement with this id: is it this one?"""
        for name in ("statementId", "voidedStatementId"):
            answer = self._ask("GET", f"statements?{urlencode({name: str(item.uuid)})}", None, "")
            if isinstance(answer, Verdict):
                return answer
            if answer.status == 200:
                try:
                    is_same = are_equivalent(orjson.loads(item.payload), orjson.loads(answer.body))
                except (ValueError, KeyError, TypeError, AttributeError):
                    is_same = False
                if is_same:
                    return ARRIVED
                break
            if answer.status >= 500 or answer.status == 429:
                return meaning_of(answer, longest=self.pace.longest_wait)
        detail = said(refusal.status, refusal.body)
        return Verdict(Meaning.REFUSED, SendingTrouble.CONFLICT, detail)

    def _ask(
        self, method: str, resource: str, body: bytes | None, content_type: str
    ) -> Answer | Verdict:
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", _VERSION: self.version}
        if content_type:
            headers["Content-Type"] = content_type
        return asked(
            Ask(
                method,
                f"{self.endpoint.rstrip('/')}/{resource}",
                headers,
                body,
                connect_seconds=self.pace.connect,
                answer_seconds=self.pace.answer,
            ),
            self.reachable,
        )


def asked(request: Ask, reachable: Reachable) -> Answer | Verdict:
    """Return the answer, or what it means that there is none."""
    try:
        return ask(request, reachable)
    except Forbidden as error:
        return Verdict(Meaning.UNWELL, SendingTrouble.FORBIDDEN_ADDRESS, str(error))
    except Failed as error:
        if error.kind == "unreachable":
            return Verdict(Meaning.UNWELL, SendingTrouble.UNREACHABLE, str(error))
        trouble = SendingTrouble.SLOW if error.kind == "slow" else SendingTrouble.BROKEN
        return Verdict(Meaning.DOUBTFUL, trouble, str(error))


def meaning_of(answer: Answer, *, longest: float) -> Verdict:
    """Return what an answer means that is not the one we hoped for."""
    status, detail = answer.status, said(answer.status, answer.body)
    if status in (429, 503):
        header = answer.headers.get("retry-after", "")
        wait = retry_after_seconds(header, now=datetime.now(UTC), most=longest)
        return Verdict(Meaning.UNWELL, SendingTrouble.BUSY, detail, wait)
    if status in (401, 403):
        return Verdict(Meaning.UNWELL, SendingTrouble.KEY, detail)
    if 300 <= status < 400:
        where = answer.headers.get("location", "")
        return Verdict(Meaning.UNWELL, SendingTrouble.MOVED, said(status, where.encode()))
    if status < 300 or status in (404, 405, 410):
        return Verdict(Meaning.UNWELL, SendingTrouble.ADDRESS, detail)
    if status == 408:
        return Verdict(Meaning.DOUBTFUL, SendingTrouble.SLOW, detail)
    if status >= 500:
        return Verdict(Meaning.DOUBTFUL, SendingTrouble.ERROR, detail)
    trouble = {409: SendingTrouble.CONFLICT, 413: SendingTrouble.TOO_LARGE}.get(
        status, SendingTrouble.REFUSED
    )
    return Verdict(Meaning.REFUSED, trouble, detail)


def _took(answer: Answer, items: Sequence[Item]) -> bool:
    """Return whether this is how a record store says yes; a web page with 200 is not."""
    if answer.status == 204:
        return _VERSION.lower() in answer.headers
    try:
        ids = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(ids, list) and {str(one).lower() for one in ids} == {
        str(item.uuid) for item in items
    }
