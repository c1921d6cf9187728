"""Where a Chromium is, if anywhere."""

import os
import shutil

# First the one that draws pages and no window around them, for half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENT = "No Chromium here: set CHROMIUM to its path, or install chromium-headless-shell or chromium"


def path() -> str | None:
    """$CHROMIUM, or the first known name in PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
