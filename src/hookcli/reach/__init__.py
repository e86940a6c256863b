"""Being reached from outside: tunnels that give the listener a public address."""
