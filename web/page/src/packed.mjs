// Parts of the page that are packed with xz and base64. `xz-decompress` has a script of its own.

/** Unpacks the content of the element with this id, as a `Response`. */
export function unpack(id) {
  const packed = atob(document.getElementById(id).textContent.trim());
  const bytes = new Uint8Array(packed.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = packed.charCodeAt(index);
  const { XzReadableStream } = globalThis['xz-decompress'];
  return new Response(new XzReadableStream(new Blob([bytes]).stream()));
}
