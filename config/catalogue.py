"""The Chinese catalogue: compiled without GNU gettext, and checked against the source with it.

`python -m config.catalogue compile` writes the .mo files; `check` exits 1 when an entry is missing, left over,
fuzzy or wrong.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

BASE = Path(__file__).resolve().parent.parent
LOCALE = BASE / "config" / "locale"
LANGUAGE = "zh_Hans"
SOURCES = ("aftersales", "config", "logistics", "orders", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")


def compile_all() -> None:
    """Write each .mo that is older than its .po."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Several processes may compile at once: written beside and renamed, no file is ever read half.
        half = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.replace(target)


def problems() -> Iterator[str]:
    """What is wrong with the catalogue, one sentence each."""
    path = LOCALE / LANGUAGE / "LC_MESSAGES" / "django.po"
    if not path.exists():
        yield f"{path.relative_to(BASE)} does not exist"
        return
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    for entry in entries:
        yield from entry_problems(entry)
    if shutil.which("xgettext"):
        yield from _differences({_key(entry) for entry in entries}, _extracted())
    else:
        print("GNU gettext is not here: entries are checked, but not whether the source has others.")


def _differences(known: set[tuple[str, str]], extracted: list[polib.POEntry]) -> Iterator[str]:
    """Messages of the source that the catalogue lacks, and its entries that no source says."""
    said = {_key(entry): entry for entry in extracted}
    yield from (f"missing: {entry.msgid!r} ({_places(entry)})" for key, entry in said.items() if key not in known)
    yield from (f"nobody says it any more: {msgid!r}" for _context, msgid in sorted(known - said.keys()))


# A sentence with a missing placeholder fails only when it is shown: so it is looked for here.
def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one entry: fuzzy, untranslated, or other placeholders than the English."""
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid!r}"
    if not all(translations):
        yield f"untranslated: {entry.msgid!r}"
        return
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    for text in translations:
        if set(PLACEHOLDER.findall(text)) != wanted:
            yield f"placeholders differ: {entry.msgid!r} → {text!r}"


def _extracted() -> list[polib.POEntry]:
    """Every message of the source, found by makemessages in a copy of it."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory)
        for name in SOURCES:
            if (BASE / name).exists():
                shutil.copytree(BASE / name, copy / name, ignore=shutil.ignore_patterns("locale", "__pycache__"))
        _make_messages(copy)
        path = copy / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        return list(polib.pofile(str(path))) if path.exists() else []


def _make_messages(copy: Path) -> None:
    (copy / "locale").mkdir()
    # With our settings it would look for our locale paths, which the copy does not have.
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", LANGUAGE, "--verbosity", "0"]
    subprocess.run(command, cwd=copy, env=environment, check=True)


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _places(entry: polib.POEntry) -> str:
    return ", ".join(f"{path}:{line}" for path, line in entry.occurrences)


def main(verb: str) -> int:
    """Compile, or print what is wrong with the catalogue; 1 when something is."""
    if verb == "compile":
        compile_all()
        return 0
    found = list(problems())
    print("\n".join(found) or "The Chinese catalogue is whole.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
