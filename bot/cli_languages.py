"""`aftercheck languages`: who has reviewed each translation, and how to sign one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli_ends import opened
from bot.export.wording import review as review_of_labels
from flows.engine.phrases import ENGLISH
from flows.engine.phrases import review as review_of_phrases
from flows.faq_file import bundled_faq
from flows.reviews import Review
from flows.translations import digest


def languages(
    protocol: Annotated[
        Path | None, typer.Option("--protocol", help="A protocol file; else the bundled one.")
    ] = None,
) -> None:
    """Say who has reviewed each translation, and which `reviewed_texts` a signature is to have."""
    found = opened(protocol)
    stem = "flows/protocols/exosome" if protocol is None else protocol.with_suffix("")
    faq = bundled_faq()
    for language in (one for one in found.protocol.languages if one != ENGLISH):
        reviews = {
            f"{stem}.{language}.toml": signed(
                found.translations, language, digest(found, language)
            ),
            f"flows/protocols/exosome_faq.{language}.toml": signed(
                faq.translations, language, faq.digest(language)
            ),
            f"flows/phrases/{language}.toml": review_of_phrases(language),
            f"bot/export/labels/{language}.toml": review_of_labels(language),
        }
        for line in lines(reviews):
            typer.echo(line)


def signed(translations: Mapping[Any, Any], language: str, now: str) -> Review | None:
    """Return the review of a translation that has been read; None where there is no such one."""
    about = translations.get(language)
    return about and Review(about.reviewed_by, about.reviewed_on, about.reviewed_texts, now)


def lines(reviews: Mapping[str, Review | None]) -> Iterator[str]:
    """Yield a line for each file: who has reviewed it, or what is to be written into it."""
    for file, found in reviews.items():
        if found is None:
            continue
        on = f" on {found.on}" if found.on else ""
        if found.counts:
            yield f"{file}: reviewed by {found.by}{on}"
        elif found.by:
            yield (
                f"{file}: texts have changed since {found.by} reviewed them{on}; "
                f'once they are reviewed again: reviewed_texts = "{found.now}"'
            )
        else:
            yield f'{file}: not reviewed; once it is: reviewed_texts = "{found.now}"'
