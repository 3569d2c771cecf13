"""Statements from another record store, a page at a time."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
import orjson

from lrs.importers.contents import is_content_of
from lrs.importers.statements import Line, take_in
from lrs.outside import ANYWHERE, Answer, Ask, Failed, Forbidden, ask
from lrs.rules.multipart import boundary_of, read_parts
from lrs.rules.pacing import Pace, retry_after_seconds
from lrs.rules.parts import attachments_of
from lrs.rules.refusal import Refusal
from lrs.rules.sending import said, said_text
from lrs.rules.times import format_instant, parse_instant
from lrs.rules.validation.statements import VOIDED
from lrs.rules.versions import XAPI_1_0, XAPI_2_0

PAGE: Final = 100
_MOST_BYTES: Final = 256 * 1024 * 1024
_ATTEMPTS: Final = 8
_PACE: Final = Pace(first_wait=1.0, longest_wait=120.0)


class BadSource(Exception):
    """Nothing can be brought in from there; the sentence says what to do."""


class _Page(msgspec.Struct):
    statements: list[msgspec.Raw]
    more: str | None = None


@dataclass(frozen=True, slots=True)
class RemotePage:
    """A page of another store's list."""

    lines: list[Line]
    """Voided statements stand before the one that voids them."""
    last_stored: datetime | None
    """Of the statements of the list."""
    is_in_order: bool
    """They came in the order in which they were stored, as was asked."""
    not_had: int
    """Voided statements that the store does not give."""


@dataclass(slots=True)
class RemoteStore:
    """Another record store."""

    endpoint: str
    """The address above ``/statements``."""
    key: str
    secret: str
    version: str = ""
    """Empty: the newest that both speak."""
    page: int = PAGE
    answer_seconds: float = 120.0
    pace: Pace = _PACE
    on_wait: Callable[[str, float], None] = lambda why, seconds: None
    _count: int = field(default=0, init=False)

    def agree_on_version(self) -> str:
        """Return the version to speak, the newest that both do."""
        if not self.version:
            self.version = XAPI_1_0.version
            try:
                told = orjson.loads(self._ask(self._address("about"), may_fail=True).body)
                versions = [str(one) for one in told["version"]]
            except (ValueError, TypeError, KeyError):
                versions = []
            if any(one.startswith("2.0") for one in versions):
                self.version = XAPI_2_0.version
        return self.version

    def pages(
        self,
        *,
        since: datetime | None,
        until: datetime | None,
        is_known: Callable[[str], bool],
    ) -> Iterator[RemotePage]:
        """Yield what it stored after ``since`` until ``until``, oldest first.

        Args:
            since: None begins with the first.
            until: None ends with the last.
            is_known: whether we have a statement already, by its id.

        Raises:
            BadSource: it cannot be read, or no further.
        """
        asked = {"ascending": "true", "attachments": "true", "limit": str(self.page)}
        if since is not None:
            asked["since"] = format_instant(since)
        if until is not None:
            asked["until"] = format_instant(until)
        address = self._address("statements", **asked)
        before: datetime | None = since
        been: set[bytes] = set()
        while address:
            been.add(_mark(address))
            page, contents = self._read(self._ask(address))
            found = self._page(page, contents, before, is_known)
            before = found.last_stored or before
            yield found
            following = self._next(page.more, address)
            if _mark(following) in been:
                raise BadSource(
                    f"Its list goes round in a circle: the page {said_text(address)} leads back to"
                    f" {said_text(following)}, which we have read. What has come so far is kept;"
                    " ask its operator to correct that."
                )
            address = following

    def _page(
        self,
        page: _Page,
        contents: dict[str, bytes],
        before: datetime | None,
        is_known: Callable[[str], bool],
    ) -> RemotePage:
        lines: list[Line] = []
        times: list[datetime] = [] if before is None else [before]
        not_had = 0
        for raw in page.statements:
            self._count += 1
            for line in take_in(self._count, bytes(raw)):
                statement = None if line.refused else orjson.loads(line.raw)
                target = None if statement is None else _voided_by(statement)
                if target is not None and not is_known(target):
                    voided = self._voided(target)
                    lines.extend(voided)
                    not_had += not voided
                lines.append(_with_contents(line, statement, contents))
                if line.stored:
                    times.append(parse_instant(line.stored))
        is_in_order = all(one <= other for one, other in pairwise(times))
        return RemotePage(lines, times[-1] if times else None, is_in_order, not_had)

    def _voided(self, statement_id: str) -> list[Line]:
        address = self._address("statements", voidedStatementId=statement_id, attachments="true")
        answer = self._ask(address, may_fail=True)
        if answer.status == 404:
            return []
        self._good(answer)
        try:
            body, contents = _opened(answer)
        except Refusal:
            return []
        return [
            _with_contents(line, orjson.loads(line.raw), contents)
            for line in take_in(self._count, body)
            if not line.refused
        ]

    def _read(self, answer: Answer) -> tuple[_Page, dict[str, bytes]]:
        try:
            body, contents = _opened(answer)
            return msgspec.json.decode(body, type=_Page), contents
        except (msgspec.MsgspecError, Refusal) as error:
            raise BadSource(
                f"{self.endpoint} answers, but not with a list of statements: it is not a record "
                "store. The endpoint is the address above /statements, often ending in /xapi."
            ) from error

    def _next(self, more: str | None, address: str) -> str:
        if not more:
            return ""
        following = urljoin(address, more)
        here, there = urlsplit(self.endpoint), urlsplit(following)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise BadSource(
                f"Its list goes on at another host, {there.netloc}, and our key is not for that. "
                "Ask its operator to correct its own address."
            )
        return following

    def _address(self, resource: str, **parameters: str) -> str:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.endpoint.rstrip('/')}/{resource}{query}"

    def _ask(self, address: str, *, may_fail: bool = False) -> Answer:
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        request = Ask(
            "GET",
            address,
            {
                "Authorization": f"Basic {basic}",
                "X-Experience-API-Version": self.version,
                "Accept-Encoding": "gzip",
            },
            answer_seconds=self.answer_seconds,
            most_bytes=_MOST_BYTES,
        )
        why = ""
        for attempt in range(1, _ATTEMPTS + 1):
            wait = self.pace.wait(attempt, 1.0)
            try:
                answer = ask(request, ANYWHERE)
            except Forbidden as error:
                raise BadSource(str(error)) from error
            except Failed as error:
                why = str(error)
                if "longer than" in why:
                    raise BadSource(f"{why} Ask for fewer at once, with --page 10.") from error
            else:
                if answer.status != 429 and answer.status < 500:
                    return answer if may_fail else self._good(answer)
                why = f"it answers {said(answer.status, answer.body)}"
                asked = answer.headers.get("retry-after", "")
                wait = max(wait, retry_after_seconds(asked, now=datetime.now(UTC), most=600.0))
            if attempt < _ATTEMPTS:
                self.on_wait(why, wait)
                _pause(wait)
        raise BadSource(
            f"{self.endpoint} could not be read after {_ATTEMPTS} attempts: {why} "
            "What has come so far is kept; run the same again to go on."
        )

    def _good(self, answer: Answer) -> Answer:
        status = answer.status
        if status == 200:
            return answer
        if status in (401, 403):
            raise BadSource(
                f"{self.endpoint} does not let us read ({said(status, answer.body)}). Check the "
                "key and the secret, and that the key may read statements."
            )
        if status in (404, 405, 410):
            raise BadSource(
                f"There are no statements under {self.endpoint} ({status}). The endpoint is the "
                "address above /statements, often ending in /xapi; leave /statements itself out."
            )
        if 300 <= status < 400:
            where = said(status, answer.headers.get("location", "").encode())
            raise BadSource(f"{self.endpoint} sends us elsewhere ({where}); give that address.")
        raise BadSource(f"{self.endpoint} refuses: {said(status, answer.body)}")


def _mark(address: str) -> bytes:
    """What is kept of a page's address: a list may have a million pages."""
    return hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _pause(seconds: float) -> None:
    time.sleep(seconds)


def _opened(answer: Answer) -> tuple[bytes, dict[str, bytes]]:
    """Return the JSON of an answer, and the attachments that came with it."""
    if not answer.content_type.lower().startswith("multipart/mixed"):
        return answer.body, {}
    parts = read_parts(answer.body, boundary_of(answer.content_type))
    if not parts:
        return b"", {}
    found = {}
    for part in parts[1:]:
        sum_ = part.headers.get("x-experience-api-hash", "").lower()
        if is_content_of(sum_, part.content):
            found[sum_] = part.content
    return parts[0].content, found


def _with_contents(line: Line, statement: Any, contents: dict[str, bytes]) -> Line:
    if not contents or statement is None or b'"attachments"' not in line.raw:
        return line
    sums = [one["sha2"].lower() for _, one in attachments_of(statement)]
    return replace(line, attachments={one: contents[one] for one in sums if one in contents})


def _voided_by(statement: dict[str, Any]) -> str | None:
    if statement["verb"]["id"] != VOIDED:
        return None
    target = statement["object"]
    return str(target["id"]).lower() if target.get("objectType") == "StatementRef" else None
