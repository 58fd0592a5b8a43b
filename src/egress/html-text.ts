const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Control characters, and those that turn the direction of the text around them: they could make a page read differently. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is the point here
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text made safe for element content and for quoted attributes; nothing of it can become markup.
 * Source: WHATWG HTML, "Escaping a string"; Unicode Technical Report 36, "Bidirectional Text Spoofing".
 */
export function escapeHtml(text: string): string {
  return text.replace(INVISIBLE, '\ufffd').replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');
}
