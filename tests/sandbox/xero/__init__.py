"""The sandbox's Xero, rule by rule, over real HTTP."""
