"""What came of it: results and scores."""

from collections.abc import Callable
from typing import Any, Final

from lrs.rules.refusal import Refusal
from lrs.rules.validation.checks import (
    check_boolean,
    check_duration,
    check_extensions,
    check_keys,
    check_text,
    name_of_kind,
    refuse_key,
    require_object,
)

_SCORE_KEYS: Final = dict.fromkeys(("scaled", "raw", "min", "max"))


def check_result(value: Any, path: str) -> None:
    """Refuse what is not a result.

    Raises:
        Refusal: it is not.
    """
    result = require_object(value, path, "result")
    for key, part in result.items():
        check = _RESULT.get(key)
        if check is None:
            refuse_key(path, "result", key, _RESULT)
        check(part, path, key)


def _check_score(value: Any, path: str, key: str) -> None:
    where = f"{path}.{key}"
    score = require_object(value, where, "score")
    check_keys(score, where, "score", _SCORE_KEYS)
    for name, number in score.items():
        if type(number) not in (int, float):
            message = f"Send a number here, without quotes, not {name_of_kind(number)}."
            raise Refusal(f"{where}.{name}", "score", message)
    scaled, raw = score.get("scaled"), score.get("raw")
    lowest, highest = score.get("min"), score.get("max")
    if scaled is not None and not -1 <= scaled <= 1:
        raise Refusal(f"{where}.scaled", "score", "A scaled score lies between -1 and 1.")
    # Where there was nothing to score, Open edX says 0 for both: read as having no bounds.
    is_unscored = lowest == highest == 0
    if lowest is not None and highest is not None and not (lowest < highest or is_unscored):
        raise Refusal(
            f"{where}.min", "score", "The lowest possible score is less than the highest."
        )
    if raw is not None and lowest is not None and raw < lowest:
        raise Refusal(f"{where}.raw", "score", "A raw score is not less than min.")
    if raw is not None and highest is not None and raw > highest:
        raise Refusal(f"{where}.raw", "score", "A raw score is not more than max.")


_RESULT: Final[dict[str, Callable[[Any, str, str], None]]] = {
    "score": _check_score,
    "success": check_boolean,
    "completion": check_boolean,
    "response": check_text,
    "duration": check_duration,
    "extensions": check_extensions,
}
