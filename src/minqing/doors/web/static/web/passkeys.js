// Passkeys: offered where this browser can have them; what went wrong is said in words of the page.
"use strict";
(() => {
  const can = Boolean(window.PublicKeyCredential && window.isSecureContext);
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = !can;
  for (const part of document.querySelectorAll("[data-passkey-none]")) part.hidden = can;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const part of document.querySelectorAll("[data-passkey-fault]")) part.hidden = false;
  });
})();
