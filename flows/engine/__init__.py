"""What happens next: a record and an input in, the changed record and events out.

Nothing here knows a clock, a network, a database or a chat program. The outer program loads a
record, calls `advance`, and saves what comes back in one transaction.
"""
