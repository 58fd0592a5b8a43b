/** Wrong attempts in a row before an account waits. Source: ASVS 5.0 6.3.1; NIST SP 800-63B-4 §3.2.2. */
const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Until when an account waits after so many wrong attempts in a row, doubling with each further one; null: not at all. */
export function lockedUntil(failures: number, now: Date): Date | null {
  if (failures < FREE_ATTEMPTS) return null;
  return new Date(now.getTime() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_ATTEMPTS)));
}
