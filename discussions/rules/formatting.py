"""From what somebody typed to safe HTML, and to plain words."""

import html
import re

import nh3
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
ALLOWED_SCHEMES = {"http", "https", "mailto"}

_MARKDOWN = MarkdownIt("zero", {"breaks": True, "html": False}).enable(
    ["blockquote", "list", "emphasis", "link", "autolink", "newline", "escape", "entity"]
)
_BLOCK_END = re.compile(r"</(?:p|li|blockquote)>|<br>")
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_QUOTE_MARK = re.compile(r"(</?blockquote>)")


def safe_html(source: str) -> str:
    """Return what was typed as HTML that can be shown to anybody.

    Understands paragraphs, line breaks, ``*emphasis*``, ``**strong**``, lists, quotes and links;
    anything else, HTML too, stays as the characters that were typed. Links open nothing but web
    and mail addresses, and tell search engines nothing.
    """
    return nh3.clean(
        _MARKDOWN.render(source),
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes=ALLOWED_SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    ).strip()


def plain_words(safe: str) -> str:
    """Return the words of safe HTML without its marks, a line for each block."""
    with_breaks = _BLOCK_END.sub("\n", safe)
    words = html.unescape(_TAG.sub("", with_breaks))
    lines = (_SPACES.sub(" ", line).strip() for line in words.splitlines())
    return "\n".join(line for line in lines if line)


def own_words(safe: str) -> str:
    """Return the plain words of safe HTML, leaving out what it quotes."""
    depth = 0
    kept: list[str] = []
    for part in _QUOTE_MARK.split(safe):
        if part == "<blockquote>":
            depth += 1
        elif part == "</blockquote>":
            depth -= 1
        elif depth == 0:
            kept.append(part)
    return plain_words("".join(kept))


def quoted(source: str, *, name: str) -> str:
    """Return ``source`` as a quote of ``name`` to begin an answer with."""
    lines = source.strip().splitlines()
    return "\n".join([f"> **{name}**", ">", *(f"> {line}".rstrip() for line in lines), "", ""])
