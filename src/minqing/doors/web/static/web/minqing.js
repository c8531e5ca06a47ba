// What pages do in the browser besides what htmx does: looks chosen on this device.
"use strict";
(() => {
  const root = document.documentElement;
  const chosen = {
    dark: () => root.dataset.bsTheme === "dark",
    large: () => root.classList.contains("large"),
  };
  const turn = {
    dark: (on) => { root.dataset.bsTheme = on ? "dark" : "light"; },
    large: (on) => root.classList.toggle("large", on),
  };
  for (const button of document.querySelectorAll("[data-look]")) {
    const look = button.dataset.look;
    button.setAttribute("aria-pressed", String(chosen[look]()));
    button.addEventListener("click", () => {
      const on = !chosen[look]();
      turn[look](on);
      localStorage.setItem(look, on ? "1" : "");
      button.setAttribute("aria-pressed", String(on));
    });
  }
  // A menu closes when one goes on elsewhere, or with Escape.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
