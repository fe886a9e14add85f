// Another client, as a program of its own: sends a PING every millisecond, one at a time, over a bare socket, and notes
// how long each answer takes. Each line on its input ends a stretch: it answers with the times of that stretch, in ms.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), noDelay: true });
let times = [];
let sentAt = 0;

function ping() {
  sentAt = performance.now();
  socket.write('PING\r\n');
}

socket.on('connect', ping);
socket.on('data', () => {
  times.push(performance.now() - sentAt);
  setTimeout(ping, 1);
});

createInterface({ input: process.stdin })
  .on('line', () => {
    process.stdout.write(`${JSON.stringify(times)}\n`);
    times = [];
  })
  .on('close', () => socket.destroy());
