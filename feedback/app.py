"""create_app(settings): all routes in one list, and the order of the middleware."""

from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from feedback.errors import Problem, StartError
from feedback.http.client_address import ClientAddress
from feedback.http.direct import Direct
from feedback.http.headers import SecurityHeaders, headers_for
from feedback.http.health import get_live, get_ready
from feedback.http.problems import Problems
from feedback.http.request_headers import RequestHeaders, known_hosts
from feedback.http.request_log import RequestLog
from feedback.http.static import RevalidatedFiles
from feedback.http.templates import Templates
from feedback.intake.busy import Busy
from feedback.intake.cors import SiteCors
from feedback.intake.demo import get_demo, get_root
from feedback.intake.endpoint import post_feedback
from feedback.intake.form import get_form, get_thanks
from feedback.intake.sites import Sites
from feedback.intake.widget import get_integrity, get_widget, get_widget_v1
from feedback.openapi import get_openapi
from feedback.review import (
    access_api,
    account,
    api,
    audit_log,
    desk_api,
    digest_pages,
    downloads,
    erasure_api,
    erasure_pages,
    item_pages,
    page_figures,
    pages,
    people_pages,
    removals,
    rescrub,
    set_password,
    sign_in,
    sso,
    token_pages,
    trends,
    view_pages,
    webhook_pages,
)
from feedback.review.guard import check_declared
from feedback.review.metrics import get_metrics
from feedback.review.sso import open_provider
from feedback.running import Lives, OwnState
from feedback.settings import Settings, load_settings
from feedback.watching.metrics import Metrics
from feedback.words import Words
from scrubbers import Scrubber, UnknownKindError


def create_app(settings: Settings | None = None) -> Starlette:
    """The service as an ASGI app; without settings it reads FEEDBACK_* from the environment.

    Raises StartError, in one sentence, where a setting is wrong. The database is opened when the app starts;
    an app that mounts this one must start it too: `running.started` does.
    """
    settings = settings or load_settings()
    sites = Sites.from_settings(settings.sites, settings.public_url)
    templates = Templates(Words(settings.languages))
    problems = Problems(templates)
    all_routes = routes(sites, problems, settings.widget_path)
    check_declared(all_routes)
    scrubber = make_scrubber(settings)
    metrics = Metrics(scrubber.kinds)
    lives = Lives(
        settings=settings,
        scrubber=scrubber,
        sites=sites,
        templates=templates,
        client_address=ClientAddress.from_settings(settings.trusted_proxies),
        metrics=metrics,
        provider=open_provider(settings),
    )
    app = Starlette(
        routes=all_routes,
        middleware=[
            Middleware(OwnState, lives=lives),
            Middleware(
                Busy,
                templates=templates,
                sites=sites,
                metrics=metrics,
                headers=headers_for(settings.public_url),
            ),
            Middleware(SecurityHeaders, headers=headers_for(settings.public_url)),
            Middleware(RequestLog, answer=problems.answer, metrics=metrics),
            Middleware(
                RequestHeaders,
                hosts=known_hosts(settings.public_url, settings.hosts),
                answer=problems.answer,
            ),
        ],
        # Starlette types a handler for any request and exception; these take their own.
        exception_handlers={Problem: problems.answer, HTTPException: problems.from_routing},  # type: ignore[dict-item]
        lifespan=lives.lifespan,
    )
    # Starlette's redirect of a trailing slash repeats the Host header and the query in its answer.
    app.router.redirect_slashes = False
    return app


def routes(sites: Sites, problems: Problems, widget_path: str) -> list[BaseRoute]:
    """Every address that the service answers."""
    return [
        # Visitors
        Route(
            "/feedback", SiteCors(Direct(post_feedback, problems.answer), sites), methods=["POST", "OPTIONS"]
        ),
        Route("/feedback/form", get_form),
        Route("/feedback/thanks", get_thanks),
        Route("/widget.js", get_widget),
        Route("/widget/v1.js", get_widget_v1),
        Route(widget_path, get_widget_v1),
        Route("/widget/integrity", get_integrity),
        Route("/demo", get_demo),
        Route("/", get_root),
        Mount("/static", RevalidatedFiles(directory=str(files("feedback") / "static"))),
        # Operators
        Route("/health/live", get_live),
        Route("/health/ready", get_ready),
        Route("/metrics", get_metrics),
        Route("/openapi.json", get_openapi),
        # The web team
        Route("/admin", pages.get_home),
        Route("/admin/sign-in", sign_in.get_sign_in),
        Route("/admin/sign-in", sign_in.post_sign_in, methods=["POST"]),
        Route("/admin/sign-in/code", sign_in.get_code),
        Route("/admin/sign-in/code", sign_in.post_code, methods=["POST"]),
        Route("/admin/password", set_password.get_password),
        Route("/admin/password", set_password.post_password, methods=["POST"]),
        Route("/admin/sso", sso.get_sso),
        Route("/admin/sso/callback", sso.get_callback),
        Route("/admin/sign-out", sign_in.post_sign_out, methods=["POST"]),
        Route("/admin/feedback", pages.get_inbox),
        Route("/admin/feedback/bulk", pages.post_bulk, methods=["POST"]),
        Route("/admin/feedback/undo", pages.post_undo, methods=["POST"]),
        Route("/admin/feedback/{id}", item_pages.get_item),
        Route("/admin/feedback/{id}", item_pages.post_item, methods=["POST"]),
        Route("/admin/feedback/{id}/notes", item_pages.post_note, methods=["POST"]),
        Route("/admin/feedback/{id}/missed", item_pages.post_missed, methods=["POST"]),
        Route("/admin/feedback/{id}/wrong", item_pages.post_wrong, methods=["POST"]),
        Route("/admin/removals", removals.get_removals),
        Route("/admin/removals/allowed", removals.post_allowed, methods=["POST"]),
        Route("/admin/removals/allowed/{id}/remove", removals.post_disallowed, methods=["POST"]),
        Route("/admin/views", view_pages.post_views, methods=["POST"]),
        Route("/admin/views/{id}/remove", view_pages.post_view_removed, methods=["POST"]),
        Route("/admin/pages", page_figures.get_pages),
        Route("/admin/page", page_figures.get_page),
        Route("/admin/page/changes", page_figures.post_change, methods=["POST"]),
        Route("/admin/page/changes/{id}/remove", page_figures.post_change_removed, methods=["POST"]),
        Route("/admin/trends", trends.get_trends),
        Route("/admin/digest", digest_pages.get_digest),
        Route("/admin/digest", digest_pages.post_digest, methods=["POST"]),
        Route("/admin/digest/addresses", digest_pages.post_address, methods=["POST"]),
        Route("/admin/digest/addresses/{id}/remove", digest_pages.post_address_removed, methods=["POST"]),
        Route("/admin/webhooks", webhook_pages.get_webhooks),
        Route("/admin/webhooks", webhook_pages.post_webhooks, methods=["POST"]),
        Route("/admin/webhooks/{id}/remove", webhook_pages.post_webhook_removed, methods=["POST"]),
        Route("/admin/api/export.csv", downloads.get_csv),
        Route("/admin/api/export.jsonl", downloads.get_jsonl),
        Route("/admin/api/pages", page_figures.get_pages_json),
        Route("/admin/api/trends", trends.get_trends_json),
        Route("/admin/account", account.get_account),
        Route("/admin/account/set-up", account.post_set_up, methods=["POST"]),
        Route("/admin/account/password", account.post_password, methods=["POST"]),
        Route("/admin/account/second-factor", account.get_second_factor),
        Route("/admin/account/second-factor", account.post_second_factor, methods=["POST"]),
        Route("/admin/account/second-factor/off", account.post_second_factor_off, methods=["POST"]),
        Route("/admin/account/sessions/{id}/end", account.post_session_end, methods=["POST"]),
        Route("/admin/people", people_pages.get_people),
        Route("/admin/people", people_pages.post_people, methods=["POST"]),
        Route("/admin/people/{id}", people_pages.get_person),
        Route("/admin/people/{id}", people_pages.post_person, methods=["POST"]),
        Route("/admin/people/{id}/link", people_pages.post_link, methods=["POST"]),
        Route("/admin/people/{id}/disable", people_pages.post_disable, methods=["POST"]),
        Route("/admin/people/{id}/forget", people_pages.post_forget, methods=["POST"]),
        Route("/admin/people/{id}/enable", people_pages.post_enable, methods=["POST"]),
        Route("/admin/people/{id}/second-factor", people_pages.post_drop_second_factor, methods=["POST"]),
        Route("/admin/tokens", token_pages.get_tokens),
        Route("/admin/tokens", token_pages.post_tokens, methods=["POST"]),
        Route("/admin/tokens/{id}/revoke", token_pages.post_revoke, methods=["POST"]),
        Route("/admin/api/people", access_api.get_people),
        Route("/admin/api/people", access_api.post_people, methods=["POST"]),
        Route("/admin/api/people/{id}", access_api.get_person),
        Route("/admin/api/people/{id}", access_api.patch_person, methods=["PATCH"]),
        Route("/admin/api/people/{id}", access_api.delete_person, methods=["DELETE"]),
        Route("/admin/api/people/{id}/link", access_api.post_link, methods=["POST"]),
        Route("/admin/api/tokens", access_api.get_tokens),
        Route("/admin/api/tokens", access_api.post_tokens, methods=["POST"]),
        Route("/admin/api/tokens/{id}", access_api.delete_token, methods=["DELETE"]),
        Route("/admin/api/feedback", api.get_list),
        Route("/admin/api/feedback/bulk", desk_api.post_bulk, methods=["POST"]),
        Route("/admin/api/feedback/undo", desk_api.post_undo, methods=["POST"]),
        Route("/admin/api/feedback/{id}", api.get_one),
        Route("/admin/api/feedback/{id}", desk_api.patch_one, methods=["PATCH"]),
        Route("/admin/api/feedback/{id}/notes", desk_api.post_note, methods=["POST"]),
        Route("/admin/api/feedback/{id}", erasure_api.delete_one, methods=["DELETE"]),
        Route("/admin/audit", audit_log.get_audit_page),
        Route("/admin/audit.csv", audit_log.get_audit_csv),
        Route("/admin/api/audit", audit_log.get_audit),
        Route("/admin/erasure", erasure_pages.get_erasure),
        Route("/admin/erasure/preview", erasure_pages.post_preview, methods=["POST"]),
        Route("/admin/erasure", erasure_pages.post_erasure, methods=["POST"]),
        Route("/admin/api/erasure/preview", erasure_api.post_preview, methods=["POST"]),
        Route("/admin/api/erasure", erasure_api.post_erasure, methods=["POST"]),
        Route("/admin/api/retention", erasure_api.get_retention),
        Route("/admin/rescrub", rescrub.get_rescrub_page),
        Route("/admin/rescrub", rescrub.post_rescrub_page, methods=["POST"]),
        Route("/admin/api/rescrub", rescrub.get_rescrub),
        Route("/admin/api/rescrub", rescrub.post_rescrub, methods=["POST"]),
    ]


def make_scrubber(settings: Settings) -> Scrubber:
    """The scrubber for the configured kinds."""
    try:
        return Scrubber(settings.scrub_kinds)
    except UnknownKindError as error:
        raise StartError(f"FEEDBACK_SCRUB_KINDS: {error}.") from None
