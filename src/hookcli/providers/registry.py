"""Every provider that hookcli knows: its own, those that packages bring, and those of the configuration file.

A package brings one by an entry point of the group `hookcli.providers`.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from hookcli.config.effect import in_effect
from hookcli.config.mistakes import PROVIDERS, field_of
from hookcli.errors import Note, WrongInput, did_you_mean
from hookcli.providers.spec import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

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
    "sourcehut",
    "launchpad",
    "pagure",
    "gerrit",
    "gitbucket",
    "onedev",
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
    "wecom",
    "wechat",
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
    "azure_event_grid",
    "microsoft_graph",
    "aws_sns",
    "cloudflare",
    "cloudflare_stream",
    "phabricator",
    "grafana",
    "alertmanager",
    "harbor",
    "quay",
    "docker_registry",
    "jfrog",
    "nexus",
    "cloudsmith",
    "azure_container_registry",
    "jenkins",
    "semaphore",
    "appveyor",
    "bitrise",
    "flux",
    "readthedocs",
    "sonarqube",
    "snyk",
    "transifex",
    "discourse",
    "mattermost",
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
    "paypal",
    "gocardless",
    "xero",
    "standard_webhooks",
    "svix",
    "openai",
    "anthropic",
    "clerk",
    "resend",
    "supabase",
    "replicate",
    "render",
    "polar",
    "liveblocks",
    "dodo_payments",
    "whop",
    "weblate",
    "twilio",
    "sendgrid",
    "mailgun",
    "hubspot",
    "intercom",
    "typeform",
    "dropbox",
    "zendesk",
    "workos",
    "okta",
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
    """All providers by id: the built-in ones, `unknown` last, those of packages, those of the configuration file.

    Of one id the later counts. Raises WrongConfig where the configuration declares one wrongly. A package that can't
    bring its own is passed over, with a Note: no delivery is lost over it.
    """
    known, config = known_by_code(), in_effect()
    if PROVIDERS not in config.tables:
        return known
    from hookcli.providers.declared import declared  # who declares none needs no reader of declarations

    return {**known, **declared(config, known)}


def known_by_code() -> dict[str, Provider]:
    """The built-in providers, and those of packages: an entry point names a Provider, or a module with a PROVIDER."""
    known: dict[str, Provider] = {}
    for name in BUILT_IN:
        found: Provider = import_module(f"hookcli.providers.{name}").PROVIDER
        known[found.id] = found
    for point in entry_points(group=ENTRY_POINTS):
        try:
            brought = _brought(point, known)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever another's code does when it is imported)
            whose = f"The package {point.dist.name} {point.dist.version}" if point.dist else "A package"
            told = str(error) if isinstance(error, WrongInput) else f"{type(error).__name__}: {error}"
            what = f"{whose} brings no provider: its entry point {point.name} = {point.value} failed. {told}"
            warnings.warn(what, Note, stacklevel=2)
        else:
            known[brought.id] = brought
    return known


def _brought(point: EntryPoint, known: Mapping[str, Provider]) -> Provider:
    """What an entry point names. Raises whatever its code does, and WrongInput where that is no sound provider."""
    from hookcli.providers.sound import all_mistakes  # hookcli's own are held to it by a test

    loaded = point.load()
    found = getattr(loaded, "PROVIDER", loaded)
    if not isinstance(found, Provider):
        what = f"It has to name a hookcli Provider, and this is of type {type(found).__name__}."
        raise WrongInput(what)
    for mistake in all_mistakes(found, known.keys()):
        what = f"Its {field_of(mistake.key)}: {mistake.what} {mistake.fix}".strip()
        raise WrongInput(what)
    return found


def provider(name: str) -> Provider:
    """The provider of this id. Raises WrongInput where there is none, with the nearest id."""
    known = providers()
    found = known.get(name.lower())
    if found is None:
        fix = did_you_mean(name, known) or "`hookcli providers` lists them."
        raise WrongInput(f"There is no provider {name!r}.", fix)
    return found
