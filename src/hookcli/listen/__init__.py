"""Receiving: the aiohttp listener, what it answers, and where it passes deliveries on."""
