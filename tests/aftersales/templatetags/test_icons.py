"""Icons in the page."""


def test_an_icon_is_silent_unless_it_is_named(rendered):
    assert 'aria-hidden="true"' in rendered("{% icon 'clock' %}")
    assert 'aria-label="Clock"' in rendered("{% icon 'clock' label='Clock' %}")
