import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RespFrames, wordsOf } from './resp-frames.js';

const FRAMES = [
  '+OK\r\n',
  '-ERR no\r\n',
  ':12\r\n',
  '$-1\r\n',
  '$0\r\n\r\n',
  '$6\r\na\r\nb\r\n\r\n',
  '*-1\r\n',
  '*0\r\n',
  '*2\r\n$3\r\nGET\r\n$1\r\nx\r\n',
  '*3\r\n*2\r\n:1\r\n:2\r\n*0\r\n$2\r\n\r\n\r\n',
  '_\r\n',
  ',1.5\r\n',
  '#t\r\n',
  '(12345678901234567890\r\n',
  '=7\r\ntxt:abc\r\n',
  '!5\r\nERR x\r\n',
  '%2\r\n+a\r\n:1\r\n+b\r\n~1\r\n:2\r\n',
  '|1\r\n+ttl\r\n:9\r\n*1\r\n:1\r\n',
  '>2\r\n+invalidate\r\n*1\r\n$6\r\ntask:1\r\n',
];

test('a stream is cut into its frames, wherever its chunks end', () => {
  const property = fc.property(
    fc.array(fc.constantFrom(...FRAMES), { maxLength: 12 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
    (frames, sizes) => {
      const stream = Buffer.from(frames.join(''));
      const reader = new RespFrames();
      const read: string[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length]!;
        for (const { bytes } of reader.take(stream.subarray(at, at + size))) read.push(bytes.toString());
        at += size;
      }
      expect(read).toEqual(frames);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('a push of the server is distinguished from a reply', () => {
  const frames = new RespFrames().take(Buffer.from(FRAMES.join('')));
  expect(frames.filter(({ push }) => push).map(({ bytes }) => bytes.toString())).toEqual([FRAMES.at(-1)]);
});

test('a command has its words', () => {
  expect(wordsOf({ bytes: Buffer.from('*2\r\n$3\r\nGET\r\n$4\r\n\r\n\r\n\r\n') })).toEqual([
    'GET',
    '\r\n\r\n',
  ]);
  expect(wordsOf({ bytes: Buffer.from('+OK\r\n') })).toEqual([]);
});
