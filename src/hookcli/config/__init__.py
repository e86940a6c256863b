"""The configuration file: where it lies, what stands in it, and on which line."""
