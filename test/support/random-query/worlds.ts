import { type RawTables, rawTables } from '../gate-oracle/raw-tables.ts';
import { randomFrom } from './random.ts';
import { randomWorld, type World, withoutUnit } from './world.ts';
import { type WorldBench, worldBench } from './world-bench.ts';

/** A world and the same without one unit, both loaded for real and both in a plain database. */
export interface LoadedWorld {
  readonly world: World;
  readonly bench: WorldBench;
  /** The whole world, then the one without the unit. */
  readonly raw: readonly RawTables[];
  /** Which unit is missing from the second. */
  readonly missing: { readonly type: string; readonly unit: number };
  close(): Promise<void>;
}

/** Any unit but, in half of the worlds, the one with most rows. */
function unitToTake(world: World): LoadedWorld['missing'] {
  const random = randomFrom(world.seed + 1000);
  const hasFirms = world.many.some((table) => 'firm' in table.units);
  if (hasFirms && random() < 0.3) return { type: 'firm', unit: 1 + Math.floor(random() * 5) };
  const people = world.tables[world.people.name]?.length ?? 0;
  return { type: 'person', unit: random() < 0.3 ? 5 : 1 + Math.floor(random() * people) };
}

export async function loadWorld(seed: number, versions: 1 | 2): Promise<LoadedWorld> {
  const world = randomWorld(seed);
  const missing = unitToTake(world);
  const worlds = [world, withoutUnit(world, missing.type, missing.unit)].slice(0, versions);
  const bench = await worldBench(worlds);
  const raw: RawTables[] = [];
  for (const item of worlds) raw.push(await rawTables(item));
  return {
    world,
    bench,
    raw,
    missing,
    close: async () => {
      for (const item of raw) item.close();
      await bench.close();
    },
  };
}
