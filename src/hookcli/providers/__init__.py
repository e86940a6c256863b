"""Every provider, a module each; what a provider is (spec) and which there are (registry)."""
