"""Decides: pure functions over a protocol; no clock, network, SQL or Telegram."""
