// Forms of moves: long lists get a box to find in. Everything works without it; it listens to the page as a whole, so
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
  document.addEventListener("DOMContentLoaded", () => ready(document));
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.querySelectorAll) ready(node);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
