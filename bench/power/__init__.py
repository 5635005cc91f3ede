"""Power cuts: what the product wrote and flushed is noted, and then lost as a disk may lose it.

A recorder sits between the machine's own SQLite and its files while the real product works: real
schema, real transactions, real group commits, unchanged. It notes every write, truncation, flush
and deletion in order, and between them which transactions the product was told are safe. A cut is
a place in that record. Everything flushed before it is kept; of everything since, any part may be
lost, in any order, down to a sector of 512 bytes, and what a file grew by may read as noise.

What it proves: that the product asks for a flush before it believes in a commit, and that SQLite
with the product's settings then opens every such disk whole, with every such commit in it.

What it does not: that a disk which is told to flush does so. One that lies loses what it likes, and
no program can help it. Nor is the order in which a name appears in a folder modelled: a file is
there once it was flushed, as on ext4, and as SQLite sees to by flushing the folder of a journal.
"""
