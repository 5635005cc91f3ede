"""The bot's account: its token, privacy mode, the clock, a webhook, a second poller."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.doctor.calling import Answer, Calling
from bot.doctor.findings import Finding, bad, doubt, well

CLOCK_DOUBT = timedelta(seconds=5)
CLOCK_BAD = timedelta(seconds=120)
"""The Date header is to the second; check-ins are halted at a jump of 120 s (hazard 12)."""

POLL = 3
"""Seconds to wait for a second poller: it asks again at once when ours has taken its place."""


def of_account(me: Answer) -> list[Finding]:
    """Say whether the token is a bot's, and whether it reads more than it should."""
    if not me.ok:
        mend = "Copy it again from @BotFather; a token that was replaced there stops working."
        return [bad(f"TELEGRAM_BOT_TOKEN is refused ({me.code} {me.description}).", mend)]
    found = [well(f"The token is that of @{me.result['username']}.")]
    if me.result.get("can_read_all_group_messages"):
        mend = (
            "@BotFather, /setprivacy, Enable; then remove the bot from the group and add it again."
        )
        found.append(bad("Privacy mode is off: the bot reads all that staff write.", mend))
    else:
        found.append(well("Privacy mode is on: in groups the bot reads only what is for it."))
    return found


def of_clock(server: datetime | None, now: datetime) -> Finding:
    """Compare this machine's clock with the server's."""
    if server is None:
        return doubt("The clock could not be compared: the answer had no date.")
    off = abs(now - server)
    said = f"This machine's clock is {off.total_seconds():.0f} s off."
    mend = "Let it be set by NTP, for example with systemd-timesyncd or chrony."
    if off > CLOCK_BAD:
        return bad(said, mend)
    return doubt(said, mend) if off > CLOCK_DOUBT else well("The clock is right.")


async def of_updates(call: Calling, webhook_url: str, *, running: bool) -> AsyncIterator[Finding]:
    """Say whether updates come the way that is set, and to this bot alone."""
    hook = await call("getWebhookInfo")
    url = hook.result.get("url", "") if hook.ok else ""
    if url and not webhook_url:
        mend = (
            "Start the bot, which removes it, or set WEBHOOK_URL; till then polling gets nothing."
        )
        yield bad("A webhook is set at Telegram, but WEBHOOK_URL is not.", mend)
    elif url and not url.startswith(f"{webhook_url.rstrip('/')}/telegram/"):
        yield bad("The webhook at Telegram is another than WEBHOOK_URL.", "Start the bot again.")
    elif url:
        yield well("The webhook is set as WEBHOOK_URL says.")
        if error := hook.result.get("last_error_message"):
            yield doubt(f"Telegram's last try to bring an update failed: {error}.",
                        "See that the address is open and its certificate valid.")  # fmt: skip
    elif webhook_url:
        yield doubt("WEBHOOK_URL is set, but no webhook at Telegram.", "Start the bot.")
    elif running:
        yield well("The bot is running here; a second poller would show in its log.")
    else:
        yield await of_second_poller(call)


async def of_second_poller(call: Calling) -> Finding:
    """Say whether another program polls with this token.

    Without an offset nothing is confirmed: whatever waits is there for the bot afterwards.
    """
    answer = await call("getUpdates", limit=1, timeout=POLL)
    if answer.code == HTTPStatus.CONFLICT:
        mend = "Stop the other one, or give this one a bot and token of its own."
        return bad("Another program fetches this bot's updates.", mend)
    if not answer.ok:
        return doubt(f"Updates cannot be fetched ({answer.code} {answer.description}).")
    return well("No other program fetches this bot's updates.")
