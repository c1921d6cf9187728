"""What a reader says of files that it cannot read."""


class ReadError(ValueError):
    """A file, or a set of files, cannot be read at all; `sentence` says why, translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
