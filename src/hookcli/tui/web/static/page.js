// What textual-serve's terminal leaves to the page: where it connects to, the keyboard, and a way back.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  const terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = `ws://${location.host}/screen/${light ? "light" : "dark"}`;
  document.getElementById("again").addEventListener("click", () => location.reload());
});

// Keys go to the terminal without a click on it first, as soon as there is something behind it; it tells of the focus
// itself, which it can't before. Once the interface has ended, Enter opens it again.
function focus() {
  const { classList } = document.body;
  if (classList.contains("-closed")) {
    document.getElementById("again").focus();
  } else if (classList.contains("-first-byte")) {
    document.querySelector(".xterm-helper-textarea").focus();
  }
}

addEventListener("load", () => new MutationObserver(focus).observe(document.body, { attributeFilter: ["class"] }));
addEventListener("focus", focus);
