"""Signing in by a one-time link, and out."""

from starlette.responses import RedirectResponse, Response

from feedback.review.guard import anybody
from feedback.review.sessions import end_session, start_session, use_link
from feedback.state import ServiceRequest


@anybody
async def get_sign_in(request: ServiceRequest) -> Response:
    """GET /admin/sign-in: with a good one-time token signs in; without one says where to get a link."""
    token = request.query_params.get("token")
    # A browser that loads pages ahead must not use the link up.
    ahead = "prefetch" in request.headers.get("sec-purpose", "") or request.method == "HEAD"
    if token and not ahead:
        person = await use_link(request.state["store"], token)
        if person:
            response = to_inbox(request)
            await start_session(request, response, person)
            return response
    return request.state["templates"].page(
        request,
        "review/sign_in.html",
        {"used": bool(token) and not ahead},
        status=403 if token and not ahead else 200,
    )


@anybody
async def post_sign_out(request: ServiceRequest) -> Response:
    """POST /admin/sign-out."""
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/admin/sign-in", 303)
    await end_session(request, response)
    return response


def to_inbox(request: ServiceRequest) -> Response:
    """On to where work begins, with a cookie that the next page is to see."""
    inbox = f"{request.scope.get('root_path', '')}/admin/feedback"
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        # A link in web mail: browsers hold a strict cookie back on a redirect that another site began, so a
        # page of our own leads on.
        return request.state["templates"].page(request, "review/signed_in.html", {"inbox": inbox})
    return RedirectResponse(inbox, 303)
