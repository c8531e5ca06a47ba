// Desks: how many lines are ticked stands on the button that does them together; receipts are copied and printed.
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

  // What is near the concern being typed: asked while typing, never in the way of it. A session that ended leads nowhere.
  const near = document.querySelector("[data-near]"), asked = ["text", "place", "elsewhere"];
  if (near) {
    const form = near.closest("form");
    let waits = 0, last = "";
    const ask = async () => {
      const told = new URLSearchParams();
      for (const name of ["csrfmiddlewaretoken", ...asked]) if (form.elements[name]) told.set(name, form.elements[name].value);
      const words = told.toString();
      if (words === last) return;
      last = words;
      try {
        const answer = await fetch(near.dataset.near, {method: "POST", body: told, redirect: "manual"});
        const said = answer.ok ? await answer.text() : "";
        if (last === words) near.innerHTML = said;
      } catch { near.replaceChildren(); }
    };
    form.addEventListener("input", (event) => {
      if (!asked.includes(event.target.name)) return;
      clearTimeout(waits);
      waits = setTimeout(ask, 800);
    });
  }

  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
  const copied = async (words) => {
    if (navigator.clipboard) { await navigator.clipboard.writeText(words); return; }
    const box = document.body.appendChild(document.createElement("textarea"));  // a page that is not served by TLS
    box.value = words;
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) throw new Error("not copied");
  };
  document.addEventListener("click", async (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
    const button = event.target.closest?.("[data-copy]"), said = document.querySelector("[data-copied]");
    if (!button) return;
    try {
      await copied(button.dataset.copy);
      said.textContent = said.dataset.copied;
    } catch { said.textContent = said.dataset.notCopied; }
    button.focus();
  });
})();
