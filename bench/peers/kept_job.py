"""A job that a scheduler keeps in a database by its name."""

RAN: list[None] = []


def kept_job() -> None:
    """Note that it ran."""
    RAN.append(None)
