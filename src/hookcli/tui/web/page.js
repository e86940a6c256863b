// Keys go to the terminal as soon as there is one: textual-serve's script tells so by a class of the body.
new MutationObserver(() => document.querySelector(".xterm-helper-textarea")?.focus()).observe(document.body, {
  attributeFilter: ["class"],
});
