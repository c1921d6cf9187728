"""What pages may load and run."""

import pytest


def directives(page):
    """Directive → its sources, of the page's Content-Security-Policy."""
    parts = (part.split() for part in page["Content-Security-Policy"].split(";"))
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.django_db
def test_pages_run_only_our_own_scripts_and_styles(client):
    policy = directives(client.get("/healthz"))

    assert policy == {
        "default-src": {"'self'"},
        "script-src": {"'self'"},
        "style-src": {"'self'"},
        "img-src": {"'self'", "data:", "blob:"},
        "object-src": {"'none'"},
        "base-uri": {"'self'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


@pytest.mark.django_db
def test_only_the_admin_may_evaluate_scripts_and_style_inline(client):
    admin = directives(client.get("/admin/login/"))
    other = directives(client.get("/administration/"))

    assert admin["script-src"] == {"'self'", "'unsafe-eval'"}
    assert admin["style-src"] == {"'self'", "'unsafe-inline'"}
    assert admin["frame-ancestors"] == {"'none'"}
    assert other["script-src"] == other["style-src"] == {"'self'"}


@pytest.mark.django_db
def test_a_page_says_that_it_is_neither_framed_nor_guessed_at(client):
    page = client.get("/healthz")

    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
