"""Refusals: what can not be done now, with a sentence for the person who tried."""


class Refused(Exception):
    """The act is not possible now; `sentence` says why and what to do."""

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class NotEntitled(Refused):
    """More was asked for than is left to give back."""


class Needless(Refused):
    """What was asked is so already: there is nothing to do."""
