"""What the browser gets of a style sheet."""

from django.core.files.base import ContentFile

from config.static_files import Storage, strip_sheet


def test_a_sheet_keeps_what_the_browser_reads():
    written = """
/* Said. */
a:hover,
.b > :is(c, d) {
  margin: calc(1px + 2px) 0;
  content: "✓  ;" / "";
}

@media (min-width: 60em) {
  a {
    top: 0;
  }
}
"""

    assert strip_sheet(written) == (
        'a:hover,.b > :is(c,d){margin: calc(1px + 2px) 0;content: "✓  ;" / ""}@media (min-width: 60em){a{top: 0}}'
    )


def test_sheets_are_stripped_when_they_are_collected_under_their_name_and_under_their_hash(tmp_path):
    storage = Storage(location=tmp_path)
    storage.save("a.css", ContentFile(b"a {\n  top: 0;\n}\n"))
    storage.save("a.js", ContentFile(b"// Adds.\n"))

    list(storage.post_process({"a.css": (storage, "a.css"), "a.js": (storage, "a.js")}))

    assert {path.read_text() for path in tmp_path.glob("a*.css")} == {"a{top: 0}"}
    assert len(list(tmp_path.glob("a*.css"))) == 2
    assert (tmp_path / "a.js").read_text() == "// Adds.\n"
