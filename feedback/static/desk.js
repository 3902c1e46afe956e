// Keys for the desk. Everything here can be done without: each key presses a link or a button of the page, or
// sends what its form would send and shows the answer in place.
"use strict";
(() => {
  const dialog = document.getElementById("shortcuts");
  const told = document.getElementById("told");
  const rows = [...document.querySelectorAll(".row[data-id]")];
  const say = (text) => {
    if (told) told.textContent = text;
  };
  const current = () => rows.findIndex((row) => row.contains(document.activeElement));

  function move(step) {
    if (!rows.length) return press(step > 0 ? "older" : "newer");
    const at = Math.min(Math.max(current() + step, 0), rows.length - 1);
    const link = rows[at].querySelector("h2 a");
    link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function press(id) {
    document.getElementById(id)?.click();
  }

  async function decide(status) {
    if (!rows.length) return press(status);
    const row = rows[current()];
    if (!row || !document.getElementById("bulk-status")) return;
    const address = row.querySelector("h2 a").href.split("?")[0];
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ status }),
      });
    } catch {}
    // Where it worked the answer leads to the item, which nobody needs to see now.
    if (response?.type !== "opaqueredirect") return say(dialog.dataset.failed);
    const mark = row.querySelector(".status");
    mark.className = `status ${status}`;
    mark.textContent = dialog.dataset[status];
    row.classList.add("decided");
    say(dialog.dataset.changed);
    const undo = document.getElementById("undo");
    undo.querySelector("button").textContent = dialog.dataset.undo;
    undo.hidden = false;
    move(1);
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    d: () => decide("done"),
    s: () => decide("spam"),
    "/": () => document.getElementById("q")?.focus() ?? press("list"),
    "?": () => dialog.showModal(),
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Whoever has marked words of the visitor most likely means those; pressing anything unmarks them.
  let marked = "";
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const text = selection.toString().trim();
    if (text && selection.anchorNode.parentElement.closest(".quote")) marked = text;
  });
  document.getElementById("missed")?.addEventListener("toggle", () => {
    const field = document.getElementById("missed-words");
    if (marked && marked.length <= field.maxLength) field.value = marked;
  });
  document.querySelector(".keys-hint")?.removeAttribute("hidden");
})();
