"""Each member's second channel: alerts by e-mail, or to a web address, when Telegram fails."""
