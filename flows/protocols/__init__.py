"""The bundled protocol files."""
