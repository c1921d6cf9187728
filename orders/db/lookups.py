"""Lookups on texts whose plan does not depend on the text, so that the server can plan them once."""

from typing import Any

from django.db.models import CharField, Lookup


@CharField.register_lookup
class Begins(Lookup):
    """Begins with a text, by a pattern index; LIKE uses one only if the text is known when it is planned."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A range of the index, up to the last character of Unicode."""
        column, params = self.process_lhs(compiler, connection)
        return rf"({column} ~>=~ %s AND {column} ~<~ (%s || U&'\+10FFFF'))", (*params, self.rhs, *params, self.rhs)


@CharField.register_lookup
class Ends(Lookup):
    """Ends with a text; for conditions on few rows, it uses no index."""

    lookup_name = "ends"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The last characters compared for equality, so that % and _ mean themselves."""
        column, params = self.process_lhs(compiler, connection)
        return f"right({column}, length(%s)) = %s", (*params, self.rhs, self.rhs)


@CharField.register_lookup
class OneOf(Lookup):
    """Is one of several texts, given one to a line; the statement is the same however many there are."""

    lookup_name = "one_of"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Any member of an array."""
        column, params = self.process_lhs(compiler, connection)
        return rf"{column} = ANY (string_to_array(%s, E'\n'))", (*params, self.rhs)
