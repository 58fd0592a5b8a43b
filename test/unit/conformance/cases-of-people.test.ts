import { describe } from 'vitest';
import { ownCases } from '../../support/own-cases.ts';

describe('cases of people: wages, pensions, patients, visitors', () => {
  ownCases('people');
});
