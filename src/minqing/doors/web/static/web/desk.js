// Desks: how many lines are ticked stands on the button that does them together.
"use strict";
(() => {
  const tell = () => {
    const shown = document.querySelector("[data-ticked]");
    if (!shown) return;
    const ticked = new Set(Array.from(document.querySelectorAll("input[name=tick]:checked"), (box) => box.value));
    shown.textContent = String(ticked.size);
    shown.hidden = ticked.size === 0;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "tick") tell(); });
  document.addEventListener("live:fresh", tell);
  tell();
})();
