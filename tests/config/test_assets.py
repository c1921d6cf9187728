"""Style sheets, scripts and templates keep the strict policy, and stay small."""

import re
from posixpath import dirname, normpath

from django.conf import settings
from django.utils.module_loading import import_string

from config.static_files import strip_sheet

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
INLINE = re.compile(
    r'\sstyle="|<style|\shx-on|\son[a-z]+="|javascript:|"js:|<script(?![^>]*\ssrc=)'  # what the strict policy forbids
)


def test_no_template_needs_an_inline_style_or_script():
    assert TEMPLATES
    assert [path.name for path in TEMPLATES if INLINE.search(path.read_text())] == []


def test_sheets_and_scripts_load_nothing_from_elsewhere():
    assets = [*(settings.BASE_DIR / "static").rglob("*.css"), *(settings.BASE_DIR / "static").rglob("*.js")]

    assert assets
    for asset in assets:
        assert not re.search(r"https?://|url\(data:|\beval\(|new Function", asset.read_text()), asset.name


def test_every_sheet_is_in_the_one_entry_or_belongs_to_some_pages_or_is_worn_when_it_is_wanted():
    css, js = settings.BASE_DIR / "static" / "css", settings.BASE_DIR / "static" / "js"
    scripts = "".join(path.read_text() for path in js.rglob("*.js"))
    rare = [f"{name}.css" for name in set(re.findall(r'wear\("([\w/]+)"\)', scripts))]
    sheets = sorted(path.relative_to(css).as_posix() for path in css.rglob("*.css") if path.name != "desk.css")

    entry = (css / "desk.css").read_text()
    pages = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    linked = set(re.findall(r"static 'css/([^']+)'", pages))
    worn = [import_string(style)(None).rpartition("css/")[2] for style in settings.UNFOLD["STYLES"]]  # of the admin

    assert sorted([*re.findall(r'url\("([^"]+)"\)', entry), *(linked - {"desk.css"}), *rare, *worn]) == sheets


def test_what_a_case_page_loads_stays_small():
    """At most 100 kB of style and script together, apart from htmx; what is rarely wanted is loaded when it is."""
    static, seen = settings.BASE_DIR / "static", set()

    def size(name):
        if name in seen:
            return 0
        seen.add(name)
        text = (static / "js" / name).read_text()
        parts = re.findall(r'(?:from|import) "(\.[^"]+)"', text)
        return len(text.encode()) + sum(size(normpath(f"{dirname(name)}/{part}").lstrip("/")) for part in parts)

    sheets = ["desk.css", *re.findall(r'url\("([^"]+)"\)', (static / "css" / "desk.css").read_text())]
    style = sum(len(strip_sheet((static / "css" / name).read_text()).encode()) for name in sheets)

    assert style + size("desk.js") + size("console/live.js") <= 100_000
