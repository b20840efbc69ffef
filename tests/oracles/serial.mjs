// A camera's serial port: MicroPython's own prompt (raw REPL included) on standard input and output.
// Usage: node serial.mjs HEAP_BYTES FILE.py …; the files are run first, as a camera's firmware brings its modules.
import { readFileSync } from "node:fs";
import { writeSync } from "node:fs";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";

const [heap, ...files] = process.argv.slice(2);
const out = (bytes) => writeSync(1, bytes);
const micropython = await loadMicroPython({ heapsize: Number(heap), linebuffer: false, stdout: out });
for (const file of files) micropython.runPython(readFileSync(file, "utf8"));
micropython.replInit();
process.stdin.on("data", (data) => {
  for (const byte of data) micropython.replProcessChar(byte);
});
