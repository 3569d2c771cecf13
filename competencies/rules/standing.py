"""From evidence to standing, by a named and versioned rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

JUDGEMENTS = frozenset({"supervisor_rating", "assessor_rating"})
OWN_VIEW = "self_rating"


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence, as far as a rule needs it.

    ``rank`` is the level's place on its framework's scale from 1; 0 is "not yet".
    """

    rank: int
    kind: str
    observed_at: datetime
    expires_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in one competency, and the facts that the rule rested on.

    ``rank`` is None when nothing is known, 0 when it is known to be not yet at the first level.
    """

    rank: int | None
    is_confirmed: bool = False
    expires_on: date | None = None
    because: tuple[Fact, ...] = ()


UNKNOWN = Standing(rank=None)


@dataclass(frozen=True)
class FunctionStanding:
    """Where a person stands in a core function: the lowest of what is known of its parts."""

    rank: int | None
    known: int
    needed: int
    met: int

    @property
    def is_met(self) -> bool:
        """Whether every needed part is known and at the level needed."""
        return self.needed > 0 and self.met == self.needed


def in_date(facts: Iterable[Fact], *, on: date) -> list[Fact]:
    """Return the facts observed by ``on`` and not lapsed, oldest first."""
    valid = [
        fact
        for fact in facts
        if fact.observed_at.date() <= on and (fact.expires_on is None or fact.expires_on >= on)
    ]
    return sorted(valid, key=lambda fact: (fact.observed_at, fact.reference))


def _highest(facts: Sequence[Fact], *, is_confirmed: bool) -> Standing:
    if len(facts) == 1:
        return Standing(facts[0].rank, is_confirmed, facts[0].expires_on, (facts[0],))
    top = max(facts, key=lambda fact: (fact.rank, fact.expires_on or date.max, fact.observed_at))
    return Standing(
        rank=top.rank, is_confirmed=is_confirmed, expires_on=top.expires_on, because=(top,)
    )


def latest_valid(facts: Sequence[Fact]) -> Standing:
    """The newest judgement of a supervisor or assessor, raised by what was shown since.

    Without a judgement, the highest of what was learned, passed or brought; with nothing but the
    person's own view, that view, not confirmed.

    Args:
        facts: those in date, oldest first.
    """
    if len(facts) == 1:
        return _highest(facts, is_confirmed=facts[0].kind != OWN_VIEW)
    own = [fact for fact in facts if fact.kind == OWN_VIEW]
    others = [fact for fact in facts if fact.kind != OWN_VIEW]
    if not others:
        return _highest(own[-1:], is_confirmed=False) if own else UNKNOWN
    judged = [place for place, fact in enumerate(others) if fact.kind in JUDGEMENTS]
    return _highest(others[judged[-1] :] if judged else others, is_confirmed=True)


def highest_confirmed(facts: Sequence[Fact]) -> Standing:
    """The highest level that anything but the person's own view supports."""
    others = [fact for fact in facts if fact.kind != OWN_VIEW]
    return _highest(others, is_confirmed=True) if others else UNKNOWN


def two_kinds(facts: Sequence[Fact]) -> Standing:
    """The highest level that two different kinds of evidence both support."""
    best: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind not in best or fact.rank >= best[fact.kind].rank:
            best[fact.kind] = fact
    if len(best) < 2:
        return UNKNOWN
    pair = sorted(best.values(), key=lambda fact: (-fact.rank, fact.kind))[:2]
    ends = [fact.expires_on for fact in pair if fact.expires_on]
    return Standing(
        rank=pair[1].rank,
        is_confirmed=True,
        expires_on=min(ends) if ends else None,
        because=tuple(pair),
    )


Rule = Callable[[Sequence[Fact]], Standing]

RULES: Mapping[str, Rule] = {
    "latest-valid/1": latest_valid,
    "highest-confirmed/1": highest_confirmed,
    "two-kinds/1": two_kinds,
}
DEFAULT_RULE = "latest-valid/1"


def standing(facts: Iterable[Fact], *, on: date, rule: str = DEFAULT_RULE) -> Standing:
    """Return the standing that ``rule`` gives on the day ``on``; KeyError for an unknown rule."""
    return RULES[rule](in_date(facts, on=on))


def function_standing(
    *, standings: Mapping[int, Standing], needed_ranks: Mapping[int, int]
) -> FunctionStanding:
    """Return a person's standing in a function (rule ``lowest-essential/1``).

    Args:
        standings: by competency; one that is missing is unknown.
        needed_ranks: the competencies of the function that are essential to the person's role,
            each with the rank needed.
    """
    known: list[int] = []
    met = 0
    for competency, needed in needed_ranks.items():
        rank = standings.get(competency, UNKNOWN).rank
        if rank is not None:
            known.append(rank)
            met += rank >= needed
    return FunctionStanding(
        rank=min(known) if known else None, known=len(known), needed=len(needed_ranks), met=met
    )
