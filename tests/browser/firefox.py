"""Drives Firefox by its own remote control, Marionette, with no other program between."""

import subprocess
from pathlib import Path
from socket import socket
from typing import Any, Self

from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette

from tests.browser.install import find_firefox
from tests.service import free_port, wait_until

# A browser under test fetches nothing but what the pages ask for.
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.chrome.site_icons": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.disable-localhost-when-offline": True,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
STATUS = "[role=status]"


class Firefox:
    """A running Firefox with a fresh profile in `folder`, and the first widget of its page."""

    def __init__(self, folder: Path) -> None:
        path = find_firefox()
        assert path, "run: python -m tests.browser.install"
        port = free_port()
        lines = [
            f'user_pref("{name}", {str(value).lower() if isinstance(value, bool) else repr(value)});'
            for name, value in {**PREFERENCES, "marionette.port": port}.items()
        ]
        (folder / "user.js").write_text("\n".join(lines).replace("'", '"'), encoding="utf-8")
        self.process = subprocess.Popen(
            [
                path,
                "--headless",
                "--marionette",
                "-remote-allow-system-access",
                "--no-remote",
                "--profile",
                folder,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Marionette's own waiting leaves sockets open.
        wait_until(lambda: _listens(port))
        self.marionette: Any = Marionette("127.0.0.1", port=port)
        self.marionette.start_session(timeout=60)
        self.marionette.timeout.script = 30

    def visit(self, address: str) -> None:
        """Open an address in a fresh tab, alone."""
        old = self.marionette.current_window_handle
        new = self.marionette.open(type="tab", focus=True)["handle"]
        self.marionette.switch_to_window(old)
        self.marionette.close()
        self.marionette.switch_to_window(new)
        self.marionette.navigate(address)

    def follow(self, link: Any) -> None:
        """Click what leads to another address, and wait until its page is there."""
        before = self.marionette.get_url()
        link.click()
        wait_until(
            lambda: (
                self.marionette.get_url() != before
                and self.marionette.execute_script("return document.readyState") == "complete"
            )
        )

    def tab(self, address: str) -> str:
        """Open an address in one more tab and go there; gives the handle of the tab before."""
        before: str = self.marionette.current_window_handle
        self.marionette.switch_to_window(self.marionette.open(type="tab", focus=True)["handle"])
        self.marionette.navigate(address)
        return before

    def run(self, script: str, *arguments: object) -> Any:
        """Run a function's body in the page."""
        return self.marionette.execute_script(script, script_args=arguments, sandbox=None)

    def inside(self, selector: str) -> Any:
        """An element inside the widget."""
        root = self.marionette.find_element("css selector", "page-feedback").shadow_root
        return root.find_element("css selector", selector)

    def has(self, selector: str) -> bool:
        """Whether there is such an element inside the widget."""
        root = self.marionette.find_element("css selector", "page-feedback").shadow_root
        return bool(root.find_elements("css selector", selector))

    def expect(self, text: str, selector: str = STATUS) -> None:
        """Wait until the widget says so."""
        said = (
            "return document.querySelector('page-feedback').shadowRoot.querySelector(arguments[0])?.innerText"
        )
        wait_until(lambda: self.run(said, selector) == text)

    def press(self, *keys: str) -> None:
        """Type with the keyboard, wherever the focus is."""
        chain = self.marionette.actions.sequence("key", "keyboard")
        for key in keys:
            for character in [getattr(Keys, key)] if key.isupper() else key:
                chain.key_down(character).key_up(character)
        chain.perform()

    def report(self, comment: str) -> None:
        """Open the form by "Report a problem" and type."""
        self.inside("#report").click()
        self.inside("#comment").send_keys(comment)

    def prefer(self, **preferences: object) -> None:
        """Set preferences, `__` for a dot; None sets one back."""
        for name, value in preferences.items():
            dotted = name.replace("__", ".").replace("_", "-")
            if value is None:
                self.marionette.clear_pref(dotted)
            else:
                self.marionette.set_pref(dotted, value)

    def offline(self, *, yes: bool) -> None:
        """Cut the browser off, or join it again."""
        with self.marionette.using_context("chrome"):
            self.marionette.execute_script("Services.io.offline = arguments[0]", script_args=[yes])

    def axe(self, script: str) -> list[str]:
        """What axe finds, one line a rule: its name and the elements."""
        self.marionette.execute_script(script, sandbox=None, new_sandbox=False)
        found: list[dict[str, Any]] = self.marionette.execute_async_script(
            "const done = arguments[0]; window.axe.run().then((result) => done(result.violations));",
            sandbox=None,
            new_sandbox=False,
        )
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.marionette.delete_session()
        self.process.terminate()
        self.process.wait(timeout=60)


def _listens(port: int) -> bool:
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
