"""The engine, specified: one file per module, one test per rule."""
