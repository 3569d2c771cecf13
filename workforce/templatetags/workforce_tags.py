"""Drawing a row of a heatmap quickly: cells that look alike are drawn once."""

from dataclasses import replace
from typing import Any

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workforce.queries import Person, TeamProfile
from workforce.queries.person import Reason
from workforce.rules.grid import Cell, FunctionTotal, Gap, Row

register = template.Library()


@register.simple_tag(takes_context=True)
def profile_cells(
    context: template.Context, profile: TeamProfile, person: Person, row: Row
) -> SafeString:
    """The cells of one person's row, each a link to the reasons on the person's page."""
    drawn: _Drawn = context.render_context.get("profile_cells") or _Drawn(profile)
    context.render_context["profile_cells"] = drawn
    address = reverse("workforce:person", args=[profile.team.uuid, person.uuid])
    return mark_safe(  # noqa: S308 - put together from escaped parts
        "".join(drawn.cell(cell, place, address) for place, cell in enumerate(row.cells))
    )


class _Drawn:
    """The cells of one page, each look once."""

    def __init__(self, profile: TeamProfile) -> None:
        self._template = get_template("workforce/_cell.html")
        self._looks: dict[int, tuple[str, str]] = {}
        self._alike: dict[Cell, tuple[str, str]] = {}
        self._words = {level.rank: level.word for level in profile.levels}
        self._levels = len(profile.levels)
        self._lapsing_by = profile.lapsing_by
        self._is_single = profile.function is not None
        mark = "c" if self._is_single else "f"
        self._anchors = [f"#{mark}-{one.id}" for one in profile.columns]
        self._starts = [
            format_html(
                '<td role="cell" data-label="{}" class="cw-heat__cell tp-cell cw-heat--',
                f"{one.code} {one.title.value}",
            )
            for one in profile.columns
        ]

    def cell(self, cell: Cell, place: int, address: str) -> str:
        """Return a cell of the column at ``place``; ``address`` is of the person's page.

        Where nothing is asked and nothing known, that page has nothing to say either.
        """
        found = self._looks.get(id(cell))
        if found is None:
            look = self._look(cell)
            alike = replace(cell, expires_on=look["lapses_on"], is_lapsing=False, left_rank=None)
            found = self._alike.get(alike)
            if found is None:
                inside = self._template.render(look).strip()
                found = self._alike[alike] = (look["state"], inside)
            self._looks[id(cell)] = found
        state, inside = found
        if state != "idle":
            inside = f'<a href="{address}{self._anchors[place]}">{inside}</a>'
        return f'{self._starts[place]}{state}">{inside}</td>'

    def _look(self, cell: Cell) -> dict[str, Any]:
        return cell_look(cell, self._words, self._levels) | {
            "is_single": self._is_single,
            "lapses_on": cell.expires_on
            if cell.rank and cell.expires_on and cell.expires_on < self._lapsing_by
            else None,
        }


def cell_look(cell: Cell, words: dict[int, Any], levels: int) -> dict[str, Any]:
    """Return what `_cell.html` needs to draw a cell."""
    if cell.rank is None:
        state = "unknown" if cell.gap != Gap.NOT_ASKED else "idle"
    else:
        state = str(cell.rank) if cell.rank else "none"
    return {
        "cell": cell,
        "state": state,
        "word": words.get(cell.rank or 0),
        "levels": levels,
        "is_asked": cell.gap != Gap.NOT_ASKED,
        "is_met": cell.gap == Gap.MET,
        "is_below": cell.gap == Gap.BELOW,
        "is_partly_unknown": cell.gap == Gap.UNSURE and cell.rank is not None,
        "is_extra": cell.gap == Gap.NOT_ASKED and cell.rank is not None,
        "needed": words.get(cell.needed_rank or 0),
        "is_unconfirmed": cell.rank is not None and not cell.is_confirmed,
    }


@register.simple_tag
def line_look(cell: Cell, levels: Any) -> dict[str, Any]:
    """What is needed to draw one competency's standing on a person's page."""
    return cell_look(cell, {level.rank: level.word for level in levels}, len(levels))


@register.simple_tag
def level_count(total: FunctionTotal, place: int) -> int:
    """How many stand at the level at ``place`` or above."""
    return total.at_least[place]


@register.simple_tag
def page_behind(pages: dict[str, Any], reason: Reason) -> Any:
    """The lesson or course that a piece of evidence came from, if the viewer may see it."""
    return pages.get(reason.activity_iri or "")
