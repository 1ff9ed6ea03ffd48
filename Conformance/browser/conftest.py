"""Debian's Chromium, watched: whatever goes wrong in the background fails the check in which it happened."""

import os
import shutil
import urllib.parse

import pytest
from playwright.sync_api import expect, sync_playwright

from support.screen import Watch

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WAIT_MILLISECONDS = 10_000
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser():
    expect.set_options(timeout=WAIT_MILLISECONDS)
    # Chromium's own sandbox refuses to start as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def new_context(browser, server):
    """Makes watched contexts: each is one person's browser."""
    contexts = []

    def make(viewport=WIDE, theme="light", watched=True, **options):
        context = browser.new_context(
            base_url=server.portal, viewport=viewport, color_scheme=theme, reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(WAIT_MILLISECONDS)
        watch = Watch(context, urllib.parse.urlsplit(server.portal).netloc)
        contexts.append((context, watch, watched))
        context.watch = watch
        return context
    yield make
    problems = []
    for context, watch, watched in contexts:
        context.close()
        problems += watch.problems if watched else []
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(new_context):
    return new_context().new_page()
