/** Area code of the seat of each province's government, by the first two digits of its region code. Source: YD/T 1131 (national trunk codes). */
export const AREA_CODES: Readonly<Record<string, string>> = {
  11: '010',
  12: '022',
  13: '0311',
  14: '0351',
  15: '0471',
  21: '024',
  22: '0431',
  23: '0451',
  31: '021',
  32: '025',
  33: '0571',
  34: '0551',
  35: '0591',
  36: '0791',
  37: '0531',
  41: '0371',
  42: '027',
  43: '0731',
  44: '020',
  45: '0771',
  46: '0898',
  50: '023',
  51: '028',
  52: '0851',
  53: '0871',
  54: '0891',
  61: '029',
  62: '0931',
  63: '0971',
  64: '0951',
  65: '0991',
};

const FORM = /^0\d{2,3}-\d{7,8}$/;

/** Whether `text` has the form of a landline number with its area code. Has no check digit. Source: YD/T 1131. */
export function isLandline(text: string): boolean {
  return FORM.test(text);
}

/** Whether the number can reach nobody: no local number starts with 1, which stands for service numbers. Source: YD/T 1131; synthetic-and-masking.md §3.1. */
export function isSafeLandline(text: string): boolean {
  return isLandline(text) && text.charAt(text.indexOf('-') + 1) === '1';
}
