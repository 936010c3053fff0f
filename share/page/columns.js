// columns.js: columns of numbers, as the tools write them and the browser itself inflates them.

/** Base64 as bytes. */
function bytesOf(base64) {
	if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
	const text = atob(base64);
	const bytes = new Uint8Array(text.length);

	for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

/** Base64 of a zlib stream as its bytes. */
export async function inflate(base64) {
	const stream = new Blob([bytesOf(base64)]).stream();
	return new Uint8Array(
		await new Response(stream.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer(),
	);
}

/* Varints (LEB128) into an array of the given type, n of them; fewer or more is damage. */
function numbers(bytes, n, Type) {
	const column = new Type(n);
	let at = 0;

	for (let i = 0; i < n; i++) {
		let byte = bytes[at++];
		let value = byte & 0x7f;
		let scale = 128;

		// Beyond 2^53 a double rounds; below, arithmetic keeps what shifts would cut at 2^32.
		while (byte & 0x80) {
			byte = bytes[at++];
			value += (byte & 0x7f) * scale;
			scale *= 128;
		}
		column[i] = value;
	}
	if (at !== bytes.length) throw new Error("a column does not have as many numbers as it should");
	return column;
}

/** A column of a table {n, name: base64, ...}. */
export async function column(table, name, Type) {
	return numbers(await inflate(table[name]), table.n, Type);
}
