"""The admin: policies, reasons, calendar, merchants, teams and users are edited; cases and money are only read."""

from aftersales.admin import calendar, logins, people, policies, reasons, records, tools

__all__ = ["calendar", "logins", "people", "policies", "reasons", "records", "tools"]
