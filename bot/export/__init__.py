"""Check-in histories as files that a spreadsheet or an auditor's program reads."""
