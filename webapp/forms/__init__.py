"""Forms: what a page asks, how each answer is checked where it stands, and its translation to and from our values."""
