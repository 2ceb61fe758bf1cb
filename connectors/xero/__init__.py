"""Xero: how we connect to it, read it and write to it."""
