// Where the files of the site are. assets.json, written when the site is put together, maps names to hashed files.

export const root = new URL('../', import.meta.url); // the folder of index.html

// Names in this browser's storage: several sites may share one origin, so the path is part of them.
export const prefix = `atelier:${root.pathname}`;

export async function loadAssets() {
  const response = await fetch(new URL('./assets.json', import.meta.url));
  if (!response.ok) throw new Error(`The list of files could not be loaded (${response.status}).`);
  return new Assets(await response.json());
}

export class Assets {
  constructor(list) {
    this.list = list;
  }

  url(name) {
    const entry = this.list.files[name];
    if (!entry) throw new Error(`This copy of the site has no ${name}.`);
    return new URL(entry.file, root).href;
  }

  // What a worker needs to start: glue code (beside this module) and wasm.
  engine(name) {
    return { glue: new URL(`./${name}.js`, import.meta.url).href, wasm: this.url(`${name}.wasm`) };
  }

  get data() {
    return this.list.data;
  }

  // One chunk for each digit of the lab's part 1.
  get digits() {
    return this.list.digits;
  }

  get version() {
    return this.list.version;
  }

  // Bytes of a file; onBytes(count) as they arrive.
  async bytes(name, onBytes = () => {}) {
    const response = await fetch(this.url(name));
    if (!response.ok) throw new Error(`${name} could not be loaded (${response.status}).`);
    const parts = [];
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      onBytes(part.value.length);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }
}
