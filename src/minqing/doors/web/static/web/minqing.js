// What pages do in the browser besides what htmx does: looks chosen on this device.
"use strict";
(() => {
  // What is being sent: its buttons wait, so that nothing goes twice; when it takes long or fails, words say so.
  const shown = (id, on) => { const part = document.getElementById(id); if (part) part.hidden = !on; };
  const asks = (element) => element.matches?.("form, a, button, input, select, textarea");
  const buttons = (element) => (element.closest("form") ?? element.parentElement)?.querySelectorAll("button:not([type=button])") ?? [];
  let soon = 0;
  const sending = (element, on) => {
    clearTimeout(soon);
    if (on) { shown("lost", false); soon = setTimeout(() => shown("slow", true), 600); } else shown("slow", false);
    if (!element) return;
    const form = element.closest("form");
    form?.setAttribute("aria-busy", String(on));
    if (form) for (const button of buttons(form)) button.disabled = on;
  };
  const still = () => { for (const form of document.querySelectorAll("form[aria-busy=true]")) sending(form, false); sending(null, false); };
  // Files that are too large together are told before they are sent: what was typed stays.
  document.addEventListener("submit", (event) => {
    const part = document.getElementById("too-large");
    const files = [...event.target.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    shown("too-large", part && size > Number(part.dataset.most));
    if (!part || part.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    part.querySelector("[data-size]").textContent = Math.ceil(size / 1e6);
  }, true);
  document.addEventListener("submit", (event) => setTimeout(() => {
    if (!event.defaultPrevented) { sending(event.target, true); setTimeout(still, 15000); }  // a file that is saved leaves the page open
  }));
  window.addEventListener("pageshow", still);
  document.addEventListener("htmx:before:request", (event) => { if (asks(event.target)) sending(event.target, true); });
  document.addEventListener("htmx:finally:request", (event) => {
    const gone = event.target === document;  // what asked was itself replaced by the answer
    if (gone || asks(event.target)) sending(gone ? null : event.target, false);
  });
  document.addEventListener("htmx:error", (event) => { if (event.detail.ctx && asks(event.target)) { sending(event.target, false); shown("lost", true); } });
  // Paper is light.
  let look = "";
  window.addEventListener("beforeprint", () => { look = document.documentElement.dataset.bsTheme; document.documentElement.dataset.bsTheme = "light"; });
  window.addEventListener("afterprint", () => { document.documentElement.dataset.bsTheme = look; });
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
