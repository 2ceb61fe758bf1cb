"""The front door: the command line, settings read once, and the wiring of the real parts.

Kept light: the database layer and the platforms' SDKs are loaded by the command that needs them.
"""
