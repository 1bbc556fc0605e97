// Parts of the page that are packed with gzip and base64.

/** Unpacks the content of the element with this id, as a `Response`. */
export function unpack(id) {
  const packed = Uint8Array.from(
    atob(document.getElementById(id).textContent.trim()), (unit) => unit.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
}
