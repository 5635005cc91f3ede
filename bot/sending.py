"""The two ways out of the outbox, wired: through Telegram, and past it by a second channel.

Hazards: H53.
"""

from telegram import Bot

from bot.clock import Clock
from bot.composing import Composer
from bot.delivery.calling import through
from bot.delivery.pacing import Pacing
from bot.delivery.sender import Sender
from bot.leader import Leader
from bot.office import Office
from bot.recording import Recorder
from bot.second_channel.carrying import Carrier
from bot.second_channel.composing import SecondComposer
from bot.second_channel.recording import SecondRecorder
from storage.transaction import Database


def senders(
    office: Office, database: Database, clock: Clock, leader: Leader, bot: Bot
) -> tuple[Sender, Sender]:
    """Return who sends through Telegram, and who by the second channel; only a leader's call goes.

    Each has its own pace and its own rows, so that neither waits for the other.
    """
    composer = Composer(office, clock)
    by_telegram = Sender(
        database, leader.guarded(through(bot)), clock, office.vault,
        pacing=Pacing(office.settings.send_rate), prepare=composer.methods,
        recorded=Recorder(office, composer).recorded,
    )  # fmt: skip
    by_second_channel = Sender(
        database, leader.guarded(Carrier(office.settings).call), clock, office.vault,
        pacing=Pacing(), prepare=SecondComposer(office, clock).methods,
        recorded=SecondRecorder(office).recorded, second=True,
    )  # fmt: skip
    return by_telegram, by_second_channel
