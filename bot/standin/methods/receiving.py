"""getUpdates, setWebhook, deleteWebhook, getWebhookInfo."""

import ipaddress
import re
from urllib.parse import urlparse

from bot.standin.call import Call
from bot.standin.clock import unix
from bot.standin.errors import Json, bad_request
from bot.standin.updates import DEFAULT_TYPES, LONGEST_POLL, MOST_UPDATES, UPDATE_TYPES, Webhook

PORTS = frozenset({80, 88, 443, 8443})
SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40


async def get_updates(call: Call) -> list[Json]:
    """Confirm what lies before the offset, and return what waits; wait for it where asked to.

    Raises:
        Refusal: 409 while a webhook is set, and when another call takes this one's place.
    """
    queue = call.bot.updates
    arguments = call.arguments
    poll = queue.enter()
    queue.allow(arguments.items("allowed_updates"))
    queue.confirm(arguments.number("offset"))
    queue.expire(call.world.now())
    timeout = arguments.within("timeout", 0, 0, LONGEST_POLL)
    if timeout and not queue.pending:
        await call.world.patience(poll.woken, timeout)
    queue.leave(poll)
    queue.expire(call.world.now())
    return queue.first(arguments.within("limit", MOST_UPDATES, 1, MOST_UPDATES))


def set_webhook(call: Call) -> bool:
    """Have the updates brought to an address."""
    arguments = call.arguments
    queue = call.bot.updates
    url = arguments.text("url")
    if not url:
        return delete_webhook(call)
    check_address(url, local=call.world.local_mode)
    secret = arguments.text("secret_token")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    queue.end_poll("terminated by setWebhook request")
    queue.allow(arguments.items("allowed_updates"))
    if arguments.flag("drop_pending_updates"):
        queue.pending.clear()
    most = arguments.within("max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS)
    queue.webhook = Webhook(url, secret, most, arguments.text("ip_address"))
    queue.added.set()
    return True


def check_address(url: str, *, local: bool) -> None:
    """Refuse an address that Telegram would not send to."""
    parts = urlparse(url if "://" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if local:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    try:
        reserved = ipaddress.ip_address(parts.hostname).is_private
    except ValueError:
        reserved = parts.hostname == "localhost"
    if reserved:
        raise bad_request(f"bad webhook: IP address {parts.hostname} is reserved")


def delete_webhook(call: Call) -> bool:
    """Go back to `getUpdates`; what waits stays, unless it is to be dropped."""
    if call.arguments.flag("drop_pending_updates"):
        call.bot.updates.pending.clear()
    call.bot.updates.webhook = None
    return True


def get_webhook_info(call: Call) -> Json:
    """Return the `WebhookInfo` object; its address is empty while none is set."""
    queue = call.bot.updates
    queue.expire(call.world.now())
    hook = queue.webhook or Webhook("")
    info: Json = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
    }
    if queue.allowed != DEFAULT_TYPES:
        info["allowed_updates"] = [kind for kind in UPDATE_TYPES if kind in queue.allowed]
    if not hook.url:
        return info
    info["max_connections"] = hook.max_connections
    if hook.ip_address:
        info["ip_address"] = hook.ip_address
    if hook.last_error_at:
        info["last_error_date"] = unix(hook.last_error_at)
        info["last_error_message"] = hook.last_error
    return info
