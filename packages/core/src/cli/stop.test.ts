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
  jest.runAllTimers();
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

  test.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)(
    'does not cut the connection because %s follows at once',
    (next) => {
      listen();
      process.emit(signal, signal);
      process.emit(next, next);
      jest.advanceTimersByTime(699);
      process.emit(next, next);
      expect(cut).not.toHaveBeenCalled();
      expect(stop.signal.reason).toMatchObject({ reason: signal });
    },
  );

  test('cuts the connection when it comes again 2 s later', () => {
    listen();
    process.emit(signal, signal);
    jest.advanceTimersByTime(1_999);
    process.emit(signal, signal);
    expect(cut).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    process.emit(signal, signal);
    expect(cut).toHaveBeenCalledTimes(2);
  });

  test('cuts the connection at once if --max-runtime is up already', () => {
    listen(1_000);
    jest.advanceTimersByTime(1_000);
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

  test('does not cut the connection if a signal came just before', () => {
    listen(1_000);
    jest.advanceTimersByTime(500);
    process.emit('SIGINT', 'SIGINT');
    jest.advanceTimersByTime(699);
    expect(cut).not.toHaveBeenCalled();
  });

  test('may be longer than a timer can be', () => {
    listen(2 ** 40);
    jest.advanceTimersByTime(86_400_000);
    expect(stop.signal.aborted).toBe(false);
  });
});

test('a run that has ended is stopped no more', () => {
  const listening = process.listenerCount('SIGINT');
  listen(1_000);
  stop.dispose();
  expect(process.listenerCount('SIGINT')).toBe(listening);
  process.emit('SIGINT', 'SIGINT');
  jest.advanceTimersByTime(10_000);
  expect([stop.signal.aborted, cut.mock.calls]).toEqual([false, []]);
});

test('a signal that comes again while the report is printed does not end the process, but one 2 s later does', () => {
  const listening = process.listenerCount('SIGINT');
  listen();
  process.emit('SIGINT', 'SIGINT');
  stop.dispose();
  jest.advanceTimersByTime(1_999);
  expect(process.listenerCount('SIGINT')).toBe(listening + 1);
  jest.advanceTimersByTime(1);
  expect(process.listenerCount('SIGINT')).toBe(listening);
});
