// A recording instead of words: made here, heard again, sent as plain WAV, which every desk can play. All of it is extra.
"use strict";
(() => {
  const RATE = 16000, SHORTEST = 0.7, HELD = 350; // samples a second; seconds; milliseconds after which a touch is a hold
  const part = document.querySelector("[data-voice]");
  if (!part || !isSecureContext || !window.MediaRecorder || !window.OfflineAudioContext || !navigator.mediaDevices?.getUserMedia) return;
  const form = part.closest("form"), input = part.querySelector("[data-voice-file]"), taken = part.querySelector("[data-taken]");
  const button = part.querySelector("[data-record]"), heard = part.querySelector("audio"), drop = part.querySelector("[data-drop]");
  const word = part.querySelector("[data-word]"), clock = part.querySelector("[data-clock]"), said = part.querySelector("[data-said]");
  const most = Number(part.dataset.most), text = form.elements.text;
  let recorder = null, ticking = 0, after = null, busy = false;

  const say = (words) => { said.textContent = words; };
  const shown = (recording) => {
    button.classList.toggle("btn-danger", recording);
    word.textContent = recording ? part.dataset.stop : input.files.length ? part.dataset.anew : part.dataset.start;
    clock.textContent = "";
    taken.hidden = recording || !input.files.length;
    if (text && !text.dataset.asked) text.dataset.asked = String(text.required);
    if (text) text.required = text.dataset.asked === "true" && !input.files.length;
  };

  const put = (data) => {
    const files = new DataTransfer();
    files.items.add(new File([data], "voice.wav", { type: "audio/wav" }));
    input.files = files.files;
    if (heard.src.startsWith("blob:")) URL.revokeObjectURL(heard.src);
    heard.src = URL.createObjectURL(data);
    say(part.dataset.done);
  };

  // One channel, 16 bits: what was recorded is decoded at the rate at which it is sent.
  const wave = (sound) => {
    const count = Math.min(sound.length, most * RATE), view = new DataView(new ArrayBuffer(44 + 2 * count));
    const write = (at, words) => { for (let i = 0; i < words.length; i++) view.setUint8(at + i, words.charCodeAt(i)); };
    write(0, "RIFF"); view.setUint32(4, 36 + 2 * count, true); write(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true); view.setUint32(28, 2 * RATE, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    write(36, "data"); view.setUint32(40, 2 * count, true);
    const sides = Array.from({ length: sound.numberOfChannels }, (_, side) => sound.getChannelData(side));
    for (let i = 0; i < count; i++) {
      const mean = sides.reduce((sum, side) => sum + side[i], 0) / sides.length;
      view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, mean)) * 32767, true);
    }
    return new Blob([view], { type: "audio/wav" });
  };

  const made = async (pieces) => {
    say(part.dataset.making);
    let whole = false;
    try {
      const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await new Blob(pieces).arrayBuffer());
      if (sound.duration < SHORTEST) say(part.dataset.short); else { put(wave(sound)); whole = true; }
    } catch { say(part.dataset.failed); }
    busy = false;
    shown(false);
    const next = after;
    after = null;
    if (next && whole) next();
    else if (next) button.focus(); // it waits: what was said is not in it, and that stands beside the button
  };

  const start = async () => {
    if (busy) return;
    busy = true;
    say(part.dataset.asking);
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { busy = false; after = null; say(part.dataset.denied); return; }
    const pieces = [], began = Date.now();
    heard.pause();
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      recorder = null;
      made(pieces);
    });
    recorder.start();
    shown(true);
    say(part.dataset.recording);
    const tick = () => {
      const seconds = (Date.now() - began) / 1000;
      clock.textContent = `${Math.min(most, Math.floor(seconds))} / ${most}`;
      if (seconds >= most) stop();
    };
    tick();
    ticking = setInterval(tick, 250);
    if (after) stop();
  };
  const stop = () => { if (recorder?.state === "recording") recorder.stop(); };

  // A short touch begins and ends; held, it records as long as it is held.
  let holding = 0, held = false;
  button.addEventListener("pointerdown", (event) => {
    held = false;
    if (event.button || busy) return;
    holding = setTimeout(() => { held = true; start(); }, HELD);
  });
  const release = () => { clearTimeout(holding); if (held) stop(); };
  addEventListener("pointerup", release);
  addEventListener("pointercancel", () => { clearTimeout(holding); held = false; }); // the page was moved, or the phone asked: it goes on
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (held) { held = false; return; }
    if (recorder) stop(); else start();
  });
  drop.addEventListener("click", () => { input.value = ""; heard.removeAttribute("src"); shown(false); say(part.dataset.dropped); button.focus(); });

  // Sent while it still records: it is brought to its end first.
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const by = event.submitter;
    after = () => form.requestSubmit(by);
    stop();
  }, true);

  part.hidden = false;
  if (heard.src.startsWith("data:")) { // what was recorded stands in a form that was refused
    const bytes = Uint8Array.from(atob(heard.src.split(",")[1]), (sign) => sign.charCodeAt(0));
    put(new Blob([bytes], { type: "audio/wav" }));
  }
  shown(false);
})();
