import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { listenForStop, type Stop } from './stop.js';

let stop: Stop;
const cut = jest.fn();

const listen = (maxRuntimeMs?: number) => {
  stop = listenForStop(maxRuntimeMs);
  stop.onOverdue(cut);
};

beforeEach(() => {
  jest.useFakeTimers();
  cut.mockClear();
});
afterEach(() => {
  stop.dispose();
  jest.useRealTimers();
});

describe.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('stops the run, and cuts its connection 0.7 s later if the step under way has not ended', () => {
    listen();
    process.emit(signal, signal);
    expect(stop.signal.reason).toMatchObject({ code: 'STOPPED', reason: signal });
    jest.advanceTimersByTime(699);
    expect(cut).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(cut).toHaveBeenCalledTimes(1);
  });

  test('cuts the connection at once when it comes a second time', () => {
    listen();
    process.emit(signal, signal);
    process.emit(signal, signal);
    expect(cut).toHaveBeenCalledTimes(1);
  });
});

describe('--max-runtime', () => {
  test('stops the run when it is up, and cuts its connection 5 s later', () => {
    listen(60_000);
    jest.advanceTimersByTime(59_999);
    expect(stop.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(stop.signal.reason).toMatchObject({ code: 'STOPPED', reason: 'MAX_RUNTIME' });
    expect(cut).not.toHaveBeenCalled();
    jest.advanceTimersByTime(5_000);
    expect(cut).toHaveBeenCalledTimes(1);
  });

  test('may be longer than a timer can be', () => {
    listen(2 ** 40);
    jest.advanceTimersByTime(86_400_000);
    expect(stop.signal.aborted).toBe(false);
  });
});

test('a run that has ended is stopped no more', () => {
  listen(1_000);
  stop.dispose();
  process.emit('SIGINT');
  jest.advanceTimersByTime(10_000);
  expect([stop.signal.aborted, cut.mock.calls]).toEqual([false, []]);
});
