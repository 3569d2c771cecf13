"""The gallery of components, for those who build pages."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from cms.forms import SampleForm
from organisations.permissions import may_operate
from organisations.queries import access_of

SCALE = [
    {"rank": 1, "word": "Essential"},
    {"rank": 2, "word": "Enhanced"},
    {"rank": 3, "word": "Expert"},
]


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content; 404 but for operators, or while developing."""
    if not settings.DEBUG:
        access = access_of(request.user, on=timezone.localdate())
        if not may_operate(access):
            raise Http404
    return render(request, "cms/styleguide.html", _samples())


def _samples() -> dict[str, Any]:
    broken = SampleForm({"email": "not an address", "days": ["mon"]})
    broken.is_valid()
    return {
        "scale": SCALE,
        "scale_of_four": [*SCALE, {"rank": 4, "word": "Leading"}],
        "broken_form": broken,
        "form": SampleForm(auto_id="clean_%s"),
        "page_obj": Paginator(range(100), 10).page(4),
        "weave": _weave(),
        "options": [
            {"value": "a", "text": "The GP, since they hold the record", "is_chosen": False},
            {
                "value": "b",
                "text": "The person, with those who support them",
                "is_chosen": True,
                "is_right": True,
                "feedback": "A plan works when it starts from what matters to the person.",
            },
            {
                "value": "c",
                "text": "Whoever has time",
                "is_chosen": True,
                "feedback": "Time helps, but the plan is theirs.",
            },
        ],
        "html": mark_safe(
            "<p>Dilwen, 79, has a daughter, a dog and <strong>five</strong> people who visit. "
            "None of them knows what the others do.</p>"
        ),
        "question": mark_safe("<p>Who decides what goes into the plan?</p>"),
        "found": mark_safe("… agree <mark>one plan</mark> with the person …"),
        "at": datetime(2026, 3, 2, 10, 42, tzinfo=ZoneInfo("Europe/London")),
        "people": [
            SimpleNamespace(name="Ffion Testwell", cells=["3", "2", "unknown", "none"]),
            SimpleNamespace(name="Idris Madeup", cells=["1", "unknown", "2", "1"]),
        ],
        "words": {"1": "Essential", "2": "Enhanced", "3": "Expert"},
        "heads": [
            {"text": "Function"},
            {"text": "People", "is_number": True},
            {"text": "Lapses next"},
        ],
        "rows": [
            [
                {"text": "Agree one plan with the person", "is_head": True, "href": "#"},
                {"text": "12 of 18", "is_number": True, "label": "People"},
                {"text": "June", "label": "Lapses next"},
            ],
            [
                {"text": "Act before the crisis", "is_head": True},
                {"text": "4 of 18", "is_number": True, "label": "People"},
                {"text": "None", "label": "Lapses next"},
            ],
        ],
    }


def _weave() -> dict[str, Any]:
    counts = {
        "Ask what matters to the person": (4, 6, 4, 2, 2),
        "Agree one plan with the person": (3, 4, 5, 2, 4),
        "Share what others need to know": (2, 5, 6, 3, 2),
        "Act before the crisis": (1, 2, 3, 7, 5),
        "Find help close to home": (2, 3, 6, 2, 5),
        "Learn from what happened, without blame": (0, 2, 4, 8, 4),
    }
    keys = ("3", "2", "1", "none", "unknown")
    return {
        "caption": "What one team can do together today",
        "first_head": "Core function",
        "last_head": "People at each level",
        "levels": SCALE,
        "rows": [
            {
                "title": title,
                "href": "#",
                "strands": [key for key, n in zip(keys, row, strict=True) for _ in range(n)],
                "words": f"{sum(row[:3])} of {sum(row)} people",
            }
            for title, row in counts.items()
        ],
    }
