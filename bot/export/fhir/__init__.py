"""Cases as a FHIR R4B Bundle, in plain dictionaries: docs/export.md says what becomes what."""
