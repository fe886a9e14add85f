import { afterEach } from '@jest/globals';
import type { AtfError } from '../src/errors.js';
import { type ConnectOptions, closeTarget, connectTarget } from '../src/redis/connect.js';
import type { Target } from '../src/redis/target.js';

/** Connections that are closed after each test. */
export function useTargets() {
  const targets: Target[] = [];
  const closeAll = () => {
    for (const target of targets.splice(0)) closeTarget(target);
  };
  afterEach(closeAll);
  return {
    closeAll,
    async connect(url: string, options: Partial<ConnectOptions> = {}): Promise<Target> {
      const target = await connectTarget(url, { name: 'test', ...options });
      targets.push(target);
      return target;
    },
    /** What a failure says. */
    refusalOf: (work: Promise<unknown>) =>
      work.then(
        () => Promise.reject(new Error('it was not refused')),
        ({ code, message, why, hint }: AtfError) => ({ code, message, why, hint }),
      ),
  };
}
