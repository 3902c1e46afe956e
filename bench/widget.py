"""What the widget costs a page, beside the same page with a plain link: python -m bench.widget.

Bytes, requests, layout shift, and processor time of the page's main thread, whatever else runs.
"""

import statistics
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from feedback.intake.widget import V1
from tests.browser.conftest import ARGUMENTS
from tests.browser.helpers import embed
from tests.browser.host import Host
from tests.browser.install import find_browser
from tests.service import Service

TURNS: Final = 11
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


def turn(browser: Browser, address: str, ready: str) -> tuple[float, int, float, Page, CDPSession]:
    """Load the page once: main-thread ms, requests, layout shift, and the page to go on with."""
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.add_init_script(RECORD_SHIFTS)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address, wait_until="load")
    page.locator(ready).wait_for()
    return task_ms(session), len(requests), page.evaluate("shift"), page, session


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


def main() -> None:
    """Print the bytes, then the table of the two pages, then what each act costs."""
    path = find_browser()
    assert path, "run: python -m tests.browser.install"
    print("bytes: " + ", ".join(f"{coding} {len(body):,}" for coding, body in V1.codings.items()))
    print(f"limit: gzip {LIMIT_BYTES:,}\n")
    figures: dict[str, list[tuple[float, float, float]]] = {"a link": [], "the widget": []}
    costs: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder, Service(Path(folder)) as service, Host(service) as host:
        link = embed(service).partition(">")[2].removesuffix("</page-feedback>")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            for _ in range(TURNS):
                address = host.show(f"<p>{link}</p><p>Below</p>")
                host.html = host.html.replace("<script", "<template").replace("</script>", "</template>")
                *plain, page, _ = turn(browser, address, "p a")
                page.close()
                figures["a link"].append((plain[0], plain[1], plain[2]))
                *ours, page, session = turn(
                    browser, host.show(f"{embed(service)}<p>Below</p>"), "page-feedback #yes"
                )
                figures["the widget"].append((ours[0], ours[1], ours[2]))
                for act, ms in acts(page, session).items():
                    costs.setdefault(act, []).append(ms)
                page.close()
            browser.close()
    print(f"{'a page with':<24}{'main thread ms':>16}{'requests':>10}{'shift':>8}")
    for name, rows in figures.items():
        ms, requests, shift = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:<24}{ms:>16.1f}{requests:>10.0f}{shift:>8.3f}")
    for act, values in costs.items():
        print(f"{act:<24}{statistics.median(values):>16.1f}")


if __name__ == "__main__":
    main()
