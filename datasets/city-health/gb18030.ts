/** Characters of the two-byte plane of GB18030 (GBK), which Node can read but not write: the decoder, turned round. */
export function twoByteTable(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gb18030', { fatal: false });
  const table = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && !text.includes('\uFFFD') && !table.has(text)) table.set(text, [lead, trail]);
    }
  }
  return table;
}

/** Text in GB18030. Throws on characters beyond its two-byte plane: the city has none. */
export function encodeGb18030(text: string, table: ReadonlyMap<string, readonly [number, number]>): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const pair = table.get(character);
    if (character.length === 1 && code < 0x80) bytes.push(code);
    else if (pair !== undefined) bytes.push(...pair);
    else throw new RangeError('A character outside the two-byte plane of GB18030');
  }
  return Uint8Array.from(bytes);
}
