"""What the browser gets of a style sheet."""

from config.static_files import strip_sheet


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
