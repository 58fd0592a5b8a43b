import { describe } from 'vitest';
import { ownCases } from '../../support/own-cases.ts';

describe('cases of trade: invoices, telephones, hotels, meters', () => {
  ownCases(['invoices', 'meters', 'telecom', 'hotels', 'schools', 'ledger']);
});
