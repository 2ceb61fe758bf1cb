"""The demo: the real product on two made-up companies, with a clock to move and a mailbox to read.

Nothing is faked: the sandbox is a QuickBooks Online and a Xero over HTTP, the companies are connected through their
real redirects, and mail goes out over SMTP to the sandbox's own mailbox.
"""
