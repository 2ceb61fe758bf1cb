"""A QuickBooks Online and a Xero that keep books and answer over HTTP, to try Dunwell and to test it.

Knows nothing of ours, as the real platforms don't: it is reached by the unmodified SDKs over real HTTP. Behaviour
follows the platforms' documented contract; where that is unknown, a switch says so. `world` fills and drives it.
"""
