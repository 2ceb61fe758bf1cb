"""Pages, one file per noun. A view parses, asks the store, and answers; it decides nothing."""
