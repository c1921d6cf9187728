"""Name and password."""

from django.contrib.auth.forms import AuthenticationForm

from aftersales.forms.fields import plain
from aftersales.models import User


class LoginForm(AuthenticationForm):
    """The login of the console, and of the admin.

    A name longer than any login is nobody's, and is not looked up: the record of failed logins could not hold it.
    """

    def clean_username(self) -> str:
        """The name without hidden signs; ValidationError when nobody can be called so."""
        name = plain(self.cleaned_data["username"])
        if len(name) > (User._meta.get_field("username").max_length or 0):
            raise self.get_invalid_login_error()
        return name
