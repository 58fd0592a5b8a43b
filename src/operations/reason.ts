import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** A reason a person gives: 1 to 2000 characters that are not only spaces. It stays in the records; the log gets its digest. */
export function checkedReason(reason: string): Result<string, readonly Problem[]> {
  const text = reason.trim();
  return text.length >= 1 && text.length <= 2000 ? ok(text) : err([problem('egress.reason_missing', {})]);
}

const RECEIPT = /^[\p{L}\p{N}][\p{L}\p{N}\-_./()（）〔〕[\]]{3,63}$/u;

/** A filing receipt number as supervisors write them, e.g. `粤数备〔2026〕12号`. Does not ask anybody whether it is genuine. */
export function checkedReceipt(receipt: string): Result<string, readonly Problem[]> {
  const text = receipt.trim();
  return RECEIPT.test(text) ? ok(text) : err([problem('egress.receipt_missing', {})]);
}
