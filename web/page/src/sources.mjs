// The files that a person drops, chooses or pastes, as sources of the engine.

const ENCODER = new TextEncoder();

/** Compares two paths part by part and byte by byte, as the program sorts the files of a folder. */
function comparePaths(first, second) {
  const parts = (path) => path.split('/').map((part) => ENCODER.encode(part));
  const [left, right] = [parts(first), parts(second)];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareBytes(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareBytes(left, right) {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    if (left[index] !== right[index]) return left[index] - right[index];
  }
  return left.length - right.length;
}

/** Gives files with the same name different ones: `calls.json`, `calls (2).json`. */
function withDistinctNames(sources) {
  const used = new Map();
  return sources.map((source) => {
    const count = (used.get(source.name) ?? 0) + 1;
    used.set(source.name, count);
    if (count === 1) return source;
    return { ...source, name: source.name.replace(/(\.[^.]*)?$/, ` (${count})$&`) };
  });
}

/** Sources of chosen files, in the order in which they were chosen. */
export function sourcesOfFiles(files) {
  return withDistinctNames(Array.from(files, (file) => ({ name: file.name, file, found: false })));
}

/** Sources of the files in folders. `paths` are pairs of a path with its file. */
function sourcesOfPaths(paths) {
  const sorted = paths.toSorted(([first], [second]) => comparePaths(first, second));
  return sorted.map(([name, file]) => ({ name, file, found: true }));
}

/** Sources of a folder that was chosen with `<input webkitdirectory>`. */
export function sourcesOfFolder(files) {
  return sourcesOfPaths(Array.from(files, (file) => [file.webkitRelativePath || file.name, file]));
}

/** Source of pasted text. */
export function sourcesOfText(text) {
  const name = 'pasted.json';
  return [{ name, file: new File([text], name), found: false }];
}

/**
 * Sources of a drop: files and folders. Must be called in the listener of the event, because the
 * browser empties the list after it. Throws if the browser does not open a folder.
 */
export async function sourcesOfDrop(transfer) {
  const items = Array.from(transfer.items).filter((item) => item.kind === 'file');
  const opened = items.map((item) => ({ file: item.getAsFile(), entry: openItem(item) }));
  const [files, paths] = [[], []];
  for (const { file, entry } of opened) {
    const folder = await readEntry(await entry);
    if (folder) paths.push(...folder);
    else files.push(file);
  }
  return withDistinctNames([...sourcesOfFiles(files.filter(Boolean)), ...sourcesOfPaths(paths)]);
}

/** Chromium opens folders of pages on the disk only with the first, Firefox has only the second. */
function openItem(item) {
  if (item.getAsFileSystemHandle) return item.getAsFileSystemHandle().catch(() => null);
  return item.webkitGetAsEntry?.() ?? null;
}

/** Pairs of paths and files in a folder; `null` if the entry is a file. */
async function readEntry(entry) {
  if (entry?.kind === 'directory') return readHandle(entry, entry.name);
  if (entry?.isDirectory) return readDirectory(entry);
  return null;
}

async function readHandle(folder, path) {
  const found = [];
  for await (const [name, handle] of folder.entries()) {
    const inner = `${path}/${name}`;
    if (handle.kind === 'directory') found.push(...await readHandle(handle, inner));
    else found.push([inner, await handle.getFile()]);
  }
  return found;
}

async function readDirectory(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    // The browser lists a large folder in parts; an empty part is the end.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...await readDirectory(entry));
      else {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
        found.push([entry.fullPath.replace(/^\//, ''), file]);
      }
    }
  }
}
