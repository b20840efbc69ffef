// Runs Python files on MicroPython's WebAssembly build, one after the other in one interpreter; prints what they print.
// Usage: node run.mjs HEAP_BYTES FILE.py …
import { readFileSync } from "node:fs";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";

const [heap, ...files] = process.argv.slice(2);
try {
  const micropython = await loadMicroPython({ heapsize: Number(heap), stdout: (line) => console.log(line) });
  for (const file of files) micropython.runPython(readFileSync(file, "utf8"));
} catch (error) {
  // the package is one line of a hundred thousand characters: Node would print it
  console.error(String(error.message));
  process.exit(1);
}
