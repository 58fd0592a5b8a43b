/** What every declaration must say and most tests do not look at. */
export const DECLARED_HEAD = {
  title: { zh: '测试', en: 'Test' },
  provider: 'test',
  collectedBy: 'test',
  verifiedBy: 'test',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
} as const;
