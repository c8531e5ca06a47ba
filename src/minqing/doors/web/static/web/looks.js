// Before anything is drawn: the look chosen on this device. Kept on the device alone.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = localStorage.getItem("dark") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "1" : "");
  root.dataset.bsTheme = dark ? "dark" : "light";
  root.classList.toggle("large", Boolean(localStorage.getItem("large")));
})();
