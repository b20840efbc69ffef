// Python with numpy as WebAssembly, omvsim unpacked beside it; a question is a file, and so is its answer.
import { WASI, File, Directory, PreopenDirectory, OpenFile } from "./wasi/index.js";

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
const streams = [new File([]), new File([]), new File([])];
const work = new PreopenDirectory("/tmp", new Map());
let python = null;

// An archive without compression, as the build makes it: names and bytes, nothing else is read of it.
function unpacked(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength), text = new TextDecoder(), tree = new Map();
  let at = 0;
  while (view.getUint32(at, true) === 0x04034b50) {
    const size = view.getUint32(at + 18, true), name = view.getUint16(at + 26, true), extra = view.getUint16(at + 28, true);
    const parts = text.decode(data.subarray(at + 30, at + 30 + name)).split("/");
    const start = at + 30 + name + extra;
    let folder = tree;
    for (const part of parts.slice(0, -1)) {
      if (!folder.has(part)) folder.set(part, new Directory(new Map()));
      folder = folder.get(part).contents;
    }
    folder.set(parts[parts.length - 1], new File(data.slice(start, start + size), { readonly: true }));
    at = start + size;
  }
  return tree;
}

function run(code) {
  const text = new TextEncoder().encode(code), at = python.host_alloc(text.length) >>> 0;
  new Uint8Array(python.memory.buffer).set(text, at);
  const status = python.turn(at, text.length);
  if (status !== 0) throw new Error(new TextDecoder().decode(streams[2].data).trim().split("\n").pop());
}

async function start() {
  const [module, library, app] = await Promise.all([
    WebAssembly.compileStreaming(fetch("python.wasm")), bytes("python.zip"), bytes("app.zip"),
  ]);
  const { name } = await (await fetch("engine.json")).json();
  const places = [
    ...streams.map((file) => new OpenFile(file)),
    new PreopenDirectory("/usr/local/lib", new Map([[name, new File(library, { readonly: true })]])),
    new PreopenDirectory("/app", unpacked(app)), work,
  ];
  const wasi = new WASI(["python"], ["TMPDIR=/tmp", "HOME=/tmp", "PYTHONTZPATH="], places, { debug: false });
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: wasi.wasiImport, host: { call: () => -1 },
  });
  wasi.inst = instance;
  python = instance.exports;
  if (python._initialize) python._initialize();
  run("import os, sys; os.chdir('/tmp'); sys.dont_write_bytecode = True; sys.path.insert(0, '/app'); from omvsim.web._inside import handle");
}

function ask(asked) {
  work.dir.contents.set("question.json", new File(new TextEncoder().encode(JSON.stringify(asked))));
  run("handle('/tmp/question.json', '/tmp/answer.json')");
  return JSON.parse(new TextDecoder().decode(work.dir.contents.get("answer.json").data));
}

self.onmessage = async (event) => {
  try {
    if (event.data.start) { await start(); self.postMessage({ ready: true }); } else self.postMessage(ask(event.data.asked));
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
