"""Deliveries on disk: the schema, the connection, writing in batches, and queries."""
