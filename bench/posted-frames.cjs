// Loaded into Electron's main process before the program, by one benchmark only: notes how old each frame is when it has
// been posted to the window, and leaves the ages in a file when the program ends.
const { writeFileSync } = require('node:fs');
const { app, MessageChannelMain } = require('electron');

const { file, stampBytes, warmUpMs } = JSON.parse(process.env.CONVOY_POSTED_FRAMES);
const ages = new Float64Array(1_000_000);
let count = 0;
let countFrom = 0;

app.whenReady().then(() => {
  const ports = Object.getPrototypeOf(new MessageChannelMain().port1);
  const { postMessage } = ports;
  ports.postMessage = function post(message, transfer) {
    postMessage.call(this, message, transfer);
    if (message.type !== 'frame' || message.cached) return;
    const now = performance.now();
    countFrom ||= now + warmUpMs;
    if (now < countFrom || count === ages.length) return;
    const { buffer, byteOffset, byteLength } = message.data;
    const stamp = new DataView(buffer, byteOffset).getFloat64(byteLength - stampBytes, true);
    ages[count++] = performance.timeOrigin + now - stamp;
  };
});

process.on('exit', () => writeFileSync(file, JSON.stringify([...ages.subarray(0, count)])));
