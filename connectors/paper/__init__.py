"""Paper: the way out for what is handed over, filed or posted: PDF documents and tables for a spreadsheet."""
