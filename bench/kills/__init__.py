"""Real processes of the bot, killed at random moments, and the proof that nothing was lost."""
