"""The form of a canned reply, and what it has in common with that of a macro."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import PlainTextField, offer_choices
from aftersales.models import Macro, Reason, Reply, User
from aftersales.queries.conversation import tools
from aftersales.rules.conversation import placeholders
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import CaseType

SHORTCUT: Final = re.compile(r"[\w-]{1,30}")
LANGUAGES: Final = ("zh", "en")


class CannedTextField(PlainTextField):
    """A text with placeholders; an unknown one is refused, with the nearest that the dictionary has."""

    def clean(self, value: Any) -> str:
        """The text; ValidationError names the unknown placeholder."""
        text: str = super().clean(value)
        wrong = placeholders.misspelt(text)
        if wrong:
            raise ValidationError(wrong)
        return text


class ToolForm(forms.Form):
    """What replies and macros have in common: for whom they are, titles, the cases they are meant for."""

    whose = forms.ChoiceField(label=gettext_lazy("For whom"))
    title_zh = PlainTextField(label=gettext_lazy("Title in Chinese"), max_length=100, required=False)
    title_en = PlainTextField(label=gettext_lazy("Title in English"), max_length=100, required=False)
    case_types = forms.MultipleChoiceField(
        label=gettext_lazy("Types"), choices=CaseType.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"), widget=forms.CheckboxSelectMultiple, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, tool: Reply | Macro | None, **kwargs: Any) -> None:
        self.user, self.tool = user, tool
        if tool is not None:
            kwargs["initial"] = self.initial_of(tool) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        offer_choices(self, "whose", tools.owners(user))
        reasons = Reason.objects.filter(is_active=True)
        offer_choices(self, "reasons", [(reason.code, reason.name) for reason in reasons])

    def initial_of(self, tool: Any) -> dict[str, Any]:
        """The initial values for a tool that exists."""
        names = [name for name in self.base_fields if hasattr(tool, name)]
        team = f"-{tool.team_id}" if tool.scope == Scope.TEAM else ""
        own = {"whose": f"{tool.scope}{team}", "seen": tool.changed_at.isoformat()}
        return {name: getattr(tool, name) for name in names} | own

    def clean_seen(self) -> Any:
        """When the tool that the form showed had been changed last."""
        try:
            return parse_datetime(self.cleaned_data["seen"] or "")
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        """There is a title in one language at least."""
        data = super().clean() or {}
        if not self.errors and not (data["title_zh"] or data["title_en"]):
            self.add_error("title_zh", _("Give it a title in one language at least."))
        return data

    def fill(self, tool: Reply | Macro) -> None:
        """Write the cleaned values to the tool that is to be stored."""
        data = self.cleaned_data
        scope, _dash, team = data["whose"].partition("-")
        tool.scope, tool.team_id = scope, int(team) if team else None
        tool.owner_id = self.user.pk if scope == Scope.PERSONAL else None
        for name, value in data.items():
            if name not in ("whose", "seen"):
                setattr(tool, name, value)


class ReplyForm(ToolForm):
    """A canned reply: its text in one language or both, a shortcut, the goods and reasons it fits best."""

    body_zh = CannedTextField(label=gettext_lazy("Text in Chinese"), rows=6, required=False)
    body_en = CannedTextField(label=gettext_lazy("Text in English"), rows=6, required=False)
    shortcut = PlainTextField(
        label=gettext_lazy("Shortcut"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("A word to find it by, without spaces."),
    )
    categories = PlainTextField(
        label=gettext_lazy("Categories"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Words of categories that it is best for, with commas."),
    )
    field_order = (
        "whose",
        "title_zh",
        "body_zh",
        "title_en",
        "body_en",
        "shortcut",
        "case_types",
        "reasons",
        "categories",
    )

    def initial_of(self, tool: Any) -> dict[str, Any]:
        """The initial values, with the categories on one line."""
        return super().initial_of(tool) | {"categories": ", ".join(tool.categories)}

    def clean_shortcut(self) -> str:
        """One word, as agents type it after a slash."""
        shortcut: str = self.cleaned_data["shortcut"].removeprefix("/")
        if shortcut and not SHORTCUT.fullmatch(shortcut):
            raise ValidationError(_("A shortcut is one word of letters and digits."))
        return shortcut

    def clean_categories(self) -> list[str]:
        """The words between commas, Chinese ones too."""
        words = [word.strip() for word in re.split(r"[,，、]", self.cleaned_data["categories"])]
        if any(len(word) > 100 for word in words):
            raise ValidationError(_("A category has at most 100 characters."))
        return [word for word in dict.fromkeys(words) if word]

    def clean(self) -> dict[str, Any]:
        """Each language has a title and a text, or neither."""
        data = super().clean() or {}
        for language in LANGUAGES:
            title, body = data.get(f"title_{language}"), data.get(f"body_{language}")
            if title and body == "":
                self.add_error(f"body_{language}", _("There is a title in this language, but no text."))
            elif body and title == "":
                self.add_error(f"title_{language}", _("There is a text in this language, but no title."))
        return data

    def reply(self) -> Reply:
        """The reply that is to be stored."""
        reply = self.tool if isinstance(self.tool, Reply) else Reply()
        self.fill(reply)
        return reply
