"""Decide: what every open invoice and every customer needs today, and why.

Pure. Nothing here reads a clock, a database, a network or a file: the account, the policy and
today's date come in as values, and a `Plan` goes out as a value. Carrying it out is `scheduler`'s job.
"""
