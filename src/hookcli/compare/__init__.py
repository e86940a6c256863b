"""Comparing two messages: what was added, removed, changed or moved, by the place where it stands."""
