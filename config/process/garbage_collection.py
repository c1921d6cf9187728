"""What a serving process does with memory once it is loaded."""

import gc

OBJECTS_BETWEEN = 20_000  # a page makes some thousands, nearly all of which go by themselves


def settle() -> None:
    """Spare the garbage collector what was loaded to stay, and let it look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN, 20, 20)
