"""The whole product on a clock that costs nothing, in a story that a number decides."""
