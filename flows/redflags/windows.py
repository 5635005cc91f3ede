"""Long messages in windows, so that one sentence about breath is not drowned by forty others."""

from collections.abc import Iterator

from flows.redflags.normalise import Text

WINDOW = 120  # tokens read together; nearly every training message fits into one
STEP = 80  # tokens between the starts of two windows


def windows(text: Text) -> Iterator[Text]:
    """The message itself or, when it is long, overlapping windows of it."""
    overlap = WINDOW - STEP
    for start in range(0, max(len(text.tokens) - overlap, 1), STEP):
        yield Text(text.message, text.tokens[start : start + WINDOW], text.questions)
