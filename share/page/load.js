// The page's style and script follow, deflated by gzip; a debugger shows them as they were written.
try {
	const bytes = Uint8Array.from(atob(document.querySelector("#packed").textContent.trim()), (c) => c.charCodeAt(0));
	const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();

	text.split("@script@\n").forEach((part, i) => {
		const made = document.createElement(i ? "script" : "style");

		if (i) made.type = "module";
		made.textContent = part;
		document.head.append(made);
	});
} catch (error) {
	document.body.prepend(`This page needs a browser of 2024 or later: ${error.message}`);
}
