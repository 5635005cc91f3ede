"""The only SQL: a transaction is one function, and one text of each query serves both engines."""
