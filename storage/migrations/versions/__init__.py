"""One file for each change of the schema, written once for both engines."""
