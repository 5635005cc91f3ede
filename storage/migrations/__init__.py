"""The schema and its changes; this file is all of it that a running bot imports."""

REVISIONS = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012",
)  # fmt: skip
"""Every state that the schema has been in, the oldest first."""
