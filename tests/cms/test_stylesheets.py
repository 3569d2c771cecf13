"""The NHS.UK sheet leaves in our colours, asks nobody for anything, and knows no left or right."""

import re
from pathlib import Path

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from cms.assets import ORDER, minified, read_source, site_stylesheet
from cms.fonts import FACES
from cms.stylesheets import (
    UnknownColour,
    UnknownMirror,
    build_stylesheet,
    coloured,
    logical_declarations,
)

BUTTON = frozenset({"button"})
PHYSICAL = re.compile(
    r"^(?:(?:margin|padding|scroll-margin|scroll-padding)-(?:left|right)"
    r"|border-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius|left|right)$"
)
SIDED = {"margin", "padding", "inset", "border-width", "border-color", "border-style"}
LENGTHS = st.sampled_from(["0", "4px", "1em", "auto", "calc(1px + 2%)"])


def declarations(css: str) -> list[tuple[str, str, str]]:
    """Return (selector, property, value) for everything in a sheet, however deep."""
    found: list[tuple[str, str, str]] = []

    def walk(rules: list[tinycss2.ast.Node]) -> None:
        for rule in rules:
            if rule.type == "at-rule" and rule.content and rule.lower_at_keyword != "font-face":
                walk(tinycss2.parse_rule_list(rule.content, True, True))
            elif rule.type == "qualified-rule":
                selector = tinycss2.serialize(rule.prelude).strip()
                for item in tinycss2.parse_blocks_contents(rule.content, True, True):
                    if item.type == "declaration":
                        value = tinycss2.serialize(item.value).strip()
                        found.append((selector, item.lower_name, value))

    walk(tinycss2.parse_stylesheet(css, True, True))
    return found


def is_one_sided(name: str, value: str) -> bool:
    """Whether a declaration says something else for left than for right."""
    if PHYSICAL.match(name):
        return True
    if name in {"text-align", "float", "clear", "justify-content"}:
        return value in {"left", "right"}
    parts = [p for p in tinycss2.parse_component_value_list(value) if p.type != "whitespace"]
    texts = [tinycss2.serialize([part]) for part in parts]
    if name in SIDED and len(texts) == 4:
        return texts[1] != texts[3]
    if name == "border-radius" and len(texts) > 1 and "/" not in texts:
        first, second = texts[0], texts[1]
        third = texts[2] if len(texts) > 2 else first
        fourth = texts[3] if len(texts) > 3 else second
        return (first, fourth) != (second, third)
    return False


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("margin-left", "4px", [("margin-inline-start", "4px")]),
        ("border-right-color", "red", [("border-inline-end-color", "red")]),
        ("left", "0", [("inset-inline-start", "0")]),
        ("text-align", "right", [("text-align", "end")]),
        ("text-align", "center", [("text-align", "center")]),
        ("float", "left", [("float", "inline-start")]),
        ("margin", "1px 2px 3px 4px", [("margin-block", "1px 3px"), ("margin-inline", "4px 2px")]),
        ("margin", "1px 2px 3px", [("margin", "1px 2px 3px")]),
        ("border-radius", "4px", [("border-radius", "4px")]),
        (
            "border-radius",
            "4px 0 0 4px",
            [
                ("border-start-start-radius", "4px"),
                ("border-start-end-radius", "0"),
                ("border-end-end-radius", "0"),
                ("border-end-start-radius", "4px"),
            ],
        ),
        ("padding-top", "1px", [("padding-top", "1px")]),
    ],
)
def test_declaration_turns_logical(name: str, value: str, expected: list[tuple[str, str]]) -> None:
    assert logical_declarations(name, value) == expected


@given(
    name=st.sampled_from([*sorted(SIDED), "border-radius"]),
    values=st.lists(LENGTHS, min_size=1, max_size=4),
)
def test_no_shorthand_stays_one_sided(name: str, values: list[str]) -> None:
    turned = logical_declarations(name, " ".join(values))

    assert [pair for pair in turned if is_one_sided(*pair)] == []


@given(
    box=st.sampled_from(["margin", "padding", "border"]),
    side=st.sampled_from(["left", "right"]),
    part=st.sampled_from(["", "-color", "-style", "-width"]),
    value=LENGTHS,
)
def test_no_longhand_stays_physical(box: str, side: str, part: str, value: str) -> None:
    if box != "border" and part:
        part = ""
    turned = logical_declarations(f"{box}-{side}{part}", value)

    assert [pair for pair in turned if is_one_sided(*pair)] == []


def test_fonts_and_pictures_of_other_hosts_are_dropped() -> None:
    css = (
        "@font-face{font-family:X;src:url(https://elsewhere.example/x.woff2)}"
        ".nhsuk-button{background:url(//elsewhere.example/a.png);display:block}"
    )

    assert build_stylesheet(css, components=BUTTON) == ".nhsuk-button{display:block}"


def test_components_we_do_not_use_are_left_behind() -> None:
    css = ".nhsuk-button,.nhsuk-hero{color:#fff}.nhsuk-hero{display:block}"

    assert build_stylesheet(css, components=BUTTON) == ".nhsuk-button{color:var(--surface)}"


def test_only_the_nhs_typeface_is_replaced() -> None:
    css = ".nhsuk-button{font-family:Frutiger W01,Arial}.nhsuk-button kbd{font-family:monospace}"

    assert build_stylesheet(css, components=BUTTON) == (
        ".nhsuk-button{font-family:var(--font-text)}.nhsuk-button kbd{font-family:monospace}"
    )


def test_important_is_kept() -> None:
    css = ".nhsuk-button{margin:0 1px 0 2px!important}"

    assert build_stylesheet(css, components=BUTTON) == (
        ".nhsuk-button{margin-block:0 0!important;margin-inline:2px 1px!important}"
    )


def test_colour_without_meaning_stops_the_build() -> None:
    with pytest.raises(UnknownColour, match="#123456"):
        coloured("1px solid #123456")


def test_drawing_without_mirror_image_stops_the_build() -> None:
    with pytest.raises(UnknownMirror, match="nhsuk-button"):
        build_stylesheet(".nhsuk-button{transform:rotate(45deg)}", components=BUTTON)


def test_whole_sheet_has_no_left_or_right() -> None:
    found = declarations(site_stylesheet())

    assert len(found) > 1500
    assert [d for d in found if is_one_sided(d[1], d[2])] == []


def test_whole_sheet_asks_no_other_host() -> None:
    urls = re.findall(r"url\(([^)]*)\)|@import", site_stylesheet())

    assert len(urls) == len(FACES)
    assert [url for url in urls if not url.startswith("fonts/")] == []


def test_whole_sheet_has_no_colour_of_the_nhs() -> None:
    assert re.findall(r"#005eb8|frutiger|#003087|#ffeb3b", site_stylesheet(), re.IGNORECASE) == []


def test_custom_properties_that_are_used_exist() -> None:
    sheet = site_stylesheet()
    used = set(re.findall(r"var\((--[\w-]+)\)", sheet))
    made = set(re.findall(r"(--[\w-]+):", sheet))

    assert used - made == set()


@pytest.mark.parametrize("name", ["tokens", *ORDER])
def test_minified_says_the_same(name: str) -> None:
    source = read_source(name)

    squeezed = re.compile(r"\s+")
    assert [
        (squeezed.sub("", s), p, squeezed.sub("", v)) for s, p, v in declarations(minified(source))
    ] == [(squeezed.sub("", s), p, squeezed.sub("", v)) for s, p, v in declarations(source)]


def test_every_sheet_of_ours_is_in_the_whole() -> None:
    folder = Path(__file__).parents[2] / "cms" / "static" / "cms" / "css"

    assert {file.stem for file in folder.glob("*.css")} == {"tokens", *ORDER}


def test_no_app_writes_left_or_right() -> None:
    root = Path(__file__).parents[2]
    sheets = [
        p for p in root.glob("*/static/**/*.css") if not {"static-build", "var"} & set(p.parts)
    ]

    assert sheets
    one_sided = {
        f"{sheet.name}: {selector} {name}: {value}"
        for sheet in sheets
        for selector, name, value in declarations(sheet.read_text())
        if is_one_sided(name, value)
    }
    assert one_sided == set()


def test_a_quoted_text_keeps_its_spaces() -> None:
    css = 'td[data-label]::before {\n  content: attr(data-label) ": ";\n  color: red;\n}'

    assert minified(css) == 'td[data-label]::before{content:attr(data-label) ": ";color:red}'
