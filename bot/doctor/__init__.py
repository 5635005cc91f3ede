"""`aftercheck doctor`: what is wrong with a set-up, and how to mend it.

It changes nothing, confirms no update and prints no secret.
"""
