"""hookcli for coding agents: its tools over the Model Context Protocol, without ever handing out a secret."""
