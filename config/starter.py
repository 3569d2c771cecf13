"""Load everything that comes with Careweave: framework, roles, quizzes, pages, courses, spaces."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from assessments.services import load_starter_quizzes
from cms.services import load_guides, prepare_site
from competencies.services import load_starter_framework
from discussions.services import load_starter_spaces
from learning.importers.starter import load_starter_courses
from organisations.services import fix_iri_base


def load_starter(*, at: datetime, progress: Callable[[str], None] = lambda line: None) -> None:
    """Bring everything up to date with the files; reading them twice changes nothing.

    Raises: the loaders' errors, which name the file and say what to do.
    """
    fix_iri_base(wanted=settings.IRI_BASE_AT_FIRST_START, at=at)
    base = settings.BASE_DIR
    load_starter_framework(folder=base / "competencies" / "starter", at=at)
    progress("framework and roles")
    load_starter_quizzes(folder=base / "assessments" / "starter", at=at)
    progress("quizzes")
    home = prepare_site()
    load_guides(folder=base / "cms" / "starter", home=home)
    load_starter_courses(folder=base / "learning" / "starter", home=home, at=at, progress=progress)
    load_starter_spaces(folder=base / "discussions" / "starter", at=at)
    progress("discussion spaces")
