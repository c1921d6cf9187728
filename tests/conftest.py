"""What every test run needs: translations compiled, Chromium found or its absence said, database tests marked."""

import os
from collections import Counter
from itertools import chain

import pytest
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from config import catalogue
from config.process import garbage_collection
from tests import chromium, clean_database

pytest_plugins = ["tests.people", "tests.shops", "tests.browser.chrome"]
DEMO = "tests/browser/demo"  # seeded once, for all its modules
LONG_RUN = 60  # seconds
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client_logged_in"}


def pytest_configure(config):
    catalogue.compile_all()


def pytest_collection_finish(session):
    garbage_collection.settle()  # thousands of tests stay; nobody has to look for garbage among them


class Scopes(LoadScopeScheduling):
    """A module stays with one worker, and so do all that look at the demo."""

    def _split_scope(self, nodeid):
        return DEMO if nodeid.startswith(DEMO) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Scopes(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_report_header(config):
    return f"browser: {chromium.path() or chromium.ABSENT + '; browser tests are skipped'}"


def pytest_terminal_summary(terminalreporter):
    """Where the time went, when a run took some: seconds of all workers by folder, for docs/testing.md."""
    spent = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            spent["/".join(report.nodeid.partition("::")[0].split("/")[:-1][:3])] += report.duration
    if spent.total() > LONG_RUN:
        terminalreporter.section("seconds by folder")
        for folder, seconds in spent.most_common():
            terminalreporter.write_line(f"{seconds:7.0f}  {seconds / spent.total():4.0%}  {folder}")


def pytest_collection_modifyitems(config, items):
    browser = chromium.path()
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if item.get_closest_marker("browser") and not browser:
            item.add_marker(pytest.mark.skip(reason=chromium.ABSENT))
    needed = [item for item in items if item.get_closest_marker("browser")]
    if needed and not browser and os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"{len(needed)} browser tests must not be skipped here. {chromium.ABSENT}.")


@pytest.fixture(autouse=True)
def no_language_left_behind():
    """A page asked for in Chinese leaves the next test its English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nobody_listens():
    """Event streams end with their test, and so does the thread that asks the database for them."""
    yield
    from aftersales.live.hub import HUB

    HUB.stop()


@pytest.fixture(autouse=True, scope="session")
def tables_come_back():
    with pytest.MonkeyPatch.context() as patch:
        clean_database.restored_by_flushing(patch)
        yield


@pytest.fixture(scope="session")
def migrated(django_test_environment, django_db_blocker):
    """What the databases of all workers are copied from."""
    with django_db_blocker.unblock():
        clean_database.template()


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker):
    """The database of this worker; what it begins with is remembered."""
    with django_db_blocker.unblock():
        clean_database.remember()
