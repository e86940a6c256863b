"""A message or a delivery as text that other programs read: .http, JSON, curl, the argo-events envelope."""
