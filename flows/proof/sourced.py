"""The fifth guarantee: every number cites a source that the file explains."""

from collections.abc import Iterator

from flows.classify import Classifier
from flows.protocol import Protocol
from flows.tables import Model


def sourced(classifier: Classifier) -> Iterator[str]:
    """Find source codes that the file does not explain, and explanations nobody cites."""
    protocol = classifier.protocol
    cited: set[str] = set()
    for place, codes in cited_sources(protocol, "protocol"):
        cited.update(codes)
        for code in codes:
            if code not in protocol.sources:
                yield f"{place}: source «{code}» is not explained; add [sources.{code}]"
    for code in protocol.sources.keys() - cited:
        yield f"sources › {code}: nothing cites it; remove it or cite it"


def cited_sources(node: object, place: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Walk the whole protocol for `sources`, with the place of each."""
    if isinstance(node, Model):
        name = getattr(node, "id", "")
        here = f"{place} «{name}»" if name and "«" not in place else place
        for field in type(node).model_fields:
            value = getattr(node, field)
            if field == "sources" and isinstance(value, tuple):
                yield here, value
            elif not isinstance(node, Protocol) or field != "sources":
                yield from cited_sources(
                    value, field if place == "protocol" else f"{here} › {field}"
                )
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from cited_sources(value, f"{place} › {key}")
    elif isinstance(node, tuple):
        for value in node:
            yield from cited_sources(value, place)
