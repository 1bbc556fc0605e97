// The line of a file that a finding is about, with the value marked.

/** Bytes that are read before and after the value. */
const AROUND = 400;

/** Characters that are shown before and after the value, and of the value. */
const CONTEXT_CHARACTERS = 48;
const VALUE_CHARACTERS = 120;

/** First bytes of files whose offsets are not those of their text: gzip, zstd, zip, UTF-16. */
const OTHER_STARTS = ['1f8b', '28b52ffd', '504b', 'fffe', 'feff'];

async function isPlainText(file) {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (start.includes(0)) return false;
  const digits = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return !OTHER_STARTS.some((other) => digits.startsWith(other));
}

function decode(bytes) {
  // A slice can start or end within a character of several bytes.
  let start = 0;
  while (start < 3 && (bytes[start] & 0xc0) === 0x80) start += 1;
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  for (let end = bytes.length; end > bytes.length - 4 && end >= start; end -= 1) {
    try {
      return utf8.decode(bytes.subarray(start, end));
    } catch {
      // Perhaps a character is cut at the end.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes);
}

async function readText(file, start, end) {
  return decode(new Uint8Array(await file.slice(Math.max(0, start), end).arrayBuffer()));
}

/**
 * The line around the bytes from `start` to `end` of a file: `{ before, marked, after }`. Resolves
 * to `null` if the file is compressed or not readable any more.
 */
export async function readExcerpt(file, start, end) {
  try {
    if (!await isPlainText(file)) return null;
    const [before, marked, after] = await Promise.all([
      readText(file, start - AROUND, start),
      readText(file, start, Math.min(end, start + AROUND)),
      readText(file, end, end + AROUND),
    ]);
    const lineStart = before.slice(before.lastIndexOf('\n') + 1).trimStart();
    const [lineEnd] = after.split('\n', 1);
    return {
      before: lineStart.length > CONTEXT_CHARACTERS ? `…${lineStart.slice(-CONTEXT_CHARACTERS)}` : lineStart,
      marked: marked.length > VALUE_CHARACTERS ? `${marked.slice(0, VALUE_CHARACTERS)}…` : marked,
      after: lineEnd.length > CONTEXT_CHARACTERS ? `${lineEnd.slice(0, CONTEXT_CHARACTERS)}…` : lineEnd.trimEnd(),
    };
  } catch {
    return null;
  }
}
