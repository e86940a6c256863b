"""Deliveries as other programs write and read them: a module a form; `known` lists them all."""
