"""Books that live elsewhere: CSV and Excel files that an owner uploads, read and never written."""
