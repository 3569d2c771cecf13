"""A team profile as CSV: a line a person, two columns a function."""

import csv
import io

from django.utils.translation import gettext as _

from workforce.queries import TeamProfile
from workforce.rules.grid import Cell, Gap

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet would take a text that begins so for a formula."""


def profile_csv(profile: TeamProfile) -> str:
    """Return the people shown, with their standing in words and what of it is at the level needed.

    Texts that a spreadsheet would run as a formula begin with an apostrophe.
    """
    words = {level.rank: level.word.value for level in profile.levels}
    said = io.StringIO()
    writer = csv.writer(said)
    heads = [_("Name"), _("Roles"), _("Organisations")]
    for column in profile.columns:
        heads.append(f"{column.code} {column.title.value}".strip())
        heads.append(_("%(code)s: against the need") % {"code": column.code})
        heads.append(_("%(code)s: valid until") % {"code": column.code})
    writer.writerow([_plain(head) for head in heads])
    for person, row in profile.rows:
        line = [
            person.name,
            "; ".join(role.value for role in person.roles),
            "; ".join(person.organisations),
        ]
        for cell in row.cells:
            line.extend((standing_word(cell, words), need_words(cell), _until(cell)))
        writer.writerow([_plain(text) for text in line])
    return said.getvalue()


def standing_word(cell: Cell, words: dict[int, str]) -> str:
    """Return a standing in one word."""
    if cell.rank is None:
        return _("Unknown")
    return words.get(cell.rank) or _("Not yet")


def need_words(cell: Cell) -> str:
    """Return how a standing compares with what the role needs."""
    numbers = {"met": cell.met, "below": cell.below, "known": cell.known, "of": cell.of}
    if cell.gap == Gap.NOT_ASKED:
        return _("Nothing asked")
    if cell.gap == Gap.MET:
        return _("All %(of)d at the level needed") % numbers
    if cell.gap == Gap.BELOW:
        return _("%(below)d of %(of)d below the level needed, %(known)d known") % numbers
    return _("%(met)d of %(of)d at the level needed, the rest unknown") % numbers


def _until(cell: Cell) -> str:
    return cell.expires_on.isoformat() if cell.expires_on else ""


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
