import { describe, expect, test } from 'vitest';
import { emptyRoot, leafHash, type MerkleHash, nodeHash } from '../../../src/audit/merkle-hash.ts';
import { continues, includes } from '../../../src/audit/merkle-proof.ts';
import { treeBuilder } from '../../../src/audit/merkle-tree.ts';
import { decodeBundle, encodeBundle, tilePath, tilesOf } from '../../../src/audit/tile.ts';
import { naiveConsistency, naiveInclusion, naiveRoot } from '../../support/naive-merkle.ts';

/** Inputs of transparency-dev/merkle, testonly/constants.go. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = (algorithm: MerkleHash) => INPUTS.map((text) => leafHash(algorithm, Buffer.from(text, 'hex')));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ROOTS: Readonly<Record<MerkleHash, readonly string[]>> = {
  sha256: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  sm3: [
    '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b',
    '2daef60e7a0b8f5e024c81cd2ab3109f2b4f155cf83adeb2ae5532f74a157fdf',
    '0b990fe0c7ad70f1bf1a1262f2c7908ea48146b14253a6db99f2917ab1f5cc4d',
    '209ec96a210d662a964772680e8544d18cab7b88ffec3e00962220349b56ea56',
    '28e4e307ef6d2d0c62d84b11ef96e835efe490f35b93c8f024ecfe38c8dd4377',
    'bb10c996aeebbcdc69be3715fc847344de77442d37a5ab8213da9f41785b103b',
    '8723c1ab1f82ddfba4a3733ac0c80d936d9f4c208c7dbc8cc81ca9fff8584f66',
    'bd36c22a1ac6ff4308e0c3cc1a85bf0ffa30538ec60a55c70413ab15d45db4d2',
    'bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38',
  ],
};

describe('published vectors', () => {
  test.each(['sha256', 'sm3'] as const)('%s: roots of the first eight sizes', (algorithm) => {
    const builder = treeBuilder(algorithm);
    const roots = [hex(builder.root())];
    for (const leaf of leaves(algorithm)) {
      builder.append(leaf);
      roots.push(hex(builder.root()));
    }
    expect(roots).toEqual(ROOTS[algorithm]);
    expect(hex(emptyRoot(algorithm))).toBe(ROOTS[algorithm][0]);
  });

  test('leaf and node', () => {
    expect(hex(leafHash('sha256', Buffer.from('L123456')))).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56');
    expect(hex(nodeHash('sha256', Buffer.from('N123'), Buffer.from('N456')))).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    );
  });

  test('consistency 3→7, 4→7, 6→7 and inclusion of leaf 5 in 8 under SM3', () => {
    const all = leaves('sha256');
    const last = '837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e';
    expect(naiveConsistency('sha256', 3, all.slice(0, 7)).map(hex)).toEqual([
      expect.stringMatching(/^0298d122.*7fe7$/),
      expect.stringMatching(/^07506a85.*87e7$/),
      expect.stringMatching(/^fac54203.*c125$/),
      last,
    ]);
    expect(naiveConsistency('sha256', 4, all.slice(0, 7)).map(hex)).toEqual([last]);
    expect(naiveConsistency('sha256', 6, all.slice(0, 7)).map(hex)).toEqual([
      expect.stringMatching(/^0ebc5d34.*ef6a$/),
      expect.stringMatching(/^b08693ec.*1a5f$/),
      expect.stringMatching(/^d37ee418.*14b7$/),
    ]);
    expect(naiveInclusion('sm3', 5, leaves('sm3')).map(hex)).toEqual([
      'a798bfdb4164a6c7b41a6faecc5c3155cf04d38929dcbd4fe21dea29071aac64',
      '155f6ed4ccfa83510c9416c99b48f41aa5b12e443546bee1b501a7b281e5132a',
      '28e4e307ef6d2d0c62d84b11ef96e835efe490f35b93c8f024ecfe38c8dd4377',
    ]);
  });
});

/** The mutations of the public probe corpora (transparency-dev/merkle, testdata): each must be refused. */
function mutated(path: readonly Uint8Array[], root: Uint8Array): readonly (readonly Uint8Array[])[] {
  const garbage = Buffer.alloc(32, 7);
  const flips = path.map((step, at) =>
    path.map((other, index) => (index === at ? Buffer.from(step).map((byte, place) => (place === 4 ? byte ^ 16 : byte)) : other)),
  );
  const inserted = path.map((_, at) => path.toSpliced(at, 0, garbage));
  const removed = path.map((_, at) => path.toSpliced(at, 1));
  return [
    ...flips,
    ...inserted,
    ...removed,
    [garbage, ...path],
    [...path, garbage],
    [...path, new Uint8Array()],
    [root, ...path],
    [...path, root],
  ];
}

describe('mutated proofs of the sizes 1…8', () => {
  const all = leaves('sha256');
  test('inclusion', () => {
    for (let size = 1; size <= 8; size += 1) {
      const tree = all.slice(0, size);
      const root = naiveRoot('sha256', tree);
      for (const [index, leaf] of tree.entries()) {
        const path = naiveInclusion('sha256', index, tree);
        expect(includes('sha256', { index, size, leaf, root }, path)).toBe(true);
        for (const wrong of mutated(path, root)) expect(includes('sha256', { index, size, leaf, root }, wrong)).toBe(false);
        for (const other of [index + 1, index - 1, index ^ 2, size]) {
          if (other === index) continue;
          expect(includes('sha256', { index: other, size, leaf, root }, path)).toBe(false);
        }
        for (const other of [0, size * 2]) expect(includes('sha256', { index, size: other, leaf, root }, path)).toBe(false);
        for (const other of [new Uint8Array(), Buffer.alloc(32, 9)]) {
          expect(includes('sha256', { index, size, leaf, root: other }, path)).toBe(false);
          expect(includes('sha256', { index, size, leaf: other, root }, path)).toBe(false);
        }
      }
    }
  });

  test('consistency, all 36 pairs', () => {
    for (let size = 1; size <= 8; size += 1) {
      for (let old = 1; old <= size; old += 1) {
        const [from, to] = [
          { size: old, root: naiveRoot('sha256', all.slice(0, old)) },
          { size, root: naiveRoot('sha256', all.slice(0, size)) },
        ];
        const path = naiveConsistency('sha256', old, all.slice(0, size));
        expect(continues('sha256', from, to, path)).toBe(true);
        for (const wrong of mutated(path, to.root)) expect(continues('sha256', from, to, wrong)).toBe(false);
        if (old !== size) expect(continues('sha256', { ...from, root: to.root }, { ...to, root: from.root }, path)).toBe(false);
        expect(continues('sha256', from, { ...to, root: new Uint8Array() }, path)).toBe(false);
        if (old !== size) expect(continues('sha256', to, from, path)).toBe(false);
      }
    }
  });

  test('empty trees must be empty', () => {
    const empty = { size: 0, root: emptyRoot('sha256') };
    const one = { size: 1, root: all[0] as Uint8Array };
    expect(continues('sha256', empty, empty, [])).toBe(true);
    expect(continues('sha256', empty, one, [])).toBe(true);
    expect(continues('sha256', { size: 0, root: one.root }, { size: 0, root: one.root }, [])).toBe(false);
    expect(continues('sha256', empty, one, [one.root])).toBe(false);
  });
});

describe('tiles', () => {
  test('70 000 leaves', () => {
    const places = [...tilesOf(70_000)];
    const of = (level: number | 'entries') => places.filter((place) => place.level === level);
    expect([of(0).length, of(0).at(-1)?.width, of(1).length, of(1).at(-1)?.width]).toEqual([274, 112, 2, 17]);
    expect(of(2)).toEqual([{ level: 2, index: 0, width: 1 }]);
    expect(of(3)).toEqual([]);
    expect(of('entries').length).toBe(274);
  });

  test('paths', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 0, width: 17 })).toBe('tile/entries/000.p/17');
    expect(tilePath({ level: 1, index: 1000, width: 256 })).toBe('tile/1/x001/000');
  });

  test('bundles', () => {
    const entries = [Buffer.from('a'), Buffer.alloc(65_535, 1), Buffer.alloc(0)];
    const bytes = encodeBundle(entries);
    expect(decodeBundle(bytes)?.map((entry) => entry.length)).toEqual([1, 65_535, 0]);
    expect(decodeBundle(bytes.subarray(0, -1))).toBeNull();
    expect(decodeBundle(Buffer.concat([bytes, Buffer.of(0)]))).toBeNull();
    expect(() => encodeBundle([Buffer.alloc(65_536)])).toThrow(RangeError);
  });
});
