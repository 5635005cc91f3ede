"""What patients of the simulation say and press, and by which words they know a message."""

from typing import Final

from bot.demo.picture import picture

STEPS: Final = ("I agree", "I can see this")
SIGNS: Final = "Which one? Tap each one you have"
MILD: Final = "Stiff neck"
"""The only sign of the list that is no more than a *follow_up* by itself."""

FACTS: Final = "Tick each that is true for you"
FEVER: Final = "What is the highest temperature"
END: Final = "Change my answers"
SELDOM: Final = {
    "One of these": 0.12, "Back": 0.1, "Please call me": 0.1, "None of these": 0.2,
    "All good, none of these": 1.5, "Done": 4.0, "No": 3.0, "0  No": 4.0,
}  # fmt: skip
"""How likely each is pressed, where any other button is 1."""

PATIENCE: Final = 6  # answers to one message, after which somebody leaves it at that
NEVER: Final = ("Pause", "Yes, stop", "Start again", "Use ", "Quiet", "Later mornings", "No, thank")
FEVERS: Final = ("36,9", "37.4", "98.6 F", "39.4", "39,6", "38.2", "103 F", "370", "3", "warm")
SEVERE: Final = frozenset({"39.4", "39,6", "103 F"})
"""At 39.0 and more the protocol's rule calls for a person at once."""

ALARMING: Final = ("I cannot breathe", "I can't breathe", "my chest hurts")
DULL: Final = ("how long will it last", "a bit tired today", "thank you", "is it normal")
PHOTO: Final = picture(1)
