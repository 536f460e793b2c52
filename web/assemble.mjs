// Puts the static site together:  node web/assemble.mjs --build build --out build/site
//   index.html, bench.html, selftest.html, sw.js, guard.js, manifest, icons, _headers    names that stay
//   code-HASH/    our modules and Emscripten's glue, under one hash: their imports keep their names
//   assets/       wasm, fonts, weights, each with its own hash
//   data/         the chunks of `atelier-cli pack-data --out BUILD/data`, and of --digits --out BUILD/digits
// Needs python3 with fontTools, Inter (variable) and Font Awesome 4.7 (cmake/packages.txt).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const web = dirname(fileURLToPath(import.meta.url));
const tree = dirname(web);
const kPages = ['index.html', 'bench.html', 'selftest.html'];
const kLoose = ['sw.js', 'guard.js', 'manifest.webmanifest'];
const kNotCode = new Set([...kLoose, ...kPages]);
const kNotShipped = /\.(mjs|md)$/;
const kFontFolders = ['/usr/share/fonts', '/usr/local/share/fonts'];
const kBudget = 1.5e6; // gzipped bytes of the first load, without data

class Missing extends Error {}

function need(path, how) {
  if (!existsSync(path)) throw new Missing(`${relative(tree, path)} is missing: ${how}`);
  return path;
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const short = (bytes) => hash(bytes).slice(0, 8);
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

// ---- Fonts ----------------------------------------------------------------------------------------------------------

function findFont(name, debian) {
  for (const folder of kFontFolders.filter(existsSync)) {
    const found = readdirSync(folder, { recursive: true }).find((path) => basename(path) === name);
    if (found) return join(folder, found);
  }
  throw new Missing(`The font ${name} is missing: install Debian's ${debian}.`);
}

// The code points of the atlas, read from the source so that the two cannot differ.
function codePoints(file, pattern) {
  const text = readFileSync(join(tree, file), 'utf8');
  const block = text.match(pattern);
  const codes = block ? [...block[0].matchAll(/0x([0-9a-f]{4})/gi)].map(([, code]) => code) : [];
  if (!codes.length) throw new Missing(`No code points found in ${file}: its list was renamed, follow it in web/assemble.mjs.`);
  return codes;
}

function textRanges() {
  const codes = codePoints('ui/look/theme.cpp', /kTextRanges = \{[^}]*\}/);
  return codes.flatMap((code, index) => (index % 2 ? [] : [`${code}-${codes[index + 1]}`]));
}

function python(...args) {
  try {
    execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Missing(`fontTools failed (${error.stderr ?? error.message}): install Debian's python3-fonttools.`);
  }
}

// TrueType outlines, no layout tables: ImGui's rasteriser reads neither CFF nor kerning. `axes` pins a variable font.
function cutFont(from, unicodes, axes, out) {
  const recipe = short(JSON.stringify([unicodes, axes]) + short(readFileSync(from)));
  const kept = `${out}.${recipe}`;
  if (!existsSync(kept)) {
    const part = `${out}.part`;
    python('-m', 'fontTools.subset', from, `--unicodes=${unicodes.join(',')}`, '--layout-features=', '--no-hinting',
      '--notdef-outline', '--desubroutinize', '--drop-tables+=GSUB,GPOS,GDEF,STAT', `--output-file=${part}`);
    if (axes.length) python('-m', 'fontTools', 'varLib.instancer', part, ...axes, '-o', `${part}2`);
    renameSync(axes.length ? `${part}2` : part, kept);
  }
  return readFileSync(kept);
}

function makeFonts(build) {
  const folder = join(build, 'fonts');
  mkdirSync(folder, { recursive: true });
  const inter = findFont('InterVariable.ttf', 'fonts-inter-variable');
  const awesome = findFont('fontawesome-webfont.ttf', 'fonts-font-awesome');
  const icons = [...new Set(codePoints('ui/look/icons.hpp', /[\s\S]*/).filter((code) => /^f/i.test(code)))];
  const text = textRanges();
  const fonts = new Map([
    ['regular.ttf', cutFont(inter, text, ['wght=400', 'opsz=14'], join(folder, 'regular'))],
    ['semibold.ttf', cutFont(inter, text, ['wght=600', 'opsz=14'], join(folder, 'semibold'))],
    ['icons.ttf', cutFont(awesome, icons, [], join(folder, 'icons'))],
  ]);
  for (const [name, bytes] of fonts) {
    if (bytes.readUInt32BE(0) !== 0x00010000) throw new Missing(`${name} has no TrueType outlines.`);
  }
  return fonts;
}

// ---- The parts of the site ------------------------------------------------------------------------------------------

function moduleFiles(build) {
  const how = 'build it with `./atelier play` or the presets wasm-st and wasm-mt.';
  const files = new Map();
  for (const path of ['wasm-st/ui', 'wasm-st/trainer-st', 'wasm-mt/trainer-mt']) {
    for (const end of ['js', 'wasm']) {
      files.set(`${basename(path)}.${end}`, readFileSync(need(join(build, `${path}.${end}`), how)));
    }
  }
  return files;
}

// All weight files under their own names; the page starts with my_net's, or with the only one there is.
function weightFiles() {
  const folder = need(join(tree, 'assets/weights'), 'the shipped weights belong there.');
  const names = readdirSync(folder).filter((name) => name.endsWith('.safetensors')).sort();
  const first = names.includes('my_net.safetensors') ? 'my_net.safetensors' : names[0];
  if (!first) throw new Missing('assets/weights has no .safetensors file: train one with `./atelier train`.');
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
  if (names.length > 1) files.delete(first);
  return new Map([['weights.safetensors', readFileSync(join(folder, first))], ...files]);
}

// The chunks of BUILD/<name> and their list.
function chunkFiles(build, name, how) {
  const folder = join(build, name);
  need(folder, how);
  const lists = readdirSync(folder).filter((file) => file.endsWith('.json'));
  if (lists.length !== 1) throw new Missing(`${relative(tree, folder)} must hold one list of chunks, not ${lists.length}: ${how}`);
  const manifest = JSON.parse(readFileSync(join(folder, lists[0]), 'utf8'));
  const files = new Map();
  for (const chunk of manifest.chunks) {
    const bytes = readFileSync(need(join(folder, chunk.file), how));
    // Not .gz: some servers would announce it as an encoding, and browsers unpack it behind our back.
    const file = `data/${chunk.file.replace(/\.gz$/, '')}`;
    Object.assign(chunk, { file, sha256: hash(bytes) });
    files.set(file, bytes);
  }
  return { manifest, files };
}

function codeFiles(modules) {
  const files = new Map();
  for (const name of readdirSync(web).sort()) {
    if (!kNotCode.has(name) && !kNotShipped.test(name)) files.set(name, readFileSync(join(web, name)));
  }
  for (const [name, bytes] of modules) if (name.endsWith('.js')) files.set(name, bytes);
  const golden = ['expected.txt', 'expected_lab.txt'].map((name) =>
    readFileSync(need(join(tree, 'tests/golden', name), 'it holds the hashes of selftest.html.')));
  files.set('golden.txt', Buffer.concat(golden));
  return files;
}

// main.js and all it imports, for modulepreload: one round trip instead of one per level.
function importsOf(name, code, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, next] of code.get(name).toString().matchAll(/^import .* from '\.\/([\w.]+)';$/gm)) importsOf(next, code, seen);
  return seen;
}

function pageText(name, codeFolder, hints) {
  const text = readFileSync(join(web, name), 'utf8').replaceAll(/(src|href)="\.\//g, `$1="${codeFolder}/`);
  return name === 'index.html' ? text.replace('</head>', `${hints.map((hint) => `  ${hint}\n`).join('')}</head>`) : text;
}

const kHeaders = `/*
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
/code-*
  Cache-Control: public, max-age=31536000, immutable
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/data/*
  Cache-Control: public, max-age=31536000, immutable
`;

// ---- Together -------------------------------------------------------------------------------------------------------

function plan(build) {
  const modules = moduleFiles(build);
  const data = chunkFiles(build, 'data', 'make the chunks with `atelier-cli pack-data --out build/data`.');
  const digits = chunkFiles(build, 'digits', 'make them with `atelier-cli pack-data --digits FOLDER --out build/digits`.');
  const assets = new Map([...modules].filter(([name]) => name.endsWith('.wasm')));
  for (const [name, bytes] of [...makeFonts(build), ...weightFiles()]) assets.set(name, bytes);
  const list = { files: {}, data: data.manifest, digits: digits.manifest };
  const out = new Map([...data.files, ...digits.files]);
  for (const [name, bytes] of assets) {
    const file = `assets/${name.replace(/(\.\w+)$/, `.${short(bytes)}$1`)}`;
    list.files[name] = { file, bytes: bytes.length };
    out.set(file, bytes);
  }
  const code = codeFiles(modules);
  const version = short(JSON.stringify([list, [...code].map(([name, bytes]) => [name, hash(bytes)])]));
  const folder = `code-${version}`;
  code.set('assets.json', Buffer.from(JSON.stringify({ version, code: folder, ...list })));
  for (const [name, bytes] of code) out.set(`${folder}/${name}`, bytes);
  const first = importsOf('main.js', code);
  const hints = [...first].map((name) => `<link rel="modulepreload" href="${folder}/${name}">`);
  hints.push(`<link rel="modulepreload" href="${folder}/ui.js">`);
  for (const file of [`${folder}/assets.json`, list.files['ui.wasm'].file]) {
    hints.push(`<link rel="preload" href="${file}" as="fetch" crossorigin>`);
  }
  for (const page of kPages) out.set(page, Buffer.from(pageText(page, folder, hints)));
  for (const name of kLoose) out.set(name, readFileSync(join(web, name)));
  out.set('_headers', Buffer.from(kHeaders));
  out.set('.nojekyll', Buffer.alloc(0)); // GitHub Pages then leaves names with _ alone
  const firstLoad = ['index.html', 'guard.js',
    ...[...first, 'ui.js', 'style.css', 'assets.json'].map((name) => `${folder}/${name}`),
    ...['ui.wasm', 'regular.ttf', 'semibold.ttf', 'icons.ttf', 'weights.safetensors'].map((name) => list.files[name].file)];
  const second = [`${folder}/worker.js`, `${folder}/data.js`, ...['st', 'mt'].flatMap((variant) =>
    [`${folder}/trainer-${variant}.js`, list.files[`trainer-${variant}.wasm`].file])];
  return { out, firstLoad, second, data: [...data.files.keys()], digits: [...digits.files.keys()] };
}

function report({ out, firstLoad, second, data, digits }) {
  const row = (name, bytes, packed) => console.log(`${String(bytes).padStart(9)} ${String(packed).padStart(9)}  ${name}`);
  console.log('    bytes      gzip  file');
  const group = (title, names) => {
    let bytes = 0;
    let packed = 0;
    for (const name of names) {
      const content = out.get(name);
      const size = data.includes(name) || digits.includes(name) ? content.length : gzipped(content);
      if (content.length > 20_000) row(name, content.length, size);
      bytes += content.length;
      packed += size;
    }
    row(`= ${title}`, bytes, packed);
    return packed;
  };
  const packed = group('first load', firstLoad);
  group('after it: the worker (a browser takes one of the two trainers)', second);
  group('data, streamed behind', data);
  group('the lab\'s digits, of which a run takes two', digits);
  if (packed > kBudget) throw new Missing(`The first load is ${packed} bytes gzipped; the budget is ${kBudget}.`);
}

function write(site, out) {
  const next = `${site}.next`;
  rmSync(next, { recursive: true, force: true });
  for (const [name, bytes] of out) {
    mkdirSync(dirname(join(next, name)), { recursive: true });
    writeFileSync(join(next, name), bytes);
  }
  cpSync(need(join(tree, 'assets/icons'), 'the icons belong there.'), join(next, 'icons'), { recursive: true });
  rmSync(site, { recursive: true, force: true });
  renameSync(next, site);
}

const { values } = parseArgs({ options: { build: { type: 'string', default: 'build' }, out: { type: 'string', default: '' } } });
try {
  const build = resolve(values.build);
  const planned = plan(build);
  report(planned);
  write(resolve(values.out || join(values.build, 'site')), planned.out);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`assemble: ${error.message}`);
  process.exit(1);
}
