import { describe, expect, test } from '@jest/globals';
import { boundQueues } from './broker-bindings.js';

const named = (...members: string[]) =>
  boundQueues(members).map(({ queue, separator }) => [queue, separator]);

describe('a binding names its queue', () => {
  test.each([
    ['celery\x06\x16\x06\x16celery', 'celery', '\x06\x16'],
    ['\x06\x16\x06\x16w1@host.celery.pidbox', 'w1@host.celery.pidbox', '\x06\x16'],
    ['task.#\x06\x16^task\\..*?$\x06\x16fast lane', 'fast lane', '\x06\x16'],
    ['rk\x06\x16\x06\x16q:1', 'q:1', '\x06\x16'],
    ['llm||llm', 'llm', '|'],
    ['llm::::llm', 'llm', '::'],
    ['my queue!!my queue', 'my queue', '!'],
    ['rk||q:1', 'q:1', '|'],
    ['\xff\xfe\x06\x16\x06\x16\xff\xfe', '\xff\xfe', '\x06\x16'],
    ['aXXa', 'a', 'X'],
  ])('%j', (member, queue, separator) => {
    expect(named(member)).toEqual([[queue, separator]]);
  });

  test('with an unusual separator that another binding shows', () => {
    expect(named('llm|^llm.*$|fast', 'llm||llm')).toEqual([
      ['fast', '|'],
      ['llm', '|'],
    ]);
  });

  test.each(['', 'x', 'celery', '\x06\x16', 'a\x06\x16b', 'x'.repeat(5_000)])('but not %j', (member) => {
    expect(boundQueues([member])).toEqual([{ queue: member, separator: '\x06\x16', isSure: false }]);
  });
});
