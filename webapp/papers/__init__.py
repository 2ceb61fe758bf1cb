"""Papers: what an owner hands to somebody else – a collector, a lawyer, a lender, a customer – made from the books."""
