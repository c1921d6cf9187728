"""Content-Security-Policy: what pages may load and run; of the admin, what its look cannot do without."""

from collections.abc import Callable
from typing import Final

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]

STRICT: Final = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


def admin_content_policy(get_response: Handler) -> Handler:
    """Under /admin/ only, allow what unfold's Alpine needs: evaluated scripts and inline styles."""
    loosened = csp_update({"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]})(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return (loosened if request.path.startswith("/admin/") else get_response)(request)

    return middleware
