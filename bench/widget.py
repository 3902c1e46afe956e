"""What the widget costs a page, beside the same page with a plain link.

Bytes, requests, layout shift, and processor time of the page's main thread, whatever else runs.
"""

import statistics
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.measure import Measure, Size, Yielded
from feedback.intake.widget import V1
from tests.browser.conftest import ARGUMENTS
from tests.browser.helpers import embed
from tests.browser.host import Host
from tests.browser.install import find_browser, install_browsers
from tests.service import Service

LINK: Final = "a page with a link"
WIDGET: Final = "the page with the widget"
TEXT: Final = "The table of bin days is too small to read. " * 26  # 1,144 characters
LIMIT_BYTES: Final = 4000
RECORD_SHIFTS: Final = """
    window.shift = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
"""


def task_ms(session: CDPSession) -> float:
    """Milliseconds of processor time that the page's main thread has taken."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    seconds: float = next(one["value"] for one in metrics if one["name"] == "TaskDuration")
    return seconds * 1e3


def turn(browser: Browser, address: str, ready: str) -> tuple[tuple[float, float, float], Page, CDPSession]:
    """Load the page once: main-thread ms, requests, layout shift, and the page to go on with."""
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.add_init_script(RECORD_SHIFTS)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address, wait_until="load")
    page.locator(ready).wait_for()
    return (task_ms(session), len(requests), page.evaluate("shift")), page, session


def acts(page: Page, session: CDPSession) -> dict[str, float]:
    """Main-thread ms of what a visitor does in the widget."""

    def cost(act: Callable[[], object]) -> float:
        before = task_ms(session)
        act()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return task_ms(session) - before

    field = page.locator("page-feedback #comment")
    opening = cost(page.locator("page-feedback #report").click)
    field.fill(TEXT)
    typing = cost(lambda: field.press("x"))
    checking = cost(page.locator("page-feedback #send").click)
    return {"opening the form": opening, "one key, after 1,144": typing, "checking and sending": checking}


def measures(size: Size) -> Yielded:
    """The bytes, then the two pages in turn, then what each act costs."""
    for coding, body in V1.codings.items():
        limit = LIMIT_BYTES if coding == "gzip" else None
        yield Measure("The widget's script", coding, {"bytes": len(body)}, limit=limit)
    loads: dict[str, list[tuple[float, float, float]]] = {LINK: [], WIDGET: []}
    costs: dict[str, list[float]] = {}
    path = browser_path()
    with (
        TemporaryDirectory() as folder,
        Service(Path(folder)) as service,
        Host(service) as host,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for _ in range(2 * size.turns + 1):
            load, page, _ = turn(browser, show_link(host, service), "p a")
            loads[LINK].append(load)
            page.close()
            address = host.show(f"{embed(service)}<p>Below</p>")
            load, page, session = turn(browser, address, "page-feedback #yes")
            loads[WIDGET].append(load)
            for act, ms in acts(page, session).items():
                costs.setdefault(act, []).append(ms)
            page.close()
        browser.close()
    for place, what in enumerate(("main thread ms", "requests", "layout shift")):
        medians = {name: statistics.median(each[place] for each in turns) for name, turns in loads.items()}
        yield Measure("A page with the widget", what, medians)
    for act, values in costs.items():
        yield Measure("What a visitor does in it", act, {"main thread ms": statistics.median(values)})


def browser_path() -> str:
    """A Chromium, installed where there is none; to look for it, Playwright is started for a moment."""
    if not find_browser():
        install_browsers()
    path = find_browser()
    if not path:
        raise RuntimeError("there is no Chromium: install one, or name it in the variable CHROME")
    return path


def show_link(host: Host, service: Service) -> str:
    """The address of the same page with nothing of us but the link."""
    link = embed(service).partition(">")[2].removesuffix("</page-feedback>")
    address = host.show(f"<p>{link}</p><p>Below</p>")
    host.html = host.html.replace("<script", "<template").replace("</script>", "</template>")
    return address
