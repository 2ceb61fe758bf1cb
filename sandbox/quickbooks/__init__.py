"""A QuickBooks Online that keeps books and answers over HTTP as the real one does."""
