"""Remember: the tables, the bulk writes, and the ledger of what was decided and done.

SQLModel on SQLite by default, PostgreSQL by URL, the same code. Every row carries its company, and every query
outside `store.companies` goes through a `Scope`, which adds it.
"""
