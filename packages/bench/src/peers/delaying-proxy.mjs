// A distant server: passes everything on late, and in its order. Each way takes half of the round trip, and up to the jitter more.
// node delaying-proxy.mjs SERVER_PORT ROUND_TRIP_MS JITTER_MS. Prints its port, and ends with its input.
import { connect, createServer } from 'node:net';

const [serverPort, roundTripMs, jitterMs] = process.argv.slice(2).map(Number);

function passOn(from, to) {
  const waiting = [];
  let lastDueAt = 0;
  from.on('data', (data) => {
    const now = performance.now();
    lastDueAt = Math.max(lastDueAt, now + roundTripMs / 2 + Math.random() * jitterMs);
    waiting.push(data);
    setTimeout(() => to.write(waiting.shift()), lastDueAt - now);
  });
  from.on('close', () => to.destroy());
  from.on('error', () => {});
}

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host: '127.0.0.1', port: serverPort, noDelay: true });
  passOn(client, upstream);
  passOn(upstream, client);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit()).resume();
