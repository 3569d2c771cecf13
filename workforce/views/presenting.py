"""What a profile says, in words and as a woven picture."""

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.queries import Column, TeamProfile
from workforce.rules.findings import Finding, FindingKind
from workforce.rules.grid import FunctionTotal

MOST_STRANDS = 48
"""More crossings than this are too fine to see: then `FEWER_STRANDS` stand for all."""
FEWER_STRANDS = 25


@dataclass(frozen=True)
class FoundIn:
    """One function that a sentence is about, with what is particular to it."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Sentence:
    """What is so of some functions: a few words, the sentence, and the functions."""

    kind: str
    label: str
    text: str
    count: str
    functions: tuple[FoundIn, ...]


def sentences(profile: TeamProfile) -> list[Sentence]:
    """Return what there is to say of a profile, the gravest first, a sentence a kind."""
    names = {person.id: person.name for person in profile.people}
    words = {level.rank: level.word.value for level in profile.levels}
    said = []
    for kind, found in groupby(profile.findings, key=lambda finding: finding.kind):
        some = list(found)
        label, text = _sentence(kind, profile)
        said.append(
            Sentence(
                kind=kind.value.replace("_", "-"),
                label=label,
                text=text,
                count=_count(len(some), is_inside=profile.function is not None),
                functions=tuple(
                    FoundIn(
                        title=_title(profile.columns[one.place]),
                        detail=_detail(one, names, words),
                        url=_inside(profile, profile.columns[one.place]),
                    )
                    for one in some
                ),
            )
        )
    return said


def _count(number: int, *, is_inside: bool) -> str:
    if is_inside:
        return ngettext("%(n)d competency", "%(n)d competencies", number) % {"n": number}
    return ngettext("%(n)d function", "%(n)d functions", number) % {"n": number}


def _title(column: Column) -> str:
    return f"{column.code} {column.title.value}"


def _inside(profile: TeamProfile, column: Column) -> str:
    """Return the address of a function's competencies; none when that is where one is."""
    if profile.function is not None:
        return ""
    return reverse("workforce:function", args=[profile.team.uuid, column.code])


def _sentence(kind: FindingKind, profile: TeamProfile) -> tuple[str, str]:
    if kind == FindingKind.NOBODY:
        return _("No one known"), _(
            "Nobody here is known to do this. Where much is unknown, ask before you plan training."
        )
    if kind == FindingKind.ONE:
        return _("Only one"), _("When this one person is away, nobody known is left.")
    if kind == FindingKind.LAPSES:
        return _("Lapses soon"), _(
            "By %(day)s evidence lapses, and one person or nobody is left."
        ) % {"day": date_format(profile.lapsing_by)}
    if kind == FindingKind.NOBODY_AT_NEED:
        return _("Level missing"), _("A role here needs a level that nobody is known to have.")
    return _("Mostly unknown"), _(
        "Of more than half the people nothing is known: cover may be better than it looks."
    )


def _detail(finding: Finding, names: dict[int, str], words: dict[int, str]) -> str:
    if finding.kind in {FindingKind.NOBODY, FindingKind.MOSTLY_UNKNOWN}:
        return _("%(unknown)d of %(of)d unknown") % {
            "unknown": finding.unknown,
            "of": finding.of,
        }
    if finding.kind == FindingKind.NOBODY_AT_NEED:
        return words.get(finding.rank or 0, "")
    who = ", ".join(names.get(one, "") for one in finding.people)
    if finding.kind == FindingKind.LAPSES and finding.on:
        return f"{who}, {date_format(finding.on, 'SHORT_DATE_FORMAT')}"
    return who


def cover_threads(profile: TeamProfile) -> list[dict[str, object]]:
    """Return each function as a thread over the team: a crossing a person, highest level first."""
    ranks = [level.rank for level in profile.levels]
    threads: list[dict[str, object]] = []
    for column, total in profile.columns_with_totals:
        threads.append(
            {
                "title": _title(column),
                "href": _inside(profile, column),
                "strands": _strands(total, ranks),
                "words": _("%(cover)d of %(people)d")
                % {"cover": total.cover, "people": total.people},
            }
        )
    return threads


def _strands(total: FunctionTotal, ranks: list[int]) -> list[str]:
    above = [*total.at_least[1:], 0]
    exactly = [here - more for here, more in zip(total.at_least, above, strict=True)]
    counts = [(str(rank), count) for rank, count in zip(ranks, exactly, strict=True)][::-1]
    counts += [("none", total.not_yet), ("unknown", total.unknown)]
    return [kind for kind, count in _scaled(counts) for _ in range(count)]


def _scaled(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return few enough strands to see, in the same shares; nothing that is there vanishes."""
    people = sum(count for _, count in counts)
    if people <= MOST_STRANDS:
        return counts
    return [
        (kind, max(1, round(count * FEWER_STRANDS / people)) if count else 0)
        for kind, count in counts
    ]
