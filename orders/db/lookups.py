"""Conditions on texts that start at an index whatever the text is, so that the server can keep their plan."""

from typing import Any

from django.db.models import CharField, Lookup


@CharField.register_lookup
class Begins(Lookup):
    """Begins with a text, by the indexes of patterns; LIKE would have to be planned anew for each text."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A range of the index, up to the last sign there is."""
        column, params = self.process_lhs(compiler, connection)
        return rf"({column} ~>=~ %s AND {column} ~<~ (%s || U&'\+10FFFF'))", (*params, self.rhs, *params, self.rhs)


@CharField.register_lookup
class Ends(Lookup):
    """Ends with a text; read of few rows, it needs no index."""

    lookup_name = "ends"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The end, compared as it is."""
        column, params = self.process_lhs(compiler, connection)
        return f"right({column}, length(%s)) = %s", (*params, self.rhs, self.rhs)


@CharField.register_lookup
class OneOf(Lookup):
    """Is one of several texts, one a line; the statement is the same however many they are."""

    lookup_name = "one_of"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Any of an array."""
        column, params = self.process_lhs(compiler, connection)
        return rf"{column} = ANY (string_to_array(%s, E'\n'))", (*params, self.rhs)
