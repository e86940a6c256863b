"""hookcli: receive, look at, store, replay, sign and verify webhooks on your own machine."""

__version__ = "0.1.0"
