"""FreshBooks: its accounting resources read and translated into our words."""
