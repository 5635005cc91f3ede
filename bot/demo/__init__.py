"""The demo: the bot over its own stand-in for Telegram, with two phones and a movable clock.

The page knows the bot only as a `Desk`. To put a bot behind it:

1. make a `DemoClock`, a `World` on its `now`, and `set_the_stage`;
2. run the bot against `create_app(world)`, on the same clock, and set `clock.wake`;
3. serve `create_demo(world, clock, desk, stage)` with `serving`.
"""

from bot.demo.clock import DemoClock
from bot.demo.desk import Desk
from bot.demo.guide import Landmarks, landmarks
from bot.demo.page import create_demo
from bot.demo.serving import open_browser, serving
from bot.demo.story import Stage, first_morning, set_the_stage

__all__ = [
    "DemoClock", "Desk", "Landmarks", "Stage", "create_demo", "first_morning", "landmarks",
    "open_browser", "serving", "set_the_stage",
]  # fmt: skip
