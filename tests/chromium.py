"""Where a Chromium is, if anywhere."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENT = "No Chromium here: set CHROMIUM to its path, or install chromium"


def path() -> str | None:
    """$CHROMIUM, or the first known name in PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
