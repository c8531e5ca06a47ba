// Signing in: show what was typed as a password, print recovery codes, begin where something went wrong.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-show]")) {
    const field = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      field.focus();
    });
    field.form.addEventListener("submit", () => { field.type = "password"; }); // so that browsers offer to keep it
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  (document.querySelector("[data-first-look]") ?? document.querySelector('[aria-invalid="true"]'))?.focus();
})();
