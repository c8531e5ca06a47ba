// Forms of moves: long lists get a box to find in; what others did meanwhile is taken note of; a sheet is printed. Everything works without it; it listens to the page as a whole, so
// that parts which arrive later need no call.
"use strict";
(() => {
  const ready = (root) => root.querySelectorAll("[data-finds]").forEach((box) => { box.hidden = false; });
  const find = (box) => {
    const list = document.getElementById(box.dataset.finds), wanted = box.value.trim().toLowerCase();
    const fits = (one) => one.textContent.toLowerCase().includes(wanted);
    if (list.tagName === "SELECT") {
      for (const option of list.options) option.hidden = Boolean(option.value) && !option.selected && !fits(option);
      const left = [...list.options].filter((option) => option.value && !option.hidden);
      if (wanted && left.length === 1) list.value = left[0].value;
      return;
    }
    for (const label of list.querySelectorAll("label")) {
      label.hidden = !fits(label) && !label.querySelector("input").checked;
    }
  };
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-finds]")) find(event.target); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-finds]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-prints]")) window.print(); });
  // What came in was shown: a form that is open goes on from there.
  const seen = (root) => {
    const now = root.matches("[data-position]") ? root : root.querySelector("[data-position]");
    if (now) for (const input of document.querySelectorAll("#step input[name=position]")) input.value = now.dataset.position;
  };
  document.addEventListener("DOMContentLoaded", () => ready(document));
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.querySelectorAll) { ready(node); seen(node); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
