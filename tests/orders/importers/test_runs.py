"""Files that people uploaded do not stay for ever."""

from datetime import timedelta

import pytest

from orders.importers import runs
from orders.models import ImportRun
from tests.factories import NOON

pytestmark = pytest.mark.django_db
YOUNG, OLD = timedelta(days=30), timedelta(days=30, seconds=1)


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def uploaded(status, age):
    run = ImportRun.objects.create(source="taobao", status=status, files=["orders.csv"], created_at=NOON - age)
    runs.folder_of(run).mkdir(parents=True)
    (runs.folder_of(run) / "orders.csv").write_text("订单编号")
    return run


@pytest.mark.parametrize("status", ["preview", "done", "failed"])
def test_files_of_an_import_are_removed_after_thirty_days_and_its_record_stays(status):
    old, young = uploaded(status, OLD), uploaded(status, YOUNG)

    assert runs.remove_old_files(NOON) == 1
    assert runs.remove_old_files(NOON) == 0
    assert not runs.folder_of(old).exists()
    assert runs.folder_of(young).exists()
    assert ImportRun.objects.count() == 2


@pytest.mark.parametrize("status", ["queued", "running"])
def test_files_that_are_still_to_be_read_stay(status):
    run = uploaded(status, OLD)

    assert runs.remove_old_files(NOON) == 0
    assert runs.folder_of(run).exists()


def test_no_query_is_made_where_nothing_was_uploaded(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert runs.remove_old_files(NOON) == 0
