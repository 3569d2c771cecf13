"""The starter courses are well formed, fair to the reader and honest about time. No Django needed.

The format is described in docs/reference/starter-content.md.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "learning" / "starter"
FRAMEWORK_PAGE = ROOT / "docs" / "reference" / "shared-core-functions.md"

WORDS_A_MINUTE = 180
BLOCKS = {"callout", "vignette", "reflection", "check", "image", "video", "quiz"}
BLOCKS_WITH_KEY = {"reflection", "check", "quiz"}
LEVELS = {"essential", "enhanced", "expert"}
ALLOWED_META = {
    "course": {"title", "summary", "audience", "proves"},
    "module": {"title", "summary"},
    "lesson": {"title", "summary", "minutes", "proves"},
}
TRANSLATED_META = {"title", "summary", "audience", "checked_by"}
ASKS_FOR_ONE = re.compile(
    r"\bone (?:thing|of them)\b|\b(?:which one|the best|the \*?most|a good next step)\b"
    r"|\bhow do you start\b|\bcomes first\b|\bwould take most\b",
    re.IGNORECASE,
)
OPTION = re.compile(r"^- \[(?P<mark>[ x])\] (?P<text>.+)$")


@dataclass(frozen=True)
class Option:
    """One answer of a check."""

    text: str
    is_right: bool
    feedback: str


@dataclass(frozen=True)
class Block:
    """One fenced block: its kind, the words after it, and its lines."""

    kind: str
    heading: str
    lines: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.heading.split(" ")[0]

    @property
    def options(self) -> list[Option]:
        found: list[tuple[str, bool, list[str]]] = []
        for line in self.lines:
            if match := OPTION.match(line):
                found.append((match["text"], match["mark"] == "x", []))
            elif line.startswith("  > ") and found:
                found[-1][2].append(line[4:])
        return [Option(text, is_right, " ".join(said)) for text, is_right, said in found]

    @property
    def question(self) -> str:
        before = []
        for line in self.lines:
            if OPTION.match(line):
                break
            before.append(line)
        return "\n".join(before).strip()


@dataclass(frozen=True)
class Document:
    """One starter file, read."""

    path: Path
    meta: dict[str, Any]
    prose: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(b.kind, b.key) for b in self.blocks if b.kind in BLOCKS_WITH_KEY]


def kind_of(path: Path) -> str:
    name = path.name.split(".")[0]
    return name if name in {"course", "module"} else "lesson"


def language_of(path: Path) -> str:
    return path.name.split(".")[-2]


def original_of(path: Path) -> Path:
    return path.with_name(f"{path.name.split('.')[0]}.en.md")


def read(path: Path) -> Document:
    """Read one file; raise ValueError with its name and line for anything the format forbids."""
    text = path.read_text(encoding="utf-8")
    match = re.match(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    if match is None:
        raise ValueError(f"{path}: no front matter")
    blocks: list[Block] = []
    prose: list[str] = []
    opened: tuple[str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(match[2].splitlines(), start=match[1].count("\n") + 4):
        where = f"{path}:{number}"
        if line == ":::":
            if opened is None:
                raise ValueError(f"{where}: a block closes that was not opened")
            blocks.append(Block(opened[0], opened[1], tuple(lines)))
            opened, lines = None, []
        elif line.startswith(":::"):
            start = re.fullmatch(r"::: (\w+) (\S.*)", line)
            if opened or start is None or start[1] not in BLOCKS:
                raise ValueError(f"{where}: not the start of a block: {line}")
            opened = (start[1], start[2])
        elif opened:
            lines.append(line)
        else:
            prose.append(line)
    if opened:
        raise ValueError(f"{path}: the block {opened[0]} {opened[1]} is never closed")
    return Document(path, yaml.safe_load(match[1]), "\n".join(prose), blocks)


def words_read(document: Document) -> list[str]:
    """Every word a learner meets, feedback included; pictures count by their caption only."""
    parts = [document.prose]
    for block in document.blocks:
        if block.kind == "image":
            parts.append(str(yaml.safe_load("\n".join(block.lines)).get("caption", "")))
        else:
            parts += [block.heading if block.kind not in BLOCKS_WITH_KEY else "", *block.lines]
    return re.findall(r"[\w'’-]*\w[\w'’-]*", "\n".join(parts))


def sentence_lengths(document: Document) -> list[int]:
    parts = [document.prose]
    parts += ["\n".join(b.lines) for b in document.blocks if b.kind not in {"image", "video"}]
    text = "\n\n".join(parts)
    text = re.sub(r"^\|.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(#+ .*)$", r"\n\1\n", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(?:- (?:\[.\] )?|\d+\. |> )", "\n\n", text, flags=re.MULTILINE)
    sentences = re.split(r"(?<=[.?!:])[\"”*_)]*\s+|\n\s*\n", text)
    lengths = [len(re.findall(r"[\w'’-]*\w", sentence)) for sentence in sentences]
    return [length for length in lengths if length]


def pieces(document: Document) -> list[tuple[int, int, int]]:
    """How many headings, paragraphs and list items or table rows each stretch of text has."""
    stretches = [document.prose]
    stretches += ["\n".join(b.lines) for b in document.blocks if b.kind in {"callout", "vignette"}]
    return [
        (
            len(re.findall(r"^## ", text, re.MULTILINE)),
            len(re.split(r"\n\s*\n", text.strip())),
            len(re.findall(r"^(?:> )?(?:- |\d+\. |\|)", text, re.MULTILINE)),
        )
        for text in stretches
    ]


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(STARTER)) for path in paths]


FILES = sorted(STARTER.glob("**/*.md"))
ENGLISH = [path for path in FILES if language_of(path) == "en"]
LESSONS = [path for path in ENGLISH if kind_of(path) == "lesson"]
TRANSLATIONS = [path for path in FILES if language_of(path) != "en"]


def test_there_is_enough_to_learn() -> None:
    kinds = [kind_of(path) for path in ENGLISH]

    assert kinds.count("course") >= 4
    assert kinds.count("module") >= 10
    assert kinds.count("lesson") >= 30


@pytest.mark.parametrize("course", sorted(p.name for p in STARTER.iterdir() if p.is_dir()))
def test_course_has_its_files_and_two_or_three_modules(course: str) -> None:
    modules = sorted(p for p in (STARTER / course).iterdir() if re.match(r"\d\d-", p.name))

    assert (STARTER / course / "course.en.md").is_file()
    assert 2 <= len(modules) <= 3
    assert all((module / "module.en.md").is_file() for module in modules)
    assert all(len(list(module.glob("[0-9][0-9]-*.en.md"))) >= 2 for module in modules)


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_file_parses_and_front_matter_is_complete(path: Path) -> None:
    document = read(path)
    expected = ALLOWED_META[kind_of(path)]
    if language_of(path) != "en":
        expected = (expected & TRANSLATED_META) | {"checked_by"}

    assert set(document.meta) == expected
    assert document.meta["title"].strip()
    assert document.meta["summary"].strip()
    assert document.prose.strip()


@pytest.mark.parametrize("path", LESSONS, ids=names(LESSONS))
def test_lesson_fits_a_gap_and_says_honestly_how_long(path: Path) -> None:
    document = read(path)
    words = len(words_read(document))
    minutes = document.meta["minutes"]

    assert 5 <= minutes <= 10
    assert 650 <= words <= 1200
    assert words / WORDS_A_MINUTE + 1 <= minutes <= words / WORDS_A_MINUTE + 5


@pytest.mark.parametrize("path", LESSONS, ids=names(LESSONS))
def test_lesson_has_something_to_do(path: Path) -> None:
    assert read(path).keys


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_block_identities_are_unique_and_plain(path: Path) -> None:
    keys = [key for _, key in read(path).keys]

    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_check_has_a_question_a_right_answer_and_feedback_for_each(path: Path) -> None:
    for block in read(path).blocks:
        if block.kind != "check":
            continue
        assert block.question, block.key
        assert len(block.options) >= 2, block.key
        assert any(option.is_right for option in block.options), block.key
        assert all(len(option.feedback.split()) >= 3 for option in block.options), block.key


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_check_that_takes_several_answers_does_not_ask_for_one(path: Path) -> None:
    for block in read(path).blocks:
        if block.kind == "check" and sum(option.is_right for option in block.options) > 1:
            asked = " ".join(block.question.split())
            assert not ASKS_FOR_ONE.search(asked), block.key


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_pictures_exist_and_are_described(path: Path) -> None:
    document = read(path)
    course = STARTER / path.relative_to(STARTER).parts[0]
    for block in document.blocks:
        if block.kind != "image":
            continue
        about = yaml.safe_load("\n".join(block.lines))
        assert (course / block.heading).is_file(), block.heading
        assert len(about["alt"].split()) >= 5


PICTURES = sorted(STARTER.glob("*/images/*"))


@pytest.mark.parametrize("path", PICTURES, ids=names(PICTURES))
def test_picture_is_used_and_harmless(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = {
        block.heading
        for file in path.parents[1].glob("**/*.md")
        for block in read(file).blocks
        if block.kind == "image"
    }

    assert f"images/{path.name}" in used
    assert "viewBox=" in text
    assert "<text" in text
    assert not re.search(r"<script|<foreignObject|\bon\w+=|href=|@import|url\(", text)


@pytest.mark.parametrize("path", TRANSLATIONS, ids=names(TRANSLATIONS))
def test_translation_matches_its_original(path: Path) -> None:
    translation, original = read(path), read(original_of(path))
    shape = [[o.is_right for o in b.options] for b in translation.blocks if b.kind == "check"]
    expected = [[o.is_right for o in b.options] for b in original.blocks if b.kind == "check"]

    assert [b.kind for b in translation.blocks] == [b.kind for b in original.blocks]
    assert translation.keys == original.keys
    assert shape == expected
    assert pieces(translation) == pieces(original)


def test_one_course_is_whole_in_three_languages() -> None:
    english = list((STARTER / "one-team").glob("**/*.en.md"))

    missing = [
        str(path.relative_to(STARTER)).replace(".en.", f".{language}.")
        for path in english
        for language in ("cy", "ar")
        if not path.with_name(path.name.replace(".en.", f".{language}.")).is_file()
    ]

    assert missing == []


PROVING = [path for path in ENGLISH if kind_of(path) != "module"]


@pytest.mark.parametrize("path", PROVING, ids=names(PROVING))
def test_proves_names_competencies_of_the_shared_framework(path: Path) -> None:
    codes = set(re.findall(r"^\| (F\d+\.\d+) \|", FRAMEWORK_PAGE.read_text("utf-8"), re.MULTILINE))
    proves = read(path).meta["proves"]
    named = [item["competency"] for item in proves]

    assert set(named) <= codes
    assert len(named) == len(set(named))
    assert {item["level"] for item in proves} <= LEVELS
    if kind_of(path) == "course":
        assert 4 <= len(named) <= 8


def test_the_courses_together_touch_most_core_functions() -> None:
    functions = {
        item["competency"].split(".")[0]
        for path in PROVING
        if kind_of(path) == "course"
        for item in read(path).meta["proves"]
    }

    assert len(functions) >= 8


@pytest.mark.parametrize("path", LESSONS, ids=names(LESSONS))
def test_english_is_easy_to_read(path: Path) -> None:
    lengths = sentence_lengths(read(path))

    assert sum(lengths) / len(lengths) <= 20
    assert max(lengths) <= 50


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\ntitle: A\n---\n::: check a\nnever closed",
        "---\ntitle: A\n---\n:::\n",
        "---\ntitle: A\n---\n::: poem a\n:::\n",
        "---\ntitle: A\n---\n::: callout A\n::: callout B\n:::\n:::\n",
    ],
)
def test_reader_refuses_what_the_format_forbids(tmp_path: Path, text: str) -> None:
    file = tmp_path / "01-a.en.md"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"01-a\.en\.md"):
        read(file)
