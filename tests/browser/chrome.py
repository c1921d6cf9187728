"""People in front of a real Chromium: each visitor has a window of their own, and what goes wrong in it is kept."""

import re
import threading
import time

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect, sync_playwright

from aftersales.demo.people import PASSWORD
from aftersales.live.hub import HUB
from aftersales.models import User
from tests import chromium, counts
from tests.people import session_of

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000  # milliseconds; CI shares two cores among everything
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
LANGUAGES = tuple(LOCALES)
# A refusal answers 4xx and is shown in the page: the browser's own line about it is no fault. What breaks the content
# policy is told by the page itself, below, in order with everything else.
# So does a line that a test has cut.
TOLD_OTHERWISE = re.compile(
    r"status of (401|403|404|409|422|429)|Content Security Policy directive|net::ERR_(FAILED|INTERNET_DISCONNECTED)"
)
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => window.measured ||
  console.error(`policy violated: ${event.effectiveDirective} by ${event.blockedURI} ${event.sample}`));
"""

expect.set_options(timeout=PATIENCE)


class Traffic:
    """Requests under way in this process: pages save drafts and say goodbye while they close."""

    def __init__(self):
        self.lock, self.count, self.changed_at = threading.Lock(), 0, 0.0
        request_started.connect(lambda **_: self._move(1), weak=False)
        request_finished.connect(lambda **_: self._move(-1), weak=False)

    def _move(self, step):
        with self.lock:
            self.count, self.changed_at = max(self.count + step, 0), time.monotonic()

    def begin(self):
        """Whatever earlier tests have left open is not waited for: answers that nobody read to their end."""
        with self.lock:
            self.count = 0

    def settle(self, *, quiet=0.2, patience=10):
        """Wait until nobody has asked for anything for a moment: tables that are emptied meanwhile would deadlock."""
        until = time.monotonic() + patience
        while time.monotonic() < until and (self.count or time.monotonic() - self.changed_at < quiet):
            time.sleep(0.02)


TRAFFIC = Traffic()


def come_to_rest():
    """Nobody listens and nobody asks any more: the tables can be emptied, the database dropped."""
    HUB.stop()  # it reads them each second
    TRAFFIC.settle()


class Visitor:
    """Somebody at a browser, speaking one language."""

    def __init__(self, context, site, language):
        self.context, self.site, self.language = context, site, language
        self.faults = []
        context.add_init_script(TELL_VIOLATIONS)
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message):
        if message.type == "error" and not TOLD_OTHERWISE.search(message.text):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _answered(self, response):
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")

    def go(self, path):
        """Open an address of the site; answers the response."""
        return self.page.goto(self.site + path)

    def at(self, css):
        """What fits a selector."""
        return self.page.locator(css)

    def press(self, css):
        """Click the first that fits a selector, once it can be clicked."""
        self.at(css).first.click()

    def type(self, css, text):
        self.at(css).first.fill(text)

    def confirm(self):
        """Answer the question before what has no undo."""
        self.press("#confirm [data-yes]")

    def move(self, action, **fields):
        """Open the dialog of a move of the case, fill it in, send it."""
        self.press(f"a[href$='/{action}/']")
        form = f"#dialog-body form[action$='/{action}/']"
        self.at(form).first.wait_for()
        for name, text in fields.items():
            self.type(f"{form} [name={name}]", text)
        if self.at(f"{form} [name=consent-note]").count():  # it is done for the buyer
            self.at(f"{form} [name=consent-channel][value=call]").check()
            self.type(f"{form} [name=consent-note]", "The buyer called.")
        self.press(f"{form} .form-actions button")

    def sees(self, text, css="body"):
        """Wait until a part of the page says it."""
        expect(self.at(css).first).to_contain_text(str(text))

    def is_at(self, path):
        """Wait until the window is at a path; a part of the address after it does not matter."""
        expect(self.page).to_have_url(re.compile(re.escape(self.site + path) + r"([?#].*)?$"))

    def log_in(self, username):
        """As people do: by the form."""
        if "/login/" not in self.page.url:
            self.go("/login/")
        self.type("#id_username", username)
        self.type("#id_password", PASSWORD)
        self.press("form[action^='/login/'] button.primary, form:has(#id_password) button.primary")
        expect(self.page).not_to_have_url(re.compile("/login/"))

    def be(self, username):
        """Logged in already, for tests that are about something else."""
        session = session_of(User.objects.get(username=username))
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site}
        self.context.add_cookies([cookie])
        return self


def pressed(visitor, *keys):
    """Keys in turn, wherever the focus is."""
    for key in keys:
        visitor.page.keyboard.press(key)


def focused(visitor, css):
    """Wait until what fits the selector has the focus."""
    expect(visitor.at(css).first).to_be_focused()


def eventually(visitor, script):
    """Wait until the page says yes to a question in its own script."""
    until = time.monotonic() + PATIENCE / 1000
    while not visitor.page.evaluate(script) and time.monotonic() < until:
        visitor.page.wait_for_timeout(50)
    assert visitor.page.evaluate(script), script


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.path(), args=FLAGS)
        yield started
        started.close()
        come_to_rest()


def pytest_generate_tests(metafunc):
    """A journey is made in one language, another journey in the other; in `make long` each is made in both."""
    if "language" in metafunc.fixturenames and metafunc.definition.get_closest_marker("browser"):
        chosen = counts.shared_out(LANGUAGES, metafunc.function.__name__)
        metafunc.parametrize("language", chosen, indirect=True)


@pytest.fixture
def language(request):
    """The language of the console in this turn."""
    return request.param


@pytest.fixture
def words(language):
    """What the console says for an English sentence in this test's language."""

    def said(sentence, context=None):
        with translation.override(language):
            return pgettext(context, sentence) if context else gettext(sentence)

    return said


@pytest.fixture
def open_window(browser, request):
    """Makes visitors; after the test, nothing may have gone wrong in any of their windows."""
    TRAFFIC.begin()
    visitors = []

    def opened(site, language="en", **options):
        options = {"viewport": {"width": 1440, "height": 900}, "locale": LOCALES[language], **options}
        context = browser.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, site, language))
        return visitors[-1]

    yield opened

    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    come_to_rest()
    assert not faults, faults


@pytest.fixture
def visitor(open_window, live_server):
    """A new window on this test's own desk: `visitor("zh-hans")`."""
    return lambda language="en", **options: open_window(live_server.url, language, **options)
