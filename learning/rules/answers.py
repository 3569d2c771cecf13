"""Whether an answer to a knowledge check is right."""

from collections.abc import Collection, Sequence


class NoAnswerChosen(ValueError):
    """Nothing was chosen."""


class NoSuchOption(ValueError):
    """An option was chosen that the question does not have."""


def is_right(*, chosen: Collection[int], right: Sequence[bool]) -> bool:
    """Return whether exactly the right options were chosen.

    Args:
        chosen: places in the list of options, from 0.
        right: for each option, whether it is right.

    Raises:
        NoAnswerChosen: nothing was chosen.
        NoSuchOption: a place is not in the list.
    """
    if not chosen:
        raise NoAnswerChosen
    if any(place < 0 or place >= len(right) for place in chosen):
        raise NoSuchOption
    return set(chosen) == {place for place, of in enumerate(right) if of}
