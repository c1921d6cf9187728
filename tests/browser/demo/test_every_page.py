"""Every page of every role in both languages: axe in both themes, content policy, 360 px; one walk, three verdicts."""

import itertools
from collections import namedtuple
from dataclasses import dataclass, field

import pytest
from django.urls import resolve

from aftersales.models import User
from tests import counts
from tests.browser.axe import RULES, UNFOLD, violations
from tests.browser.chrome import LANGUAGES, LOCALES, PATIENCE, Visitor
from tests.browser.demo.pages_of_roles import PAGES, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
NARROW, WIDE = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
STRANGERS = ("/login/", "/login/?next=/cases/", "/nothing-here/")
# The theme changes colours and nothing else, so the other rules are asked in one theme.
COLOURS = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
STRUCTURE = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
Someone = namedtuple("Someone", "role language")
SEEN = {language: set() for language in LANGUAGES}  # kinds of pages that somebody has looked at
JUDGED = set()  # pages as axe tells them apart


@dataclass
class Walk:
    """What was found on the way."""

    axe: list = field(default_factory=list)
    sideways: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    visitor: Visitor | None = None

    def visit(self, path, *, expected):
        if self.visitor.language != "en" and self._kind(path) in SEEN[self.visitor.language]:
            return  # the second language changes words, not pages: one of each kind
        answer = self.visitor.go(path)
        if answer.status != expected:
            self.wrong.append(f"{path}: {answer.status}")
            return
        if not path.startswith("/admin/"):
            self._narrow(path)
        self._judge(path)

    def _judge(self, path):
        """Colours come from tokens, not from words: the first page of a kind is measured, in the first language."""
        kind, seen = self._kind(path), SEEN[self.visitor.language]
        if self.visitor.language == "en" and kind not in seen:
            self._ask_axe(path, "light", RULES)
            self._ask_axe(path, "dark", COLOURS)
        elif counts.LONG or self._is_built_otherwise(path):
            self._ask_axe(path, "light", STRUCTURE)
        seen.add(kind)
        JUDGED.add(self._look(path))

    def _is_built_otherwise(self, path):
        """Words and readers change no structure: the state of a case and the filter of a list do."""
        return self.visitor.language == "en" and self._look(path) not in JUDGED

    def _look(self, path):
        kind = self._kind(path)
        return path if kind == "aftersales:case" else (kind, path.partition("?")[2])

    def _kind(self, path):
        return resolve(path.partition("?")[0]).view_name if "nothing" not in path else path

    def _ask_axe(self, path, theme, options):
        found = violations(self.visitor.page, theme, options)
        self.axe += [
            f"{path} {theme} {each['id']}: {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
            for each in found
            if not (path.startswith("/admin/") and each["id"] in UNFOLD)
        ]

    def _narrow(self, path):
        page = self.visitor.page
        page.set_viewport_size(NARROW)
        widest = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(WIDE)
        if widest > NARROW["width"]:
            self.sideways.append(f"{path}: {widest} px")


@pytest.fixture(
    scope="package",
    params=[Someone(*each) for each in itertools.product(("stranger", *PAGES), LANGUAGES)],
    ids=lambda someone: f"{someone.role}-{someone.language}",
)
def walk(request, browser, site):
    """One role through all its pages in one language."""
    role, language = request.param
    context = browser.new_context(viewport=WIDE, locale=LOCALES[language], reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    found = Walk(visitor=Visitor(context, site, language))
    if role == "stranger":
        for path in STRANGERS:
            found.visit(path, expected=404 if "nothing" in path else 200)
    else:
        User.objects.filter(username=role).update(language=language)
        found.visitor.be(role)
        for path in pages_of(User.objects.get(username=role)):
            found.visit(path, expected=200)
    found.wrong += found.visitor.faults
    context.close()
    return found


def test_every_page_answers_and_keeps_the_content_policy(walk):
    assert walk.wrong == []


def test_axe_finds_nothing_in_both_themes(walk):
    assert walk.axe == []


def test_nothing_scrolls_sideways_at_360_px(walk):
    assert walk.sideways == []
