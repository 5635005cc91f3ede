"""The markers of a query, as each engine writes them."""

import pytest

from storage.markers import for_postgres, for_sqlite


@pytest.mark.parametrize(
    ("text", "written", "names"),
    [
        ("SELECT 1", "SELECT 1", ()),
        ("a = :code AND b = :at", "a = $1 AND b = $2", ("code", "at")),
        ("a = :code OR :code = b", "a = $1 OR $1 = b", ("code",)),
        ("a=:a,b=:ab,c=:a_1", "a=$1,b=$2,c=$3", ("a", "ab", "a_1")),
        ("':code' || :code", "':code' || $1", ("code",)),
        ("'it''s :code' || :at", "'it''s :code' || $1", ("at",)),
        ('SELECT ":code", :code', 'SELECT ":code", $1', ("code",)),
        ("x::text = :code::text", "x::text = $1::text", ("code",)),
        ("SELECT :a -- not :b\n, :c", "SELECT $1 -- not :b\n, $2", ("a", "c")),
        ("SELECT :a /* not\n:b */, :c", "SELECT $1 /* not\n:b */, $2", ("a", "c")),
        ("'12:30' < :at", "'12:30' < $1", ("at",)),
    ],
)
def test_postgres_gets_numbers_for_names_and_only_for_those(text, written, names) -> None:
    assert for_postgres(text) == (written, names)


def test_locks_are_for_postgres_only() -> None:
    text = "SELECT id FROM outbox LIMIT 5 {skip_locked}"
    assert for_postgres(text)[0] == "SELECT id FROM outbox LIMIT 5 FOR UPDATE SKIP LOCKED"
    assert for_sqlite(text) == "SELECT id FROM outbox LIMIT 5 "
    assert for_postgres("{for_update}")[0] == "FOR UPDATE"
    assert for_sqlite("{for_update}") == ""
