"""Folders for desks of their own."""

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def folder():
    """Not pytest's: each pytest session closes that one to other users, such as the database's under root."""
    folder = Path(tempfile.mkdtemp(prefix="desk-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def var(folder):
    """One DESK_VAR for a module: the first start makes the database, the later ones are quick."""
    return folder / "var"
