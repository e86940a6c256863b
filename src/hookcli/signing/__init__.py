"""Signatures: the primitives (schemes), checking them (verify), making them (sign), and the secrets they need."""
