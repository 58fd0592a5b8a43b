import { expectTypeOf, test } from 'vitest';
import type { AnswerAt, BodyAt, ItemAt, KnownPath } from '../../../src/cli/api-paths.ts';

/** Read by `npx tsc`, which is one of the checks: the command line knows no other address, body or answer than the document. */
test('addresses are those of the OpenAPI document, with its bodies and answers', () => {
  expectTypeOf<KnownPath<'/v1/jobs', 'post'>>().toEqualTypeOf<'/v1/jobs'>();
  expectTypeOf<KnownPath<'/v1/job', 'post'>>().toBeNever();
  expectTypeOf<KnownPath<`/v1/jobs/${string}/cancelation`, 'post'>>().toBeNever();
  expectTypeOf<KnownPath<`/v1/jobs/${string}`, 'post'>>().toBeNever();
  expectTypeOf<KnownPath<string, 'get'>>().toBeNever();
  expectTypeOf<AnswerAt<`/v1/jobs/${string}?waitMs=1`, 'get'>['state']>().toExtend<string>();
  expectTypeOf<ItemAt<'/v1/datasets'>['dataset']>().toEqualTypeOf<string>();
  expectTypeOf<BodyAt<'/v1/jobs'>['target']>().toEqualTypeOf<'sim' | 'real'>();
});
