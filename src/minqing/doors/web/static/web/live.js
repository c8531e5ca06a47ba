// A page that stays open asks now and then whether something changed, while somebody looks at it. What changed is said
// politely; lines move by themselves only where nobody is reading along, typing or choosing. Without an answer the page
// says so and asks on, at growing distances. [data-live] says where to ask, [data-refreshes] what may be drawn anew.
"use strict";
(() => {
  const bar = () => document.querySelector("[data-live]");
  const part = (name) => bar().querySelector(`[data-live-${name}]`);
  const QUIET = 4000, LONGEST = 120000;
  let failed = 0, timer = 0, touched = 0, asked = 0, stopped = false;
  for (const sign of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    document.addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
  }
  const drawn = () => { const name = bar().dataset.refreshes; return name ? document.querySelector(name) : null; };
  const lines = (root) => root.querySelectorAll(".waiting-line").length;
  let first = 0;
  const busy = () => {
    const root = drawn(), at = document.activeElement;
    return Date.now() - touched < QUIET || !document.getSelection().isCollapsed || root.contains(at)
      || Boolean(at.closest("input, textarea, select, summary, form")) || lines(root) > first
      || Boolean(root.querySelector("input:checked, details[open]"));
  };
  const tell = (html) => {
    const said = part("said");
    if (said.innerHTML.trim() === html.trim()) return;
    said.innerHTML = html;
    window.htmx?.process(said);
    part("fresh").hidden = true;
  };
  const lost = (on) => { part("lost").hidden = !on; };
  const ask = (address) => fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual" });
  // Draws anew what the server has now; what was ticked stays ticked.
  const refresh = async (pressed) => {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(bar().dataset.refreshes), asks = page.querySelector("[data-live]");
    if (!fresh || !asks || (!pressed && busy())) return;
    const root = drawn(), ticked = new Set(Array.from(root.querySelectorAll("input[name=tick]:checked"), (box) => box.value));
    root.replaceChildren(...fresh.childNodes);
    for (const box of root.querySelectorAll("input[name=tick]")) box.checked = ticked.has(box.value);
    first = lines(root);
    bar().dataset.live = asks.dataset.live;
    part("said").replaceChildren();
    part("time").textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    part("fresh").hidden = false;
    window.htmx?.process(root);
    document.dispatchEvent(new CustomEvent("live:fresh"));
    if (pressed) root.focus();
  };
  const look = async () => {
    asked = Date.now();
    try {
      const answer = await ask(bar().dataset.live);
      if (answer.headers.get("HX-Redirect") || answer.type === "opaqueredirect" || answer.status === 403) {
        stopped = true;
        part("out").hidden = false;
        return lost(false);
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.status === 200) {
        tell(await answer.text());
        if (drawn() && !busy()) await refresh(false);
      }
      failed = 0;
      lost(false);
    } catch {
      failed += 1;
      if (failed > 1) lost(true);
    }
  };
  const next = () => {
    clearTimeout(timer);
    if (stopped || document.hidden || !bar()) return;
    const every = 1000 * Number(bar().dataset.every);
    timer = setTimeout(async () => { await look(); next(); }, failed ? Math.min(LONGEST, 5000 * 2 ** (failed - 1)) : every);
  };
  const now = async () => { if (bar() && !stopped && !document.hidden && Date.now() - asked > 2000) { clearTimeout(timer); await look(); } next(); };
  document.addEventListener("visibilitychange", now);
  window.addEventListener("online", now);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-live-now]") || !drawn()) return;
    event.preventDefault();
    refresh(true).catch(() => { failed += 1; lost(true); next(); });
  });
  if (bar()) { if (drawn()) first = lines(drawn()); next(); }
})();
