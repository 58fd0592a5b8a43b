const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** Control characters but tabs and line ends, and format characters, which turn or hide the text around them: a page would read differently. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

/**
 * Text made safe for element content and for quoted attributes; nothing of it can become markup.
 * Source: WHATWG HTML, "Escaping a string"; Unicode Technical Report 36, "Bidirectional Text Spoofing".
 */
export function escapeHtml(text: string): string {
  return text.replace(INVISIBLE, '\ufffd').replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');
}
