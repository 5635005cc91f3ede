"""The watchdog: looks every half minute, outside the queues, whether the bot still does its work.

It stands beside the one way through on purpose: it calls Telegram, a mailbox or a webhook by
itself, so that it is heard also when the worker, the sender or the database stands still. When it
stands still too, the heartbeat stays out, and somebody outside notices that.
"""
