"""A passkey, made and used in a real browser with an authenticator that Chromium plays."""

import re

from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD
from tests.browser.people import sign_in
from tests.browser.running import RunningSite

NEW_PERSON = """
import json
from django.contrib.auth import get_user_model
people = get_user_model().objects
person = people.filter(username="pia").first() or people.create_user(
    username="pia", password="{password}", first_name="Pia", last_name="Testwell")
print(json.dumps({{"id": person.pk}}))
"""
PATIENCE = 30_000
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page) -> Page:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_signs_in_without_a_password_and_a_password_alone_no_longer_does(
    site: RunningSite, open_page
) -> None:
    site.manage("shell", "--verbosity=0", "-c", NEW_PERSON.format(password=DEMO_PASSWORD))
    assert site.url.startswith("http://localhost:")
    page = with_authenticator(open_page())
    sign_in(page, "pia")

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").or_(
        page.get_by_role("button", name="Add a passkey")
    ).click()
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("main input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add, main form button").first.click()
    expect(page).to_have_url(
        re.compile("/accounts/2fa/(webauthn|recovery-codes)/"), timeout=PATIENCE
    )

    page.wait_for_load_state("networkidle")
    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.goto("/accounts/login/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(f"{site.url}/me/", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("Pia Testwell")

    elsewhere = open_page()
    elsewhere.goto("/accounts/login/")
    elsewhere.locator("input[name=login]").fill("pia")
    elsewhere.locator("input[name=password]").fill(DEMO_PASSWORD)
    elsewhere.locator("main form button[type=submit].nhsuk-button").first.click()
    expect(elsewhere).to_have_url(re.compile("/accounts/2fa/authenticate/"), timeout=PATIENCE)
    elsewhere.wait_for_load_state("networkidle")
    elsewhere.goto("/me/")
    expect(elsewhere).to_have_url(re.compile("/accounts/"), timeout=PATIENCE)
