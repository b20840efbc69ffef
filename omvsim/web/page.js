"use strict";
(function () {
  const at = (id) => document.getElementById(id);
  const files = new Map();
  let engine = null;

  function base64(bytes) {
    let text = "";
    for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return btoa(text);
  }

  async function take(list) {
    for (const file of list) files.set(file.name, base64(new Uint8Array(await file.arrayBuffer())));
    at("chosen").textContent = [...files.keys()].join(", ");
    at("load").disabled = question().main.endsWith(".py"); // a script says itself where its models are
    at("ask").disabled = !(engine && files.size);
  }

  const drop = at("drop");
  at("files").addEventListener("change", (event) => take(event.target.files));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files);
    });
  }

  function question() {
    const names = [...files.keys()];
    const main = names.find((name) => name.endsWith(".py")) || names.find((name) => name.endsWith(".tflite")) || names[0];
    return { files: Object.fromEntries(files), main, firmware: at("firmware").value, load: at("load").value };
  }

  at("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    at("ask").disabled = true;
    at("state").textContent = "Running …";
    const start = performance.now();
    try {
      const told = await engine(question());
      if (told.mistake) throw new Error(told.mistake);
      at("command").textContent = told.command;
      at("code").textContent = told.code;
      at("seconds").textContent = ((performance.now() - start) / 1000).toFixed(1);
      at("out").textContent = told.out + told.err;
      at("report").hidden = !told.page;
      at("said").open = !told.page;
      at("report").srcdoc = told.page;
      at("answer").hidden = false;
      at("state").textContent = "Done.";
    } catch (error) {
      at("state").textContent = error.message;
    }
    at("ask").disabled = false;
  });

  const asServer = async (asked) => {
    const reply = await fetch("answer", { method: "POST", headers: { "X-Omvsim": "1" }, body: JSON.stringify(asked) });
    if (!reply.ok) throw new Error("the server refuses: " + reply.status);
    return reply.json();
  };

  function asWorker() {
    const worker = new Worker("worker.js", { type: "module" });
    const waiting = [];
    worker.onmessage = (event) => waiting.shift()(event.data);
    worker.onerror = (event) => waiting.length && waiting.shift()({ failed: event.message });
    const send = (message) => new Promise((resolve, reject) => {
      waiting.push((data) => (data.failed ? reject(new Error(data.failed)) : resolve(data)));
      worker.postMessage(message);
    });
    return [send({ start: true }), (asked) => send({ asked })];
  }

  (async () => {
    try {
      const { engine: kind, releases } = await (await fetch("engine.json")).json();
      for (const release of releases) at("firmware").append(new Option(release, release));
      if (kind === "server") engine = asServer;
      else {
        const [started, ask] = asWorker();
        await started;
        engine = ask;
      }
      at("state").textContent = "Ready.";
      at("ask").disabled = !files.size;
    } catch (error) {
      at("state").textContent = "It did not start: " + error.message;
    }
  })();
})();
