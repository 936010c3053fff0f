// syntax.js: Python's tokens, as far as colours need them. No document here.

const KEYWORDS = new Set(
	"and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(" "),
);
const CONSTANTS = new Set("None True False NotImplemented Ellipsis __debug__".split(" "));
const BUILTINS = new Set(
	(
		"abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ self cls"
	).split(" "),
);

const TOKEN = /\s+|(?<comment>#.*)|(?<string>(?:\b[rbuft]{1,2})?(?:"""|'''|"|'))|(?<name>[\p{L}_][\p{L}\p{N}_\p{M}]*)|(?<number>(?:0[xob][\da-f_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d[\d_]*)?j?|\.\d[\d_]*(?:e[+-]?\d[\d_]*)?j?))|(?<decorator>@(?=[\p{L}_]))|[^]/giuy;

/* A string that is open at the end of a line: its quotes, and whether backslashes escape. */
const openString = (quotes, raw, formatted) => ({ quotes, raw, formatted });

/** The end of a string that goes on at from; -1: not in this line. */
function endOf(line, from, { quotes, formatted }) {
	const lastBrace = formatted ? line.lastIndexOf("}") : -1;
	let deep = 0;

	for (let i = from; i < line.length; i++) {
		const c = line[i];

		if (c === "\\") i++;
		else if (formatted && c === "{") {
			if (line[i + 1] === "{" && deep === 0) i++;
			else deep++;
		} else if (formatted && c === "}" && deep > 0) deep--;
		else if (deep > 0 && (c === '"' || c === "'") && c !== quotes[0]) {
			const close = line.indexOf(c, i + 1);
			if (close > 0) i = close;
		} else if (line.startsWith(quotes, i) && (deep === 0 || quotes.length === 3 || lastBrace < i)) return i + quotes.length;
	}
	return -1;
}

const wordKind = (word, before) => {
	if (before === "def" || before === "class") return "definition";
	if (KEYWORDS.has(word)) return "keyword";
	if (CONSTANTS.has(word)) return "constant";
	return BUILTINS.has(word) && before !== "." ? "builtin" : "";
};

const SOFT = /^\s*(?<word>match|case|type)\s+(?!\s|[=.,)\]:]|(?:in|is|and|or|if)\b)/u;

/*
 * match, case and type are words of the language only where a statement of theirs begins. Each
 * test goes over the line once, whatever is in it.
 */
function softWord(line) {
	const found = SOFT.exec(line);

	if (!found) return "";
	const { word } = found.groups;
	const rest = line.slice(found[0].length);
	return /:\s*(?:#|$)/u.test(rest) || (word === "type" && /^\w[^=]*=/u.test(rest)) ? word : "";
}

/**
 * The tokens of a line: {tokens: [[from, to, kind]], open}; kinds are keyword, definition,
 * constant, builtin, string, number, comment and decorator, anything else is none. open is
 * the string that the line begins in, or null, and of the result the one that it ends in.
 */
export function tokensOf(line, open = null) {
	const tokens = [];
	const soft = softWord(line);
	let before = "";
	let at = 0;

	if (open) {
		const end = endOf(line, 0, open);

		tokens.push([0, end < 0 ? line.length : end, "string"]);
		if (end < 0) return { tokens, open: open.quotes.length === 3 || line.endsWith("\\") ? open : null };
		at = end;
	}
	while (at < line.length) {
		TOKEN.lastIndex = at;
		const found = TOKEN.exec(line);
		const { comment, string, name, number, decorator } = found.groups;
		let end = TOKEN.lastIndex;
		let kind = comment ? "comment" : number ? "number" : decorator ? "decorator" : "";

		if (string) {
			const quotes = /["']+$/.exec(string)[0];
			const string_ = openString(quotes, /r/i.test(string), /[ft]/i.test(string.slice(0, -quotes.length)));
			const close = endOf(line, end, string_);

			tokens.push([at, close < 0 ? line.length : close, "string"]);
			if (close < 0) return { tokens, open: quotes.length === 3 || line.endsWith("\\") ? string_ : null };
			end = close;
		} else if (name) {
			kind = before === "@" ? "decorator" : wordKind(name, before);
			if (before === "" && name === soft) kind = "keyword";
		}
		if (kind) tokens.push([at, end, kind]);
		if (found[0].trim()) before = found[0];
		at = end;
	}
	return { tokens, open: null };
}

/**
 * Gives the tokens of any line of a text, of its first characters only where most is told; what is
 * open at the beginning of each is found as far as is needed.
 */
export function highlighter(lines) {
	const opens = [null];

	return (number, most = Infinity) => {
		while (opens.length < number) opens.push(tokensOf(lines[opens.length - 1], opens[opens.length - 1]).open);
		return tokensOf(lines[number - 1].slice(0, most), opens[number - 1]).tokens;
	};
}
