"""The interface in a browser on this machine: who may come in, and the server behind that."""
