"""What the documents name is there: a path that has moved would send a newcomer to an empty room."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]
DOCUMENTS = [BASE / "README.md", *sorted((BASE / "docs").glob("*.md"))]
GLOSSARY = re.compile(r"`((?:actions|queries|models|rules|views|moves)/[\w./]*)`")
NAMED = re.compile(r"`((?:aftersales|orders|logistics|config|templates|static|tests|docs)/[\w./]*[\w/])`")
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def test_every_path_in_a_document_exists():
    missing = [
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in NAMED.findall(document.read_text(encoding="utf-8"))
        if not (BASE / path).exists()
    ]

    assert missing == []


def test_every_place_in_the_glossary_exists():
    named = GLOSSARY.findall((BASE / "docs" / "glossary.md").read_text(encoding="utf-8"))

    assert len(named) > 50
    assert [place for place in named if not (BASE / "aftersales" / place).exists()] == []


def test_every_link_of_a_document_leads_somewhere():
    missing = [
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in LINKED.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / path).exists()
    ]

    assert missing == []
