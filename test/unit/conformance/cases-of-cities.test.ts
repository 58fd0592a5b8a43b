import { describe } from 'vitest';
import { ownCases } from '../../support/own-cases.ts';

describe('cases of cities: settlements, enterprises', () => {
  ownCases('cities');
});
