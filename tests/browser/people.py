"""What everybody does in the browser tests: sign in, and read addresses in a language."""

from playwright.sync_api import Page

from config.demo.accounts import DEMO_PASSWORD

LEARNER, LEAD, EDUCATOR = "nia", "lena", "edi"


def local(path: str, language: str) -> str:
    """The address of a path in a language; English has no prefix."""
    return path if language == "en" else f"/{language}{path}"


def sign_in(page: Page, username: str, *, language: str = "en") -> None:
    """Sign in by the form, as a person does."""
    page.goto(local("/accounts/login/", language))
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    with page.expect_navigation():
        page.locator("main form button[type=submit].nhsuk-button").first.click()
    assert "/accounts/login" not in page.url, page.locator("main").inner_text()
