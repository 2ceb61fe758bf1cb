"""Books that live elsewhere, as CSV files in a folder: customers, invoices and payments, read and never written."""
