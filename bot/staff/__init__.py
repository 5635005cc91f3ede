"""What staff do outside an alert: enrolling, lists, the digest, the rota."""

from bot.staff.asked import StaffCommand
from bot.staff.commands import command
from bot.staff.daily import digest
from bot.staff.hand_over import OF_THE_ROTA
from bot.staff.presses import pressed
from bot.staff.replies import replied

__all__ = ["OF_THE_ROTA", "StaffCommand", "command", "digest", "pressed", "replied"]
