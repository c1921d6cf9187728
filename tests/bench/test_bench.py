"""The bench runs from end to end on a small seed, and its report has the form that scripts rely on."""

import json
import os
import subprocess
import sys

import pytest

from tests.bench import places, report

PARTS = (
    "queue page",
    "case page",
    "peek",
    "Now",
    "one move",
    "claim next",
    "deadline sweep",
    "Celery",
    "return flow",
    "import",
    "webhook",
    "event streams",
    "search in texts",
    "search in names",
    "palette",
)


@pytest.mark.slow
@pytest.mark.database
def test_every_part_is_measured_and_stands_in_the_report(tmp_path):
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.bench", "--cases", "400", "--rounds", "1"]

    done = subprocess.run(
        [*command, "--database", "desk_bench_test", "--out", str(out)],
        cwd=places.BASE, env=own_environment(tmp_path), capture_output=True, text=True, timeout=600,
    )  # fmt: skip

    assert done.returncode in (0, 1), done.stderr[-3000:]
    assert out.exists(), done.stderr[-3000:]
    rows = json.loads(out.read_text())
    assert all(set(row) == {"name", "value", "unit", "yardstick", "ratio", "target", "ok"} for row in rows)
    assert [part for part in PARTS if not any(part in row["name"] for row in rows)] == []
    assert all(row["ratio"] is not None for row in rows if row["target"].endswith("×"))
    assert done.returncode == (0 if all(row["ok"] for row in rows) else 1)
    differing = next(row for row in rows if "differ from live" in row["name"])
    assert differing["value"] == 0


def test_a_missed_target_is_marked_in_the_table():
    slow = report.at_least("sweep", 10, "1/s", 0.5, yardstick=40, ratio=0.25)
    quick = report.at_most("page", 10, "ms", 1.5, yardstick=10, ratio=1.0)

    assert (slow.ok, quick.ok) == (False, True)
    assert "MISSED" in report.table([slow]) and "MISSED" not in report.table([quick])


def own_environment(folder):
    """The server of the tests, a folder of this test's own for photos and for the bank."""
    url = os.environ["DATABASE_URL"]  # the settings of the tests have put it there
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_SETTINGS"))},
        "DATABASE_URL": url,
        "SANDBOX_STORE": str(folder / "sandbox.sqlite3"),
        "PYTHONWARNINGS": "ignore",
    }
