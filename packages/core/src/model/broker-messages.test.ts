import { RECORDING, readRecording } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MessageOwner, readQueuedMessage, readUnackedMessage } from './broker-messages.js';

const ID = 'df306b18-cd08-4e4c-89c1-be0d19697b10';
const EMBED = { callbacks: null, errbacks: null, chain: null, chord: null };

const base64 = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64');
/** A message of protocol 2. */
const message = (body: string, { task = 'summarize_text', encoding = 'base64' } = {}) => ({
  body,
  'content-type': 'application/json',
  headers: { task },
  properties: { body_encoding: encoding },
});
const mentionedIn = (text: string) => {
  const read = readQueuedMessage(text);
  return read.kind === 'readable' ? read.mentioned : undefined;
};

describe('readQueuedMessage', () => {
  test('finds the tasks in the recorded messages', async () => {
    const celery = (await readRecording()).flatMap((recorded) =>
      recorded.key === 'celery' && recorded.type === 'list' ? recorded.value : [],
    );
    const read = celery.map(readQueuedMessage);
    expect(read.every((one) => one.kind === 'readable' && one.owner === 'ours')).toBe(true);
    expect(read.flatMap((one) => (one.kind === 'readable' ? one.mentioned : [])).sort()).toEqual([
      ...RECORDING.pendingInBroker,
    ]);
  });

  test('reads a body that is not in base64', () => {
    const body = JSON.stringify([[ID], {}, EMBED]);
    expect(mentionedIn(JSON.stringify({ body }))).toEqual([ID]);
    expect(mentionedIn(JSON.stringify(message(body, { encoding: 'utf-8' })))).toEqual([ID]);
  });

  test('finds ids by name, nested, in what runs afterwards, and in other tasks', () => {
    const chain = [{ task: 'notify', args: ['later'], kwargs: {} }];
    const body = [[['nested']], { task_id: 'named' }, { ...EMBED, chain }];
    const text = JSON.stringify(message(base64(body), { task: 'extract_pdf' }));
    expect(readQueuedMessage(text)).toMatchObject({ kind: 'readable', owner: 'other' });
    expect(mentionedIn(text)).toEqual(expect.arrayContaining(['nested', 'named', 'later']));
  });

  test('reads protocol 1, which names the task in the body', () => {
    const body = base64({ task: 'summarize_text', id: 'message', args: [ID], kwargs: {} });
    const text = JSON.stringify({ body, headers: {}, properties: { body_encoding: 'base64' } });
    expect(readQueuedMessage(text)).toMatchObject({ kind: 'readable', owner: 'ours' });
    expect(mentionedIn(text)).toContain(ID);
  });

  test('names each string once', () => {
    expect(mentionedIn(JSON.stringify(message(base64([[ID, ID], {}, EMBED]))))).toEqual([ID]);
  });

  test.each(['gASVDwAAAAAAAACMBWhlbGxvlC4=', '', '?'])('says that it can not read the body %j', (body) => {
    expect(readQueuedMessage(JSON.stringify(message(body)))).toEqual({
      kind: 'opaque',
      owner: 'ours',
      routingKey: undefined,
      tag: undefined,
    });
  });

  test.each(['', 'garbage', ID, '{"body": "W10="', "{'body': ''}"])('cannot read the envelope %j', (text) => {
    expect(readQueuedMessage(text)).toEqual({ kind: 'unreadable' });
    expect(readUnackedMessage(text)).toEqual({ kind: 'unreadable' });
  });

  test.each<[MessageOwner, string, object?]>([
    ['ours', 'summarize_text'],
    ['ours', 'process_task'],
    ['ours', 'app.tasks.process_task'],
    ['celery', 'celery.chord_unlock'],
    ['other', 'mail.send'],
    ['other', 'summarize_texts'],
    ['other', 'process_task.other'],
    ['ours', 'mail.send', { chain: [{ task: 'process_task', args: [ID] }] }],
    ['ours', 'celery.accumulate', { callbacks: [{ kwargs: { tasks: [{ task: 'a.summarize_text' }] } }] }],
  ])('says that %s is whose task is %s, with %j after it', (owner, task, embed = {}) => {
    const text = JSON.stringify(message(base64([['x'], {}, { ...EMBED, ...embed }]), { task }));
    expect(readQueuedMessage(text)).toMatchObject({ kind: 'readable', owner });
  });

  test('says where Celery sent it, and that no task is named', () => {
    const properties = { delivery_tag: 't', delivery_info: { exchange: '', routing_key: 'llm' } };
    expect(readQueuedMessage(JSON.stringify({ body: '{}', headers: {}, properties }))).toEqual({
      kind: 'readable',
      owner: 'none',
      routingKey: 'llm',
      tag: 't',
      mentioned: [],
    });
  });

  test('reads NaN and Infinity in the envelope and in the body, as Python does', () => {
    const body = Buffer.from(`[["${ID}"], {"weight": -Infinity}, {}]`).toString('base64');
    const text = JSON.stringify(message(body)).replace(
      '"headers":{',
      '"headers":{"rate":NaN,"top":Infinity,',
    );
    expect(mentionedIn(text)).toContain(ID);
    expect(readUnackedMessage(`[${text}, "", "celery"]`)).toMatchObject({ kind: 'readable', owner: 'ours' });
  });

  test.each(['null', '3', '[]', '{}', '{"body":[]}', '[{"body":""}]'])(
    'takes %j for no message of Celery',
    (text) => {
      expect(readQueuedMessage(text)).toEqual({ kind: 'not-celery' });
    },
  );

  test('reads JSON of a hundred thousand levels', () => {
    const deep = `${'['.repeat(100_000)}"${ID}"${']'.repeat(100_000)}`;
    expect(mentionedIn(JSON.stringify({ body: deep }))).toEqual([ID]);
    expect(readQueuedMessage(deep)).toEqual({ kind: 'not-celery' });
    expect(readQueuedMessage('['.repeat(100_000))).toEqual({ kind: 'unreadable' });
  });

  test('reads a list of a million arguments', () => {
    const body = `[${'0,'.repeat(1_000_000)}"${ID}"]`;
    expect(mentionedIn(JSON.stringify({ body }))).toEqual([ID]);
  });

  test('finds an id among any arguments, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (id, other, properties) => {
        const body = base64([[other, id], {}, EMBED]);
        expect(mentionedIn(JSON.stringify(message(body)))).toContain(id);
        const kinds = ['readable', 'opaque', 'unreadable', 'not-celery'];
        expect(kinds).toContain(readQueuedMessage(id).kind);
        expect(kinds).toContain(
          readQueuedMessage(JSON.stringify({ body: id, headers: other, properties })).kind,
        );
        expect(kinds).toContain(readUnackedMessage(JSON.stringify(other)).kind);
      }),
    );
  });
});

describe('readUnackedMessage', () => {
  test('reads the message in the triple', () => {
    const triple = [message(base64([[ID], {}, EMBED])), '', 'celery'];
    expect(readUnackedMessage(JSON.stringify(triple))).toEqual({
      kind: 'readable',
      owner: 'ours',
      routingKey: undefined,
      tag: undefined,
      mentioned: [ID],
    });
  });

  test('takes what is no triple for no message of Celery', () => {
    for (const text of ['[]', '{}', 'null', '["x","y","z"]', JSON.stringify(message(base64([[ID]])))]) {
      expect(readUnackedMessage(text)).toEqual({ kind: 'not-celery' });
    }
  });
});
