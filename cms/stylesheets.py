"""Turn the NHS.UK design system's compiled sheet into one of our own for both directions.

The sheet comes inside the package wagtail-nhsuk-frontend with fixed colours, fonts of another host
and physical left and right. What leaves here names only our custom properties, asks no host for
anything, and reads the same from either side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2 import ast

from cms.stylesheet_rules import COLOURS, DROPPED_VARIANTS, HAND_RULES, KEPT_COMPONENTS

_RENAMED = {
    "left": "inset-inline-start",
    "right": "inset-inline-end",
    "border-top-left-radius": "border-start-start-radius",
    "border-top-right-radius": "border-start-end-radius",
    "border-bottom-left-radius": "border-end-start-radius",
    "border-bottom-right-radius": "border-end-end-radius",
} | {
    f"{box}-{side}{part}": f"{box}-inline-{end}{part}"
    for box, parts in {
        "margin": ("",),
        "padding": ("",),
        "scroll-margin": ("",),
        "scroll-padding": ("",),
        "border": ("", "-color", "-style", "-width"),
    }.items()
    for part in parts
    for side, end in (("left", "start"), ("right", "end"))
}
_KEYWORDS = {
    "text-align": {"left": "start", "right": "end"},
    "justify-content": {"left": "start", "right": "end"},
    "float": {"left": "inline-start", "right": "inline-end"},
    "clear": {"left": "inline-start", "right": "inline-end"},
}
_BOXES = {
    "margin": ("margin-block", "margin-inline"),
    "padding": ("padding-block", "padding-inline"),
    "inset": ("inset-block", "inset-inline"),
    "border-width": ("border-block-width", "border-inline-width"),
    "border-color": ("border-block-color", "border-inline-color"),
    "border-style": ("border-block-style", "border-inline-style"),
}
_CORNERS = ("start-start", "start-end", "end-end", "end-start")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)", re.IGNORECASE)
_FOREIGN = re.compile(r"url\(\s*['\"]?(?:https?:)?//", re.IGNORECASE)
_MIRRORED = re.compile(r"rotate|translate(?:X|3d)?\(|skew|matrix|polygon|path\(", re.IGNORECASE)
_CLASS = re.compile(r"\.nhsuk-([a-z-]+)")
_OLD_BROWSERS = re.compile(r"^(?:-ms-|-moz-|-webkit-clip-path|_|\*)|^(?:clip|page-break-inside)$")


class UnknownColour(ValueError):
    """The sheet has a colour that COLOURS gives no meaning."""


class UnknownMirror(ValueError):
    """The sheet draws something sideways that HAND_RULES does not mirror."""


def build_stylesheet(css: str, *, components: frozenset[str] = KEPT_COMPONENTS) -> str:
    """Return the parts of an NHS.UK sheet that we use, in our colours and free of left and right.

    Raises:
        UnknownColour: a colour has no meaning in COLOURS.
        UnknownMirror: a drawing has no mirror image in HAND_RULES.
    """
    by_hand: dict[str, None] = {}
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_rules(rules, components, by_hand)) + "".join(by_hand)


def logical_declarations(name: str, value: str) -> list[tuple[str, str]]:
    """Return what one physical declaration says, as logical ones.

    Physical and logical longhands set the same thing in a left-to-right page, so the order of
    declarations keeps its meaning.
    """
    if name in _RENAMED:
        return [(_RENAMED[name], value)]
    if name in _KEYWORDS:
        return [(name, _KEYWORDS[name].get(value.strip(), value))]
    if name in _BOXES or name == "border-radius":
        return _sides(name, _parts(value))
    return [(name, value)]


def coloured(value: str) -> str:
    """Return a value with every colour replaced by the custom property that stands for it."""
    return _COLOUR.sub(_custom_property, value)


def _custom_property(match: re.Match[str]) -> str:
    colour = match.group().lower()
    if colour not in COLOURS:
        raise UnknownColour(f"{colour} has no meaning in cms/stylesheet_rules.py: give it one.")
    return f"var({COLOURS[colour]})"


def _rules(
    rules: Iterable[ast.Node], components: frozenset[str], by_hand: dict[str, None]
) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _selectors(rule.prelude) if _is_kept(s, components)]
            body = ";".join(_declarations(selectors, rule.content, by_hand))
            if selectors and body:
                yield f"{','.join(selectors)}{{{body}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"}:
            prelude = tinycss2.serialize(rule.prelude).strip()
            if "-ms-high-contrast" in prelude and "forced-colors" not in prelude:
                continue
            nested = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            inner = "".join(_rules(nested, components, by_hand))
            if inner:
                yield f"@{rule.lower_at_keyword} {prelude}{{{inner}}}"


def _declarations(
    selectors: list[str], content: list[ast.Node], by_hand: dict[str, None]
) -> Iterator[str]:
    if not selectors:
        return
    for found in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if found.type != "declaration" or found.name.startswith("--nhsuk"):
            continue
        value = tinycss2.serialize(found.value).strip()
        if _OLD_BROWSERS.search(found.lower_name) or _FOREIGN.search(value):
            continue
        if found.lower_name == "font-family" and "Frutiger" in value:
            value = "var(--font-text)"
        _note_mirror(selectors, found.lower_name, value, by_hand)
        important = "!important" if found.important else ""
        for name, logical in logical_declarations(found.lower_name, coloured(value)):
            yield f"{name}:{logical}{important}"


def _note_mirror(selectors: list[str], name: str, value: str, by_hand: dict[str, None]) -> None:
    sideways = _MIRRORED.search(value) or name == "background-position"
    if not sideways or "inset(" in value:
        return
    for selector in selectors:
        if (selector, name) not in HAND_RULES:
            raise UnknownMirror(
                f"{selector} {{{name}: {value}}} may point sideways: say how it mirrors in "
                "cms/stylesheet_rules.py."
            )
        by_hand[HAND_RULES[selector, name]] = None


def _is_kept(selector: str, components: frozenset[str]) -> bool:
    if any(variant in selector for variant in DROPPED_VARIANTS):
        return False
    return all(
        any(found == kept or found.startswith((f"{kept}-", f"{kept}_")) for kept in components)
        for found in _CLASS.findall(selector)
    )


def _selectors(prelude: list[ast.Node]) -> list[str]:
    groups: list[list[ast.Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            groups.append([])
        else:
            groups[-1].append(token)
    return [tinycss2.serialize(group).strip() for group in groups]


def _parts(value: str) -> list[str]:
    tokens = tinycss2.parse_component_value_list(value)
    return [tinycss2.serialize([t]) for t in tokens if t.type not in {"whitespace", "comment"}]


def _sides(name: str, parts: list[str]) -> list[tuple[str, str]]:
    if name == "border-radius":
        if "/" in parts:
            raise UnknownMirror("An elliptic border-radius has no logical shorthand: write it out.")
        first, second, third, fourth = _four(parts)
        if (first, fourth) == (second, third):
            return [(name, " ".join(parts))]
        corners = zip(_CORNERS, (first, second, third, fourth), strict=True)
        return [(f"border-{corner}-radius", value) for corner, value in corners]
    top, right, bottom, left = _four(parts)
    if right == left:
        return [(name, " ".join(parts))]
    block, inline = _BOXES[name]
    return [(block, f"{top} {bottom}"), (inline, f"{left} {right}")]


def _four(parts: list[str]) -> tuple[str, str, str, str]:
    first = parts[0]
    second = parts[1] if len(parts) > 1 else first
    third = parts[2] if len(parts) > 2 else first
    fourth = parts[3] if len(parts) > 3 else second
    return first, second, third, fourth
