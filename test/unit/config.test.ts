import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, Secret } from '../../src/config.ts';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('settings', () => {
  test('have safe presets, are frozen, and look only at their own variables', () => {
    const config = readConfig({ PATH: 'x', HOME: 'y' });
    expect([config.mode, config.http.host, config.k, config.client.apiKey]).toEqual(['development', '127.0.0.1', 10, null]);
    for (const part of [config, config.http, config.enclave, config.client]) expect(Object.isFrozen(part)).toBe(true);
  });

  test('name every fault at once and no value', () => {
    const faults = faultsOf({ SLUICE_PORT: 'canary', SLUICE_ENV: 'canary', SLUICE_API_KEY: 'canary', SLUICE_CANARY_NAME: 'canary' });
    expect(faults.map((fault) => fault.slice(0, 14)).sort()).toEqual([
      'SLUICE_API_KEY',
      'SLUICE_ENV: mu',
      'SLUICE_PORT: m',
      'Unknown settin',
    ]);
    expect(faults.join()).not.toContain('canary');
  });

  test.each([
    [{ SLUICE_HOST: '0.0.0.0' }, 'SLUICE_HOST'],
    [{ SLUICE_ENV: 'production', SLUICE_MINIMUM_ISOLATION: 'process' }, 'SLUICE_MINIMUM_ISOLATION'],
    [{ SLUICE_ENV: 'production', SLUICE_K: '5' }, 'SLUICE_K'],
    [{ SLUICE_K: '4' }, 'SLUICE_K'],
  ])('refuse %j', (environment, name) => {
    expect(faultsOf(environment)).toEqual([expect.stringContaining(name)]);
  });

  test('production asks for isolation by itself', () => {
    expect(readConfig({ SLUICE_ENV: 'production' }).enclave.minimumIsolation).toBe('namespaces');
    expect(readConfig({ SLUICE_HOST: '0.0.0.0', SLUICE_BEHIND_TLS: 'true' }).http.host).toBe('0.0.0.0');
  });
});

test('a secret shows itself only when asked', () => {
  const secret = new Secret('canary');
  expect([String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret })].join()).not.toContain('canary');
  expect(secret.reveal()).toBe('canary');
});
