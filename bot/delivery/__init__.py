"""Getting what was decided to Telegram: paced, in order, and never lost without a named reason."""
