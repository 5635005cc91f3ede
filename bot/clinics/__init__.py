"""Several clinics on one machine: a folder, a process, a database and a key each."""
