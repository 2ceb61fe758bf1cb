"""The schema's history: numbered files that only go forward. `store.database.Database.upgrade` runs them."""
