"""The login of the admin; not in `admin/`, since the site loads it before it collects what is registered there."""

from unfold.forms import AuthenticationForm

from aftersales.forms.people.login import LoginForm


class AdminLoginForm(LoginForm, AuthenticationForm):
    """Name and password of an admin."""
