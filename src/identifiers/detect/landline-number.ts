/** Two-digit remainders of three-digit area codes (010, 02x). Source: YD/T 1131 (national trunk codes). */
const SHORT = new Set(['010', '020', '021', '022', '023', '024', '025', '027', '028', '029']);
/** First three digits of four-digit area codes, by region; the fourth is free. Source: YD/T 1131. */
const LONG =
  /^0(31|33|34|35|37|39|41|42|43|45|46|47|48|51|52|53|54|55|56|57|58|59|63|66|69|71|72|73|74|75|76|77|79|81|82|83|85|87|88|89|90|91|93|94|95|97|99)\d/;

/**
 * Whether digits alone are a landline number with its area code: seven or eight digits behind it that begin with 1…8. The safe numbers
 * of simulation begin with 1. Does not know whether the number was ever assigned. Source: YD/T 1131.
 */
export function isAreaNumber(digits: string): boolean {
  if (!/^0\d{9,11}$/.test(digits)) return false;
  if (SHORT.has(digits.slice(0, 3))) return digits.length === 11 && /[1-8]/.test(digits.charAt(3));
  return LONG.test(digits) && (digits.length === 11 || digits.length === 12) && /[1-8]/.test(digits.charAt(4));
}
