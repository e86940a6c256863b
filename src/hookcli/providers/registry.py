"""Every provider that hookcli knows: its own, and those of packages under the entry point group `hookcli.providers`."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from hookcli.errors import Environment, WrongInput, did_you_mean
from hookcli.providers.spec import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTRY_POINTS = "hookcli.providers"

BUILT_IN = (
    "github",
    "gitlab",
    "bitbucket",
    "bitbucket_server",
    "gitee",
    "gitea",
    "forgejo",
    "gogs",
    "coding",
    "dockerhub",
    "dtr",
    "argo_events",
    "cloudevents",
    "slack",
    "discord",
    "telegram",
    "line",
    "twitch",
    "zoom",
    "meta",
    "feishu",
    "dingtalk",
    "linear",
    "jira",
    "sentry",
    "pagerduty",
    "circleci",
    "buildkite",
    "vercel",
    "netlify",
    "heroku",
    "terraform_cloud",
    "travis_ci",
    "azure_devops",
    "phabricator",
    "grafana",
    "alertmanager",
    "harbor",
    "quay",
    "docker_registry",
    "stripe",
    "shopify",
    "square",
    "paddle",
    "lemonsqueezy",
    "woocommerce",
    "adyen",
    "coinbase_commerce",
    "bigcommerce",
    "razorpay",
    "standard_webhooks",
    "svix",
    "twilio",
    "sendgrid",
    "mailgun",
    "hubspot",
    "intercom",
    "typeform",
    "dropbox",
    "zendesk",
    "calendly",
    "asana",
    "trello",
    "notion",
    "figma",
    "unknown",
)
"""Module names, in the order in which people see the providers."""


@lru_cache(maxsize=1)
def providers() -> Mapping[str, Provider]:
    """All providers by id, `unknown` last of the built-in ones.

    An entry point names a Provider, or a module with one called PROVIDER. Raises Environment where it has neither.
    """
    known = {}
    for name in BUILT_IN:
        found: Provider = import_module(f"hookcli.providers.{name}").PROVIDER
        known[found.id] = found
    for point in entry_points(group=ENTRY_POINTS):
        loaded = point.load()
        provider = getattr(loaded, "PROVIDER", loaded)
        if not isinstance(provider, Provider):
            what = f"The package behind {point.value} declares no provider."
            raise Environment(what, f"Its entry point {ENTRY_POINTS}:{point.name} must name a hookcli Provider.")
        known[provider.id] = provider
    return known


def provider(name: str) -> Provider:
    """The provider of this id. Raises WrongInput where there is none, with the nearest id."""
    known = providers()
    found = known.get(name.lower())
    if found is None:
        fix = did_you_mean(name, known) or "`hookcli providers` lists them."
        raise WrongInput(f"There is no provider {name!r}.", fix)
    return found
