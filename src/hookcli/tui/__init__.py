"""The full-screen interface on the store: a list of deliveries, all about the selected one, and what can be done."""
