"""What holds on PostgreSQL only, and the server that the tests bring for themselves."""
