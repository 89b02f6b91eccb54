"""Chromium for the pages: a page signed in as somebody, and what axe finds on it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe as Checker
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from accounts.models import User

#: Playwright's loop runs in this thread; the tests still talk to the database from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEIGHT = 800
PageAs = Callable[..., Page]
Axe = Callable[[Page], list[str]]
#: A folder that takes pictures of the pages, for people to look at.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def shoot(page: Page, name: str) -> None:
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_as(chromium: Browser, live_server: Any) -> Iterator[PageAs]:
    """Return a maker of pages signed in as a user (None: nobody); ``goto`` takes paths of the live server."""
    contexts: list[BrowserContext] = []

    def make(user: User | None, language: str = "en", width: int = 360, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            locale="zh-CN" if language.startswith("zh") else "en-GB",
            bypass_csp=javascript,  # axe is put into the page as a script
        )
        contexts.append(context)
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)  # a loaded machine is slow, not wrong
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def axe_violations() -> Axe:
    """Return a checker that gives one line for each thing that axe finds wrong, and for sideways scrolling."""

    def check(page: Page) -> list[str]:
        found = [
            f"{page.url}: {violation['id']} – {violation['help']}: {node['html'][:200]}"
            for violation in Checker().run(page).response["violations"]
            for node in violation["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{page.url}: scrolls sideways")
        return found

    return check
