"""Read starter courses from their text files: Markdown with front matter and fenced blocks.

The format is described in docs/reference/starter-content.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import frontmatter
import yaml
from markdown_it import MarkdownIt

FENCE = re.compile(r"^:::\s*(?P<kind>[a-z]+)(?:\s+(?P<rest>.*?))?\s*$")
OPTION = re.compile(r"^- \[(?P<mark>[ xX])\]\s+(?P<text>.+)$")
KINDS = {"callout", "vignette", "reflection", "check", "image", "video", "quiz"}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class UnreadableStarterFile(ValueError):
    """The file does not follow the format; the message says which line and what to do."""


@dataclass(frozen=True)
class Option:
    """An answer to choose in a knowledge check."""

    text: str
    is_right: bool
    feedback: str


@dataclass(frozen=True)
class Block:
    """A piece of a page's body; which fields are filled depends on ``kind``."""

    kind: str
    identity: str
    title: str = ""
    html: str = ""
    options: tuple[Option, ...] = ()
    source: str = ""
    alt: str = ""
    caption: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class StarterFile:
    """One file: what its front matter says, and its body."""

    title: str
    summary: str
    blocks: tuple[Block, ...]
    minutes: int = 0
    audience: str = ""
    checked_by: str = ""
    proves: tuple[tuple[str, str], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def read_starter_file(text: str, *, name: str) -> StarterFile:
    """Return what a file says.

    Raises:
        UnreadableStarterFile: with the file's name, the line and what to do.
    """
    try:
        post = frontmatter.loads(text)
    except yaml.YAMLError as error:
        raise UnreadableStarterFile(f"{name}: the front matter is not YAML: {error}") from error
    meta: dict[str, Any] = dict(post.metadata)
    if not meta.get("title"):
        raise UnreadableStarterFile(f"{name}: the front matter needs a title.")
    proves = []
    for one in meta.pop("proves", None) or []:
        if not isinstance(one, dict) or {"competency", "level"} - one.keys():
            raise UnreadableStarterFile(
                f"{name}: write proves as [{{competency: F1.1, level: essential}}]."
            )
        proves.append((str(one["competency"]), str(one["level"])))
    return StarterFile(
        title=str(meta.pop("title")),
        summary=str(meta.pop("summary", "") or ""),
        minutes=int(meta.pop("minutes", 0) or 0),
        audience=str(meta.pop("audience", "") or ""),
        checked_by=str(meta.pop("checked_by", "") or ""),
        proves=tuple(proves),
        blocks=tuple(_blocks(post.content, name=name)),
        extra=meta,
    )


def to_html(markdown: str) -> str:
    """Return CommonMark as HTML on one line a block, as the page editor keeps it."""
    return re.sub(r">\n+(?=<)", ">", _markdown.render(markdown).strip())


def _blocks(body: str, *, name: str) -> list[Block]:
    found: list[Block] = []
    counts: dict[str, int] = {}

    def identity(kind: str) -> str:
        counts[kind] = counts.get(kind, 0) + 1
        return f"{kind}-{counts[kind]}"

    text: list[str] = []

    def flush() -> None:
        for part in _text_and_tables("\n".join(text)):
            kind = "text" if isinstance(part, str) else "table"
            found.append(
                Block(kind, identity(kind), html=to_html(part))
                if isinstance(part, str)
                else Block(kind, identity(kind), rows=part)
            )
        text.clear()

    lines = body.splitlines()
    place = 0
    while place < len(lines):
        fence = FENCE.match(lines[place])
        if fence is None:
            text.append(lines[place])
            place += 1
            continue
        if fence["kind"] not in KINDS:
            raise UnreadableStarterFile(
                f"{name}: there is no block called {fence['kind']}; there are "
                f"{', '.join(sorted(KINDS))}."
            )
        flush()
        end = next((at for at in range(place + 1, len(lines)) if lines[at].strip() == ":::"), None)
        if end is None:
            raise UnreadableStarterFile(
                f"{name}: the block {lines[place].strip()!r} is never closed with :::."
            )
        inside = lines[place + 1 : end]
        kind, rest = fence["kind"], fence["rest"] or ""
        found.append(_block(kind, rest, inside, fallback=identity(kind), name=name))
        place = end + 1
    flush()
    return found


def _block(kind: str, rest: str, inside: Sequence[str], *, fallback: str, name: str) -> Block:
    if kind in {"callout", "vignette"}:
        return Block(kind, fallback, title=rest, html=to_html("\n".join(inside)))
    if kind in {"image", "video"}:
        said = yaml.safe_load("\n".join(inside)) or {}
        if kind == "image" and not said.get("alt"):
            raise UnreadableStarterFile(f"{name}: the picture {rest} needs an alt text.")
        return Block(
            kind,
            fallback,
            source=rest,
            title=str(said.get("title", "")),
            alt=str(said.get("alt", "")),
            caption=str(said.get("caption", "") or ""),
            html=to_html(str(said.get("transcript", ""))),
        )
    if not rest:
        raise UnreadableStarterFile(f"{name}: a {kind} needs an identity after its name.")
    if kind == "quiz":
        return Block(kind, rest)
    if kind == "reflection":
        return Block(kind, rest, html=to_html("\n".join(inside)))
    return _check(rest, inside, name=name)


def _check(identity: str, inside: Sequence[str], *, name: str) -> Block:
    question: list[str] = []
    options: list[tuple[str, bool, list[str]]] = []
    for line in inside:
        match = OPTION.match(line)
        if match:
            options.append((match["text"].strip(), match["mark"] in "xX", []))
        elif not options:
            question.append(line)
        elif line.strip():
            stripped = line.strip()
            text, right, feedback = options[-1]
            if stripped.startswith(">"):
                feedback.append(stripped.lstrip("> ").strip())
            elif feedback:
                feedback.append(stripped)
            else:
                options[-1] = (f"{text} {stripped}", right, feedback)
    if len(options) < 2 or not any(right for _, right, _ in options):
        raise UnreadableStarterFile(
            f"{name}: the check {identity} needs two options or more, one of them right."
        )
    return Block(
        "check",
        identity,
        html=to_html("\n".join(question)),
        options=tuple(Option(text, right, " ".join(said)) for text, right, said in options),
    )


def _text_and_tables(markdown: str) -> list[str | tuple[tuple[str, ...], ...]]:
    """Split text from its tables, which are blocks of their own."""
    parts: list[str | tuple[tuple[str, ...], ...]] = []
    text: list[str] = []
    rows: list[tuple[str, ...]] = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
            continue
        if rows:
            if "\n".join(text).strip():
                parts.append("\n".join(text))
            parts.append(tuple(rows))
            text, rows = [], []
        text.append(line)
    if "\n".join(text).strip():
        parts.append("\n".join(text))
    return parts
