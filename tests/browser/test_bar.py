"""What stands above every page of the web team's side: its parts, as a menu on phones; and the icon."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers import follow
from tests.service import Service


def test_on_a_phone_the_parts_of_the_service_are_one_menu_without_scripts(
    service: Service, visit: Visit
) -> None:
    phone = visit(
        service.sign_in_link, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="cy"
    )
    bar = phone.get_by_role("banner").bounding_box()
    assert bar
    assert bar["height"] <= 80
    trends = phone.get_by_role("link", name="Tueddiadau")
    expect(trends).to_be_hidden()
    phone.get_by_role("button", name="Dewislen").click()
    follow(phone, trends)
    assert urlsplit(phone.url).path == "/admin/trends"
    phone.get_by_role("button", name="Dewislen").click()
    follow(phone, phone.get_by_role("button", name="Allgofnodi"))
    assert urlsplit(phone.url).path == "/admin/sign-in"


def test_pages_have_an_icon_of_their_own(service: Service, visit: Visit) -> None:
    asked: list[tuple[int, str]] = []
    for path in ("/admin/sign-in", "/feedback/form", "/demo"):
        page = visit()
        page.on("response", lambda answer: asked.append((answer.status, urlsplit(answer.url).path)))
        page.goto(f"{service.origin}{path}")
        icon = page.locator("link[rel=icon]").get_attribute("href")
        assert icon == "/static/icon.svg"
        assert page.request.get(f"{service.origin}{icon}").headers["content-type"] == "image/svg+xml"
    assert "/favicon.ico" not in {path for _, path in asked}
