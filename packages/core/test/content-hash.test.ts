import { type Argument, BINARY, loadReadingScript, type Redis, runScript } from '@atf/core';
import { useRedis } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

const fixture = useRedis();

const numbers = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.integer({ min: -9_000, max: 9_000 }).map(String),
);
const element = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 3, arbitrary: numbers.map(Buffer.from) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.string({ minLength: 1 }), fc.nat({ max: 900 }))
      .map(([s, n]) => Buffer.from(s.repeat(n))),
  },
  { weight: 1, arbitrary: fc.nat({ max: 90_000 }).map((n) => Buffer.alloc(n, 'ab')) },
);
const elements = fc.oneof(
  fc.array(element, { minLength: 1, maxLength: 12 }),
  fc.array(element, { minLength: 130, maxLength: 160 }),
);
const score = fc
  .oneof(fc.double({ noNaN: true }), fc.integer())
  .map((n) => String(n).replace('Infinity', 'inf'));
const unique = (list: Buffer[]) => [
  ...new Map(list.map((bytes) => [bytes.toString('latin1'), bytes])).values(),
];

const COMMANDS: [string, fc.Arbitrary<Argument[][]>][] = [
  ['SET', element.map((value) => [[value]])],
  ['RPUSH', elements.map((list) => list.map((value) => [value]))],
  ['SADD', elements.map((list) => unique(list).map((value) => [value]))],
  [
    'SADD',
    fc.uniqueArray(numbers, { minLength: 1, maxLength: 40 }).map((list) => list.map((value) => [value])),
  ],
  ['HSET', fc.tuple(elements, element).map(([list, value]) => unique(list).map((field) => [field, value]))],
  [
    'ZADD',
    fc
      .tuple(elements, fc.array(score, { minLength: 1 }))
      .map(([list, scores]) => unique(list).map((member, i) => [scores[i % scores.length]!, member])),
  ],
];

/** Begins a name that `element` never draws. */
const NEVER_DRAWN = 'never drawn, because it is long '.repeat(10);

const send = (...args: Argument[]) => (fixture.client as unknown as Redis).sendCommand<unknown>(args, BINARY);
const CONTENT_HASH = loadReadingScript(import.meta.url, './fixtures/content-hash.lua');
const hashOf = async (key: string) =>
  String(await runScript<Buffer>(fixture.client as unknown as Redis, CONTENT_HASH, { keys: [key] }));

async function write(key: string, command: string, parts: Argument[][]): Promise<void> {
  await send('DEL', key);
  for (let from = 0; from < parts.length; from += 50)
    await send(command, key, ...parts.slice(from, from + 50).flat());
}

describe.each(COMMANDS)('the hash of what %s writes', (command, content) => {
  test('stays after it was restored or written in another order, and changes with one of its parts', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (parts) => {
        await write('a', command, parts);
        const hash = await hashOf('a');
        await send('RESTORE', 'b', '0', (await send('DUMP', 'a')) as Buffer, 'REPLACE');
        expect(await hashOf('b')).toBe(hash);

        // Through a table: what is small again does not go back to being packed.
        if (command !== 'SET') {
          const sure = command === 'RPUSH' ? parts : [...parts].reverse();
          const big = Buffer.alloc(20_000, 'big');
          const many = Array.from({ length: 600 }, (_, i) => [`${NEVER_DRAWN}${i}`]);
          const filler =
            command === 'HSET'
              ? [[big, big]]
              : command === 'ZADD'
                ? [['1', big]]
                : command === 'SADD'
                  ? many
                  : [];
          await write('c', command, [...filler, ...sure]);
          const remove = { HSET: 'HDEL', ZADD: 'ZREM', SADD: 'SREM' }[command];
          if (remove) await send(remove, 'c', ...(command === 'SADD' ? many.flat() : [big]));
          expect(await hashOf('c')).toBe(hash);
        }

        const [, ...others] = parts;
        await write('d', command, [
          ...others,
          ...(others.length === 0 || command === 'SET'
            ? [
                command === 'ZADD'
                  ? ['7', NEVER_DRAWN]
                  : command === 'HSET'
                    ? [NEVER_DRAWN, '']
                    : [NEVER_DRAWN],
              ]
            : []),
        ]);
        expect(await hashOf('d')).not.toBe(hash);
      }),
      { numRuns: 60 },
    );
  });
});

test('a key that does not exist has none', async () => {
  expect(await hashOf('nothing')).toBe('-');
});
