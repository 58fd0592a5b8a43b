import { describe } from 'vitest';
import { ownCases } from '../../support/own-cases.ts';

describe('cases of trade: invoices, telephones, hotels, meters', () => {
  ownCases('trade');
});
